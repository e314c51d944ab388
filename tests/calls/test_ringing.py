"""One call handler at a time holds a call, and what comes of ringing is never lost."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.alerts.models import Alert
from openprotect.base.refusals import Refused
from openprotect.calls.actions import claim_next, put_back, record_outcome
from openprotect.calls.models import Attempt, Call, Draft
from openprotect.calls.queries import floor, next_due_at, visible_to
from openprotect.calls.rules import LEASE, RING_AGAIN_AFTER, Consequence, NotYourCall
from openprotect.checkins.actions import submit
from openprotect.checkins.models import Channel, Checkin
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from tests import given
from tests.checkins.saying import CALM
from tests.given import NOON
from tests.racing import at_once
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
Outcome = Attempt.Outcome


def claimed(caller, *, later=0 * SECOND):
    with given.acting(caller) as viewer:
        return claim_next(viewer=viewer, at=viewer.at + later)


def recorded(caller, call, outcome, *, note="Her daughter said so", later=0 * SECOND):
    with given.acting(caller) as viewer:
        return record_outcome(call, outcome, note=note, viewer=viewer, at=viewer.at + later)


def rung(outcome, **given_):
    """A call that was rung once with this outcome, and what followed."""
    call, caller = given.call(**given_), given.user("CALLER")
    after = recorded(caller, claimed(caller), outcome)
    follow_waiting(at=NOON + DAY)
    call.refresh_from_db()
    return call, after


def said(name):
    return Event.objects.filter(name=name).count()


def test_a_call_is_claimed_under_a_lease(worker):
    given.call()
    caller = given.user("CALLER")

    with given.acting(caller) as viewer:
        call = claim_next(viewer=viewer, at=viewer.at)

    assert (call.status, call.claimed_by_id) == (Call.Status.CLAIMED, caller.pk)
    assert call.leased_until == viewer.at + LEASE


def test_with_nothing_due_there_is_nothing_to_claim(worker):
    given.call(due_at=NOON + 3 * DAY)

    assert claimed(given.user("CALLER")) is None


def test_the_call_that_is_due_longest_comes_first(worker):
    given.call(due_at=NOON - DAY)
    first = given.call(due_at=NOON - 2 * DAY)

    assert claimed(given.user("CALLER")) == first


def test_asking_again_gives_the_call_in_hand_and_says_it_once(worker):
    given.call(due_at=NOON - DAY)
    given.call(due_at=NOON - DAY)
    caller = given.user("CALLER")

    assert claimed(caller) == claimed(caller)
    assert said("call.claimed") == 1


def test_the_next_call_handler_gets_another_call(worker):
    given.call(due_at=NOON - DAY)
    given.call(due_at=NOON - DAY)

    assert claimed(given.user("CALLER")) != claimed(given.user("CALLER"))


def test_a_call_in_hand_is_given_to_nobody_else(worker):
    given.call(due_at=NOON - DAY)
    claimed(given.user("CALLER"))

    assert claimed(given.user("CALLER"), later=LEASE - SECOND) is None


def test_when_its_time_is_over_it_goes_to_the_next(worker):
    call = given.call(due_at=NOON - DAY)
    first, second = given.user("CALLER"), given.user("CALLER")
    claimed(first)

    assert claimed(second, later=LEASE + SECOND) == call
    with pytest.raises(NotYourCall, match=second.name):
        recorded(first, call, Outcome.NO_ANSWER, later=LEASE + SECOND)


def test_a_call_turns_to_the_latest_asking_it_can_answer(worker):
    call = given.call(due_at=NOON - DAY)
    latest = given.checkin(of=call.enrolment, due_on=NOON.date() + DAY)

    assert claimed(given.user("CALLER")).checkin == latest
    assert Call.objects.get().checkin == latest


def test_claiming_shows_one_person_and_notes_it(worker):
    call = given.call(due_at=NOON - DAY)
    given.call(due_at=NOON - DAY + SECOND)
    caller = given.user("CALLER")
    claimed(caller)

    with given.acting(caller) as viewer:
        assert [each.pk for each in Person.objects.all()] == [call.person_id]
        assert [each.pk for each in visible_to(viewer)] == [call.pk]
    assert Access.objects.filter(what="calls.claim", person_id=call.person_id).count() == 1


def test_put_back_it_waits_again_and_is_out_of_sight(worker):
    call, caller = given.call(due_at=NOON - DAY), given.user("CALLER")
    claimed(caller)

    with given.acting(caller) as viewer:
        put_back(call, viewer=viewer, at=viewer.at)
        assert not Person.objects.exists()

    call.refresh_from_db()
    assert (call.status, call.claimed_by, call.attempts) == ("WAITING", None, 0)


def test_what_one_does_not_hold_one_cannot_put_back_or_end(worker):
    call, other = given.call(due_at=NOON - DAY), given.user("CALLER")
    claimed(given.user("CALLER"))

    with given.acting(other) as viewer:
        with pytest.raises(NotYourCall):
            put_back(call, viewer=viewer, at=viewer.at)
        with pytest.raises(NotYourCall):
            record_outcome(call, Outcome.NO_ANSWER, note="", viewer=viewer, at=viewer.at)


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.VOICEMAIL])
def test_nobody_reached_it_is_rung_again_later(worker, outcome):
    call, after = rung(outcome)

    assert after == Consequence.RING_AGAIN
    assert (call.status, call.attempts, call.claimed_by) == ("WAITING", 1, None)
    assert call.due_at - Attempt.objects.get().at == RING_AGAIN_AFTER
    assert said("call.not_reached") == 1


def test_after_the_last_attempt_the_locality_takes_over(worker):
    call, after = rung(Outcome.NO_ANSWER, attempts=2)

    alert = Alert.objects.get()
    assert (after, call.status) == (Consequence.HAND_ON, "HANDED_ON")
    assert (alert.rule, alert.kind, alert.source_id) == ("not-reached", "welfare", call.pk)
    assert alert.team.function == "locality"


def test_a_wrong_number_is_handed_on_at_once(worker):
    call, _ = rung(Outcome.WRONG_NUMBER)

    assert call.status == "HANDED_ON"
    assert "number we hold is wrong" in Alert.objects.get().reason


def test_a_death_told_on_the_phone_stops_contact_and_asks_for_confirmation(worker):
    call, _ = rung(Outcome.DIED)

    alert = Alert.objects.get()
    assert (alert.kind, alert.team.function) == ("data", "surveillance")
    assert "died" in alert.reason
    assert Person.objects.get().has_stopped_contact
    assert Person.objects.get().died_on is None
    assert call.status == "HANDED_ON"


def test_who_does_not_want_to_answer_today_is_left_in_peace(worker):
    call, after = rung(Outcome.REFUSED)

    assert (after, call.status) == (Consequence.DONE, "DONE")
    assert not Alert.objects.exists()


def test_an_emergency_that_was_only_heard_makes_somebody_look(worker):
    call, _ = rung(Outcome.HANDED_OVER)

    alert = Alert.objects.get()
    assert (alert.rule, alert.urgency) == ("emergency-call", 1)
    assert call.status == "DONE"


@pytest.mark.parametrize("outcome", [Outcome.HANDED_OVER, Outcome.DIED])
def test_what_nobody_should_have_to_guess_is_written_down(worker, outcome):
    given.call()
    caller = given.user("CALLER")

    with pytest.raises(Refused, match="Write who"):
        recorded(caller, claimed(caller), outcome, note="  ")

    assert not Attempt.objects.exists()


def test_spoken_to_means_that_the_answers_are_in(worker):
    given.call(of=given.checkin(status="MISSED"))
    caller = given.user("CALLER")

    with pytest.raises(Refused, match="send the answers first"):
        recorded(caller, claimed(caller), Outcome.ANSWERED)


def test_answered_on_the_phone_the_call_is_done_and_the_check_in_answered(worker):
    call, caller = given.call(of=given.checkin(status="MISSED")), given.user("CALLER")
    held = claimed(caller)
    with given.acting(caller) as viewer:
        submit(held.checkin, uuid4(), channel=Channel.PHONE, at=viewer.at, by=caller, answers=CALM)

    recorded(caller, held, Outcome.ANSWERED)
    follow_waiting(at=NOON + DAY)

    call.refresh_from_db()
    assert (call.status, call.outcome) == ("DONE", "ANSWERED")
    assert Checkin.objects.get().status == "ANSWERED"
    assert said("call.cancelled") == 0


def test_recorded_once_it_cannot_be_recorded_again(worker):
    given.call()
    caller = given.user("CALLER")
    held = claimed(caller)
    recorded(caller, held, Outcome.REFUSED)

    with pytest.raises(NotYourCall, match="already"):
        recorded(caller, held, Outcome.REFUSED)

    assert Attempt.objects.count() == 1


def test_the_floor_is_counted_without_naming_anybody(worker):
    given.call(due_at=NOON - DAY)
    given.call(due_at=NOON - DAY)
    later = given.call(due_at=NOON + 3 * DAY)
    caller = given.user("CALLER")
    claimed(caller)

    with given.acting(caller) as viewer:
        counts = floor(viewer)
        assert (counts.waiting, counts.in_call, counts.later) == (1, 1, 1)
        assert next_due_at(viewer.at) == later.due_at


@pytest.mark.parametrize("callers", [2, 4])
@pytest.mark.django_db(transaction=True)
def test_call_handlers_who_ask_at_once_get_different_calls(worker_committing, callers):
    for _ in range(callers - 1):
        given.call(due_at=NOON - DAY)
    people = [given.user("CALLER") for _ in range(callers)]

    got = at_once(*[lambda who=who: claimed(who) for who in people])

    held = [each.pk for each in got if each]
    assert len(held) == len(set(held)) == callers - 1
    assert said("call.claimed") == callers - 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_claims_one_call(worker_committing):
    for _ in range(3):
        given.call(due_at=NOON - DAY)
    caller = given.user("CALLER")

    got = at_once(*[lambda: claimed(caller)] * 3)

    assert len({each.pk for each in got}) == 1


def test_the_database_refuses_a_second_draft_of_one_call_handler(worker):
    given.call()
    caller = given.user("CALLER")
    held = claimed(caller)
    draft = {"call": held, "person_id": held.person_id, "by": caller, "at": NOON}

    with given.acting(caller):
        Draft.objects.create(**draft)
        with the_database_refuses("one_draft_of_a_call_handler"):
            Draft.objects.create(**draft)
