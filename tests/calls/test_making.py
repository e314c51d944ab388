"""Silence becomes one call: when, to whom, and how it is not needed any more."""

from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest

from openprotect.calls.actions import ask_for_call, cancel_open
from openprotect.calls.models import Attempt, Call
from openprotect.calls.rules import (
    AS_AGREED,
    CALLERS_WORDS,
    ENDS,
    HANDS_ON,
    IN_LEDGER,
    NEEDS_WORDS,
    Attempted,
    Consequence,
    consequence,
)
from openprotect.calls.rules.outcomes import FOLLOWS
from openprotect.checkins.actions import submit
from openprotect.checkins.chores import close_missed
from openprotect.checkins.models import Channel
from openprotect.enrolments.models import Enrolment
from openprotect.events.models import Event
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from openprotect.programmes.actions import adapt
from tests import given
from tests.checkins.saying import CALM
from tests.given import NOON
from tests.racing import at_once
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def missed(enrolment, days):
    """That many check-ins in a row, each closed by the clock and followed up."""
    for number in range(days):
        opens = NOON + (number - days) * DAY
        given.checkin(of=enrolment, due_on=opens.date(), opens_at=opens, closes_at=opens + DAY)
        close_missed(at=opens + DAY)
        follow_waiting(at=opens + DAY)


@pytest.mark.parametrize(("misses", "calls"), [(1, 0), (2, 1), (3, 1), (5, 1)])
def test_two_misses_become_one_call_and_more_add_none(worker, misses, calls):
    missed(given.enrolment(), misses)

    assert Call.objects.count() == calls
    assert Event.objects.filter(name="call.due").count() == calls


@pytest.mark.parametrize(("chosen", "misses", "calls"), [(1, 1, 1), (3, 2, 0), (3, 3, 1)])
def test_a_locality_may_ring_sooner_or_later(worker, chosen, misses, calls):
    with given.acting(given.user("LOCALITY", given.area().locality)) as viewer:
        programme, at = given.programme(), NOON - 9 * DAY
        adapt(programme, "misses_before_call", chosen, reason="why", viewer=viewer, at=at)

    missed(given.enrolment(), misses)

    assert Call.objects.count() == calls


def test_another_localitys_choice_does_not_count(worker):
    with given.acting(given.user("LOCALITY", given.locality("LO2"))) as viewer:
        programme, at = given.programme(), NOON - 9 * DAY
        adapt(programme, "misses_before_call", 1, reason="why", viewer=viewer, at=at)

    missed(given.enrolment(), 1)

    assert not Call.objects.exists()


def test_an_answer_between_breaks_the_silence(worker):
    enrolment = given.enrolment()
    missed(enrolment, 1)
    given.checkin(of=enrolment, status="ANSWERED", due_on=NOON.date())
    opens = NOON + DAY
    given.checkin(of=enrolment, due_on=opens.date(), opens_at=opens, closes_at=opens + DAY)
    close_missed(at=opens + DAY)

    follow_waiting(at=opens + DAY)

    assert not Call.objects.exists()


def test_a_call_is_due_at_once_and_says_why(worker):
    call = ask_for_call(given.checkin(), Call.Why.LINK_LOCKED, at=NOON)

    assert (call.status, call.why, call.due_at) == ("WAITING", "LINK_LOCKED", NOON)


@pytest.mark.parametrize("status", ["WAITING", "CLAIMED"])
def test_while_a_call_is_open_asking_again_finds_it(worker, status):
    held = {"claimed_by": given.user("CALLER"), "leased_until": NOON} if status != "WAITING" else {}
    call = given.call(status=status, **held)

    assert ask_for_call(call.checkin, Call.Why.SILENT, at=NOON) == call
    assert not Event.objects.exists()


def test_after_a_call_has_ended_there_may_be_another(worker):
    call = given.call(status="DONE", ended_at=NOON, outcome="REFUSED")

    assert ask_for_call(call.checkin, Call.Why.SILENT, at=NOON) != call


@pytest.mark.parametrize(
    "trait",
    [{"died_on": date(2026, 1, 1)}, {"is_restricted": True}, {"has_stopped_contact": True}],
    ids=["died", "restricted", "stopped"],
)
def test_who_may_not_be_contacted_is_not_rung(worker, trait):
    checkin = given.checkin(of=given.enrolment(of=given.person(**trait)))

    assert ask_for_call(checkin, Call.Why.SILENT, at=NOON) is None


def test_who_has_left_is_not_rung(worker):
    checkin = given.checkin()
    Enrolment.objects.update(status="LEFT", left_at=NOON, left_because="moved")
    checkin.refresh_from_db()

    assert ask_for_call(checkin, Call.Why.SILENT, at=NOON) is None


def test_after_the_legal_basis_has_ended_nobody_is_rung(worker):
    given.basis("covid-protect", ends_at=NOON - 3 * DAY)

    assert ask_for_call(given.checkin(), Call.Why.SILENT, at=NOON) is None
    assert not Person.objects.exists()


def test_an_answer_cancels_the_waiting_call(worker):
    call = given.call(of=given.checkin())

    submit(call.checkin, uuid4(), channel=Channel.WEB, at=NOON, answers=CALM)
    follow_waiting(at=NOON)

    call.refresh_from_db()
    assert (call.status, call.outcome) == (Call.Status.CANCELLED, "answered")


def test_a_call_that_a_call_handler_holds_is_theirs_to_end(worker):
    call = given.call(
        of=given.checkin(), status="CLAIMED", claimed_by=given.user("CALLER"), leased_until=NOON
    )

    cancel_open(call.person_id, call.programme_id, because="answered", at=NOON)

    call.refresh_from_db()
    assert call.status == Call.Status.CLAIMED


def test_cancelled_twice_it_is_said_once(worker):
    call = given.call()

    for _ in range(2):
        cancel_open(call.person_id, call.programme_id, because="answered", at=NOON)

    assert Event.objects.filter(name="call.cancelled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_four_at_once_it_is_one_call(worker_committing):
    checkin = given.checkin()

    at_once(*[lambda: ask_for_call(checkin, Call.Why.SILENT, at=NOON)] * 4)

    assert Call.objects.count() == Event.objects.filter(name="call.due").count() == 1


OUTCOMES = Attempt.Outcome.values
SPOKEN_TO = {
    "ANSWERED", "ON_BEHALF", "PARTLY", "REFUSED", "HANDED_OVER", "OPTED_OUT", "HOSPITAL",
    "SAFEGUARDING",
}  # fmt: skip


@pytest.mark.parametrize(("outcome", "attempts"), list(product(OUTCOMES, [1, 2, 3, 4])))
def test_what_follows_an_attempt(outcome, attempts):
    after = consequence(Attempted(outcome, attempts, most=3))

    if outcome in SPOKEN_TO:
        assert after == Consequence.DONE
    elif outcome in {"RESCHEDULED", "LANGUAGE"}:
        assert after == Consequence.AS_AGREED
    elif outcome in {"WRONG_NUMBER", "LINE_DEAD", "MOVED", "DIED"} or attempts >= 3:
        assert after == Consequence.HAND_ON
    else:
        assert after == Consequence.RING_AGAIN


def test_not_being_reached_is_never_the_end_of_it():
    silent = [each for each in OUTCOMES if each not in ENDS]

    assert silent
    assert all(consequence(Attempted(each, 99, most=3)) != Consequence.DONE for each in silent)


def test_every_word_of_the_rules_is_an_outcome_or_a_reason_that_exists():
    assert set(OUTCOMES) >= ENDS | HANDS_ON | AS_AGREED | NEEDS_WORDS.keys()
    assert set(OUTCOMES) == IN_LEDGER.keys() == FOLLOWS.keys()
    assert set(Call.Why.values) == CALLERS_WORDS.keys()


def test_the_database_refuses_two_open_calls_to_a_person(worker):
    call = given.call()

    with the_database_refuses("one_open_call_to_a_person"):
        given.call(of=call.checkin)


@pytest.mark.parametrize("part", [{}, {"leased_until": NOON}])
def test_the_database_refuses_a_claimed_call_that_nobody_holds(worker, part):
    with the_database_refuses("claimed_call_says_by_whom_until_when"):
        given.call(status="CLAIMED", **part)


@pytest.mark.parametrize(
    "trait",
    [
        {"status": "DONE"},
        {"status": "HANDED_ON", "ended_at": NOON},
        {"status": "CANCELLED", "outcome": "answered"},
        {"status": "WAITING", "ended_at": NOON},
    ],
)
def test_the_database_refuses_an_end_without_when_and_how(worker, trait):
    with the_database_refuses("ended_call_says_when_and_how"):
        given.call(**trait)


@pytest.mark.parametrize("role", ["CALLER", "PRACTICE", "SURVEILLANCE", "LEAD"])
def test_nobody_but_the_worker_makes_calls(worker, role):
    checkin = given.checkin(status="MISSED")

    with given.acting(given.user(role)), row_security_refuses():
        given.call(of=checkin)
