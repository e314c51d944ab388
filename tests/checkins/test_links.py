"""A personal link: opened by the right birth date, used up by nobody's looking, and silent else."""

from datetime import date, timedelta

import pytest

from openprotect.accounts.actions import acting_as
from openprotect.accounts.queries import answering
from openprotect.base.clock import now
from openprotect.calls.models import Call
from openprotect.checkins.actions import answer, enter, issue_link, link_is_usable
from openprotect.checkins.chores import report_locked_links
from openprotect.checkins.models import Channel, Checkin, Link
from openprotect.checkins.queries import pack_behind
from openprotect.enrolments.models import Reason
from openprotect.events.models import Event
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from tests import given
from tests.racing import at_once
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BORN, WRONG = date(1941, 3, 4), date(1950, 1, 1)


def asked(**given_):
    """A check-in open at this moment of the database's clock, for that is what a link goes by."""
    times = {"opens_at": now() - HOUR, "closes_at": now() + 20 * HOUR}
    return given.checkin(**{**times, **given_})


def link_to(checkin, *, valid_for=48 * HOUR):
    return issue_link(checkin, valid_for=valid_for, at=now())


def wrong_tries(token, times):
    return [enter(token, born=WRONG)[0] for _ in range(times)]


def snapshot():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Link, Checkin, Event, Person, Call)
    ]


def expired():
    return link_to(asked(), valid_for=-HOUR)


def link_where(model, **values):
    """A link whose circumstances have changed since it was sent."""
    token = link_to(asked())
    model.objects.update(**values)
    return token


UNUSABLE = {
    "unknown": lambda: given.random_token(),
    "cut off": lambda: link_to(asked())[:-1],
    "in capitals": lambda: link_to(asked()).swapcase(),
    "empty": lambda: "",
    "expired": expired,
    "answered": lambda: link_to(asked(status="ANSWERED")),
    "missed": lambda: link_to(asked(status="MISSED")),
    "not open yet": lambda: link_to(asked(status="DUE")),
    "cancelled": lambda: link_to(asked(status="CANCELLED")),
    "died": lambda: link_where(Person, died_on=date(2026, 1, 1)),
    "stopped": lambda: link_where(Person, has_stopped_contact=True),
    "restricted": lambda: link_where(Person, is_restricted=True),
    "no birth date": lambda: link_where(Person, birth_date=None),
    "paused": lambda: link_where(Programme, status="PAUSED"),
    "locked": lambda: link_where(Link, locked_at=now()),
}
every_unusable_link = pytest.mark.parametrize("state", UNUSABLE)


def with_a_basis_that_has_ended():
    given.basis("covid-protect", ends_at=now() - timedelta(seconds=1))
    return link_to(asked())


UNUSABLE["no legal basis"] = with_a_basis_that_has_ended


def test_the_right_birth_date_opens_the_check_in(worker):
    checkin = asked()

    entry, session = enter(link_to(checkin), born=BORN)

    assert entry == "open"
    with acting_as(session):
        assert (answering().checkin_id, answering().person_id) == (checkin.pk, checkin.person_id)


def test_by_a_link_one_sees_ones_own_check_in_and_nothing_about_anybody(worker):
    checkin, _ = asked(), asked()
    _, session = enter(link_to(checkin), born=BORN)

    with acting_as(session):
        assert [each.pk for each in Checkin.objects.all()] == [checkin.pk]
        assert not Person.objects.exists()
        assert not Reason.objects.exists()


def test_by_a_link_answers_to_somebody_elses_check_in_are_refused(worker):
    other = asked()
    _, session = enter(link_to(asked()), born=BORN)

    with acting_as(session), pytest.raises(Checkin.DoesNotExist):
        answer(other, "cough", "yes", channel=Channel.WEB, at=now())


def test_a_link_is_not_used_up_by_entering(worker):
    token = link_to(asked())

    assert [enter(token, born=BORN)[0] for _ in range(3)] == ["open"] * 3


@every_unusable_link
def test_a_link_that_cannot_be_used_says_one_word_and_gives_no_session(worker, state):
    token = UNUSABLE[state]()

    assert enter(token, born=BORN) == ("unusable", "")
    assert not link_is_usable(token)
    assert pack_behind(token) is None


@every_unusable_link
def test_trying_a_link_that_cannot_be_used_changes_nothing(worker, state):
    token = UNUSABLE[state]()
    before = snapshot()

    for born in (BORN, WRONG):
        enter(token, born=born)

    assert snapshot() == before


def test_looking_at_a_link_changes_nothing_however_often(worker):
    token = link_to(asked())
    before = snapshot()

    for _ in range(20):
        assert link_is_usable(token)
        assert pack_behind(token)

    assert snapshot() == before


def test_four_wrong_dates_may_be_put_right(worker):
    token = link_to(asked())

    assert wrong_tries(token, 4) == ["wrong"] * 4
    assert enter(token, born=BORN)[0] == "open"


def test_the_fifth_wrong_date_ends_the_link(worker):
    token = link_to(asked())

    assert wrong_tries(token, 5) == ["wrong"] * 4 + ["unusable"]
    assert enter(token, born=BORN) == ("unusable", "")


def test_no_date_at_all_is_a_wrong_one(worker):
    assert enter(link_to(asked()), born=None)[0] == "wrong"


def test_another_link_to_the_same_check_in_still_opens_it(worker):
    checkin = asked()
    wrong_tries(link_to(checkin), 5)

    assert enter(link_to(checkin), born=BORN)[0] == "open"


def test_who_could_not_get_in_is_rung_once(worker):
    checkin = asked()
    wrong_tries(link_to(checkin), 5)

    for _ in range(3):
        report_locked_links(at=now())
        follow_waiting(at=now())

    call = Call.objects.get()
    assert (call.checkin, call.why) == (checkin, Call.Why.LINK_LOCKED)
    assert Event.objects.filter(name="link.locked").count() == 1


def test_who_answered_after_all_is_not_rung_for_a_locked_link(worker):
    checkin = asked()
    wrong_tries(link_to(checkin), 5)
    Checkin.objects.update(status="ANSWERED", answered_at=now())

    report_locked_links(at=now())
    follow_waiting(at=now())

    assert not Call.objects.exists()


def test_after_it_has_closed_a_link_leads_nowhere_though_nobody_counted_the_miss(worker):
    token = link_to(asked(opens_at=now() - 24 * HOUR, closes_at=now() - HOUR))

    assert pack_behind(token) is None
    assert enter(token, born=BORN) == ("unusable", "")


def test_tokens_are_long_different_and_stored_as_digests_only(worker):
    checkin = asked()
    tokens = {link_to(checkin) for _ in range(50)}

    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens)
    stored = [bytes(each) for each in Link.objects.values_list("token_digest", flat=True)]
    assert not any(token.encode() in digest for token in tokens for digest in stored)


@pytest.mark.parametrize("role", ["PRACTICE", "CALLER", "SURVEILLANCE", "LEAD", "GOVERNANCE"])
def test_no_member_of_staff_reads_or_makes_a_link(worker, role):
    checkin = asked()
    link_to(checkin)

    with given.acting(given.user(role)):
        assert not Link.objects.exists()
        with row_security_refuses():
            link_to(checkin)


def test_the_basis_of_another_programme_does_not_open_a_link(worker):
    token = link_to(asked())
    given.basis("another")
    Programme.objects.update(purpose="of no basis")

    assert enter(token, born=BORN) == ("unusable", "")


@pytest.mark.django_db(transaction=True)
def test_of_eight_wrong_dates_at_once_only_five_are_looked_at(worker_committing):
    token = link_to(asked())

    said = at_once(*[lambda: enter(token, born=WRONG)[0]] * 8)

    assert sorted(said) == ["unusable"] * 4 + ["wrong"] * 4
    assert Link.objects.get().wrong_tries == 5
