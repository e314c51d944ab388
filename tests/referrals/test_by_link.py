"""One task by link: no account, a code to the known mailbox or phone, and nothing but the task."""

from datetime import timedelta

import pytest

from openprotect.accounts.actions import acting_as
from openprotect.accounts.queries import viewer as who_is_there
from openprotect.alerts.models import Alert
from openprotect.base.refusals import Refused
from openprotect.messages.rules import TryLater, Undeliverable
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from openprotect.referrals.actions import accept, finish, offer, withdraw
from openprotect.referrals.actions.linking import (
    NoSuchTask,
    WrongCode,
    ask_for_code,
    is_task,
    open_task,
    set_mailbox,
)
from openprotect.referrals.chores import send_notices
from openprotect.referrals.models import Notice, Referral, TaskLink
from openprotect.referrals.queries import to_chase, visible_to
from tests import given
from tests.places.given import team as a_team
from tests.referrals.given import referral as a_referral
from tests.referrals.test_asking import team

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PHONE = "+447700900456"


@pytest.fixture
def outbox():
    return given.Outbox()


def by_link(**traits):
    """A referral by link, told to the council's phone."""
    alert = given.alert(by=team("surveillance"), kind="social", **traits)
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        set_mailbox(team("council"), email="", phone=PHONE, viewer=viewer, at=viewer.at)
        made = offer(
            alert, team("council"), what="Shopping", how="LINK", viewer=viewer, at=viewer.at
        )
    follow_waiting(at=viewer.at)
    return made, viewer.at


def sent(outbox, at):
    """What was sent now: the newest words."""
    send_notices(at=at, postbox=outbox, address=lambda token: f"https://x/task/{token}/")
    return list(outbox.texts.values())[-1]


def token_in(words):
    return words.split("/task/")[1].split("/")[0]


def code_in(words):
    return words.split("Your code is ")[1][:6]


def opened(outbox):
    made, at = by_link()
    token = token_in(sent(outbox, at)[1])
    ask_for_code(token)
    with given.as_worker():
        code = code_in(sent(outbox, at + MINUTE)[1])
    return made, token, open_task(token, code)


def test_the_team_is_told_where_it_is_known_and_nothing_of_the_person(worker, outbox):
    made, at = by_link()

    to, words = sent(outbox, at)

    made.refresh_from_db()
    assert to == PHONE
    assert made.person.family_name not in words
    assert "Shopping" not in words
    assert made.delivered_at == at


def test_link_and_code_open_the_one_task(worker, outbox):
    made, _, session = opened(outbox)

    with acting_as(session):
        viewer = who_is_there()
        (task,) = visible_to(viewer)
        assert task == made
        accept(task, viewer=viewer, at=viewer.at)
        finish(task, "GIVEN", note="Done", viewer=viewer, at=viewer.at)

    made.refresh_from_db()
    assert (made.status, made.ended_by.name) == ("DONE", f"{team('council').name} (by link)")


def test_a_session_by_link_sees_nobody_and_no_other_task(worker, outbox):
    _, _, session = opened(outbox)
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        other = given_elsewhere(viewer)

    with acting_as(session):
        assert not Person.objects.exists()
        assert not Alert.objects.exists()
        assert other not in Referral.objects.all()
        assert Referral.objects.count() == 1


def given_elsewhere(viewer):
    with given.as_worker():
        alert = given.alert(by=team("surveillance"))
    return a_referral(alert, by_id=viewer.user_id)


def test_a_link_alone_opens_nothing(worker, outbox):
    _, at = by_link()
    token = token_in(sent(outbox, at)[1])

    with pytest.raises(WrongCode):
        open_task(token, "")
    with pytest.raises(WrongCode):
        open_task(token, "123456")


def test_the_fifth_wrong_code_ends_it_even_for_the_right_one(worker, outbox):
    _, at = by_link()
    token = token_in(sent(outbox, at)[1])
    ask_for_code(token)
    code = code_in(sent(outbox, at + MINUTE)[1])
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        with pytest.raises(WrongCode):
            open_task(token, wrong)

    with pytest.raises(WrongCode):
        open_task(token, code)


def test_a_code_is_used_once(worker, outbox):
    _, at = by_link()
    token = token_in(sent(outbox, at)[1])
    ask_for_code(token)
    code = code_in(sent(outbox, at + MINUTE)[1])
    open_task(token, code)

    with pytest.raises(WrongCode):
        open_task(token, code)


def test_three_codes_an_hour_and_no_more(worker, outbox):
    _, at = by_link()
    token = token_in(sent(outbox, at)[1])
    for minutes in range(3):
        assert ask_for_code(token) == "a phone ending in 456"
        sent(outbox, at + (minutes + 1) * MINUTE)

    with pytest.raises(Refused, match="Three codes"):
        ask_for_code(token)


def test_asked_for_twice_before_it_is_sent_it_is_one_code(worker, outbox):
    _, at = by_link()
    token = token_in(sent(outbox, at)[1])

    ask_for_code(token)
    ask_for_code(token)

    assert Notice.objects.filter(kind="CODE").count() == 1


@pytest.mark.parametrize("state", ["unknown", "old", "done", "basis ended"])
def test_a_link_that_cannot_be_used_says_no_more_than_that(worker, outbox, state):
    made, at = by_link()
    token = token_in(sent(outbox, at)[1])
    if state == "unknown":
        token = given.random_token()
    if state == "old":
        TaskLink.objects.update(expires_at=at - MINUTE)
    if state == "done":
        with given.acting(given.user("PARTNER", given.area().council)) as viewer:
            finish(made, "GIVEN", note="", viewer=viewer, at=at)
    if state == "basis ended":
        given.programme().__class__.objects.update(purpose="something else")

    assert not is_task(token)
    with pytest.raises(NoSuchTask):
        ask_for_code(token)
    with pytest.raises(NoSuchTask):
        open_task(token, "123456")


def test_what_cannot_be_delivered_is_to_be_chased(worker):
    made, at = by_link()
    send_notices(at=at, postbox=given.Outbox(Undeliverable("no such number")), address=str)

    made.refresh_from_db()
    assert made.delivered_at is None
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        assert list(to_chase(viewer)) == [made]


def test_a_silent_provider_is_tried_again(worker):
    made, at = by_link()
    outbox = given.Outbox(TryLater(), TryLater())
    for minutes in (0, 5, 10, 15):
        send_notices(at=at + minutes * MINUTE, postbox=outbox, address=str)

    made.refresh_from_db()
    assert made.delivered_at is not None
    assert Notice.objects.get().attempts == 3


def test_sent_before_the_answer_was_lost_it_is_not_sent_again(worker):
    made, at = by_link()
    outbox = given.Outbox("accepted, then silence")
    for minutes in (0, 5, 10):
        send_notices(at=at + minutes * MINUTE, postbox=outbox, address=str)

    made.refresh_from_db()
    assert outbox.posts == 1
    assert made.delivered_at is not None
    assert TaskLink.objects.count() == 1


def test_what_was_taken_back_is_not_told(worker, outbox):
    made, at = by_link()
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        withdraw(made, because="Not needed", viewer=viewer, at=at)

    send_notices(at=at, postbox=outbox, address=str)

    assert not outbox.texts
    assert Notice.objects.get().status == "CANCELLED"


def test_another_team_of_the_council_has_its_own_link_user(worker, outbox):
    a_team("charity", given.area().council)
    made, _, session = opened(outbox)

    with acting_as(session):
        assert who_is_there().name == f"{made.to_team.name} (by link)"
