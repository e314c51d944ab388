"""Our own texts and calls ask the ledger like anybody: there is no second way to be in contact."""

from datetime import timedelta

import pytest

from openprotect.base import clock
from openprotect.calls.actions import claim_next, put_back, record_outcome
from openprotect.calls.models import Attempt, Call
from openprotect.contacts import actions as contacts
from openprotect.contacts.models import Claim
from openprotect.messages.models import Message
from openprotect.messages.rules import Undeliverable
from tests import given
from tests.contacts.asking import DAY, HOUR, body_asks, council, spoke
from tests.given import NOON
from tests.messages.sending import SILENCE, send, state
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db


def claims(subject):
    return list(Claim.objects.filter(subject_id=subject.pk).values_list("status", "outcome"))


def test_a_text_that_is_sent_is_in_the_ledger(worker):
    message = given.message()

    send(given.Outbox())

    assert claims(message) == [("MADE", "SENT")]


def test_a_text_that_the_provider_never_takes_gives_its_turn_back(worker):
    message = given.message()

    send(given.Outbox(Undeliverable("not a mobile number")))

    assert claims(message) == [("RELEASED", "")]


def test_a_text_whose_fate_is_not_known_yet_keeps_its_turn(worker):
    message = given.message()

    send(given.Outbox(SILENCE))

    assert (state(message), claims(message)) == (Message.Status.SENDING, [("HELD", "")])


def test_a_text_over_the_cap_waits_and_goes_when_its_time_has_come(worker):
    contacts.set_limit("CAP", "TEXT", most=1, hours=1, set_by="Lead", because="test", at=NOON)
    first = given.message()
    second = given.message(of=given.checkin(of=first.person.enrolments.get(), due_on=NOON - DAY))
    outbox = given.Outbox()

    send(outbox)
    assert len(outbox.texts) == 1

    send(outbox, at=NOON + HOUR)
    assert len(outbox.texts) == 2
    assert state(second) == Message.Status.SENT


def test_a_death_refuses_a_text_before_the_ledger_is_asked(worker):
    message = given.message()
    given.Person.objects.filter(pk=message.person_id).update(died_on=NOON.date())

    send(given.Outbox())

    assert claims(message) == []


# What a call handler may see hangs on the database's own clock: these happen now.


@pytest.fixture
def caller(worker):
    return given.user("CALLER")


def claimed(caller, *, later=timedelta(0)):
    with given.acting(caller) as viewer:
        return claim_next(viewer=viewer, at=viewer.at + later)


def reached_by_the_council(call, *, ago=timedelta(0), outcome="SPOKE"):
    at = clock.now() - ago
    spoke(body_asks(call.person.nhs_number, at=at), at=at, outcome=outcome)


def test_nobody_is_rung_whom_the_council_spoke_to_yesterday(caller):
    call, other = given.call(due_at=NOON - HOUR), given.call()
    reached_by_the_council(call, ago=DAY)

    assert claimed(caller).pk == other.pk

    call.refresh_from_db()
    assert call.status == Call.Status.WAITING
    assert DAY - HOUR < call.due_at - clock.now() <= DAY


def test_a_call_that_was_put_off_is_rung_when_the_window_is_over(caller):
    call = given.call()
    reached_by_the_council(call, ago=2 * DAY - HOUR)
    assert claimed(caller) is None

    assert claimed(caller, later=HOUR).pk == call.pk


def test_whom_the_council_did_not_reach_is_rung(caller):
    call = given.call()
    reached_by_the_council(call, outcome="NO_ANSWER")

    assert claimed(caller).pk == call.pk


def test_somebody_with_an_urgent_alert_is_rung_whoever_spoke_to_them(caller):
    call = given.call()
    reached_by_the_council(call)
    given.alert(of=call.enrolment, urgency=1)

    assert claimed(caller).pk == call.pk


def test_while_a_call_is_in_hand_the_council_is_told_that_it_is_covered(caller):
    call = given.call()
    claimed(caller)

    answered = body_asks(call.person.nhs_number, body=council(), at=clock.now())

    assert (answered.answer, answered.covered_by) == ("COVERED", call.programme.title)


@pytest.mark.parametrize(
    ("outcome", "in_ledger"),
    [("NO_ANSWER", "NO_ANSWER"), ("RESCHEDULED", "SPOKE"), ("WRONG_NUMBER", "WRONG_DETAILS")],
)
def test_every_attempt_is_in_the_ledger(caller, outcome, in_ledger):
    call = given.call()
    held = claimed(caller)

    with given.acting(caller) as viewer:
        record_outcome(held, Attempt.Outcome(outcome), note="", viewer=viewer, at=viewer.at)

    assert claims(call) == [("MADE", in_ledger)]


def test_a_call_given_back_unrung_gives_its_turn_back(caller):
    call = given.call()
    held = claimed(caller)

    with given.acting(caller) as viewer:
        put_back(held, viewer=viewer, at=viewer.at)

    assert claims(call) == [("RELEASED", "")]


def test_a_call_handler_cannot_ask_about_a_call_that_is_not_theirs(caller):
    call = given.call()

    with row_security_refuses(), given.acting(caller) as viewer:
        contacts.claim(
            call.person, programme_id=call.programme_id, subject_id=call.pk, channel="CALL",
            topic="welfare", hold_for=HOUR, at=viewer.at,
        )  # fmt: skip
