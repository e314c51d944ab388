"""Planned, opened and missed by the clock: each once, however late the worker is."""

from datetime import timedelta

import pytest

from openprotect.checkins.actions import cancel, miss, open_now, plan
from openprotect.checkins.chores import close_missed, open_due, plan_due
from openprotect.checkins.models import Checkin
from openprotect.checkins.queries import misses_in_a_row, silent_since, unanswered
from openprotect.checkins.rules import Slot
from openprotect.enrolments.models import Enrolment
from openprotect.events.models import Event
from openprotect.governance.models import LegalBasis
from openprotect.programmes.models import Programme
from tests import given
from tests.given import NOON
from tests.racing import at_once

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
pytestmark = pytest.mark.django_db
TODAY = Slot(NOON.date(), NOON - timedelta(hours=3), NOON + timedelta(hours=21))


def state(checkin):
    return Checkin.objects.get(pk=checkin.pk).status


def said(name):
    return Event.objects.filter(name=name).count()


def test_planned_twice_it_is_one_check_in(worker):
    enrolment = given.enrolment()

    assert plan(enrolment, TODAY) == plan(enrolment, TODAY)
    assert state(Checkin.objects.get()) == "DUE"


def test_a_planned_check_in_asks_the_version_in_force(worker):
    enrolment = given.enrolment()

    assert plan(enrolment, TODAY).pack == enrolment.programme.pack


def test_everyone_in_a_live_programme_is_planned_once_a_day(worker):
    given.enrolment()
    given.enrolment()

    for _ in range(3):
        plan_due(at=NOON)

    assert Checkin.objects.count() == 2


def test_days_of_rounds_plan_one_check_in_for_each_day(worker):
    given.enrolment(active_from=NOON)

    for hours in range(0, 73, 8):
        plan_due(at=NOON + timedelta(hours=hours))

    assert Checkin.objects.filter(opens_at__gt=NOON).count() == 3


@pytest.mark.parametrize("status", ["PREVIEW", "VETOED"])
def test_who_is_not_in_the_programme_is_not_planned(worker, status):
    given.enrolment(active=False, status=status)

    assert plan_due(at=NOON) == 0


@pytest.mark.parametrize("status", ["DRAFT", "PAUSED", "CLOSED"])
def test_a_programme_that_does_not_run_plans_nobody(worker, status):
    given.enrolment()
    Programme.objects.update(status=status)

    assert plan_due(at=NOON) == 0


def test_without_a_legal_basis_nobody_is_planned(worker):
    given.basis("covid-protect", ends_at=NOON - DAY)
    given.enrolment()

    assert plan_due(at=NOON) == 0
    assert LegalBasis.objects.count() == 1


@pytest.mark.parametrize(
    ("later", "then"), [(-SECOND, "DUE"), (0 * SECOND, "OPEN"), (SECOND, "OPEN")]
)
def test_it_opens_at_its_instant_and_not_before(worker, later, then):
    checkin = given.checkin(status="DUE")

    open_due(at=checkin.opens_at + later)

    assert state(checkin) == then


@pytest.mark.parametrize(
    ("later", "then"), [(-SECOND, "OPEN"), (0 * SECOND, "MISSED"), (SECOND, "MISSED")]
)
def test_it_is_missed_at_its_close_and_not_before(worker, later, then):
    checkin = given.checkin()

    close_missed(at=checkin.closes_at + later)

    assert state(checkin) == then


@pytest.mark.parametrize(
    ("act", "status", "name"),
    [
        (open_now, "DUE", "checkin.opened"),
        (miss, "OPEN", "checkin.missed"),
        (lambda each, at: cancel(each, because="why", at=at), "OPEN", "checkin.cancelled"),
    ],
    ids=["opened", "missed", "cancelled"],
)
def test_done_twice_it_is_said_once(worker, act, status, name):
    checkin = given.checkin(status=status)

    for _ in range(2):
        act(checkin, at=NOON)

    assert said(name) == 1


@pytest.mark.parametrize("status", ["ANSWERED", "MISSED", "CANCELLED"])
@pytest.mark.parametrize("act", [open_now, miss])
def test_what_is_over_is_neither_opened_nor_missed(worker, act, status):
    checkin = given.checkin(status=status)

    act(checkin, at=NOON)

    assert state(checkin) == status
    assert not Event.objects.exists()


def test_an_answer_is_not_cancelled(worker):
    checkin = given.checkin(status="ANSWERED")

    cancel(checkin, because="contact stopped", at=NOON)

    assert state(checkin) == "ANSWERED"


def test_who_left_since_it_was_planned_is_not_asked(worker):
    checkin = given.checkin(status="DUE")
    Enrolment.objects.update(status="LEFT", left_at=NOON, left_because="moved")

    open_due(at=NOON)

    checkin.refresh_from_db()
    assert (checkin.status, checkin.ended_because) == ("CANCELLED", "no longer in the programme")


def test_what_was_not_asked_in_time_is_no_silence(worker):
    checkin = given.checkin(status="DUE")

    open_due(at=checkin.closes_at)

    checkin.refresh_from_db()
    assert (checkin.status, checkin.ended_because) == ("CANCELLED", "not asked in time")
    assert misses_in_a_row(checkin.enrolment_id) == 0


def test_what_was_planned_under_a_basis_that_ended_is_not_asked(worker):
    given.basis("covid-protect", ends_at=NOON - DAY)
    checkin = given.checkin(status="DUE")

    open_due(at=NOON)

    checkin.refresh_from_db()
    assert checkin.ended_because == "the legal basis has ended"


def history(*statuses):
    """An enrolment with check-ins on consecutive days, the oldest first."""
    enrolment = given.enrolment()
    for days, status in enumerate(statuses):
        opens = NOON + (days - len(statuses)) * DAY
        given.checkin(
            of=enrolment, status=status, due_on=opens.date(), opens_at=opens, closes_at=opens + DAY
        )
    return enrolment


@pytest.mark.parametrize(
    ("statuses", "misses"),
    [
        ([], 0),
        (["OPEN"], 0),
        (["MISSED"], 1),
        (["MISSED", "MISSED"], 2),
        (["MISSED", "MISSED", "OPEN"], 2),
        (["MISSED", "ANSWERED"], 0),
        (["ANSWERED", "MISSED"], 1),
        (["MISSED", "ANSWERED", "MISSED", "MISSED"], 2),
        (["MISSED", "CANCELLED", "MISSED"], 2),
    ],
)
def test_misses_in_a_row_are_those_since_the_last_answer(worker, statuses, misses):
    assert misses_in_a_row(history(*statuses).pk) == misses


def test_misses_of_somebody_else_do_not_count(worker):
    history("MISSED", "MISSED")

    assert misses_in_a_row(history("MISSED").pk) == 1


@pytest.mark.parametrize(
    ("statuses", "days_ago"),
    [
        (["ANSWERED"], None),
        (["MISSED", "MISSED"], 2),
        (["MISSED", "ANSWERED", "MISSED", "MISSED", "OPEN"], 3),
    ],
)
def test_a_silence_begins_with_the_first_miss_since_the_last_answer(worker, statuses, days_ago):
    expected = days_ago and NOON - days_ago * DAY

    assert silent_since(history(*statuses).pk) == expected


@pytest.mark.parametrize(
    ("statuses", "days_ago"),
    [(["MISSED", "OPEN"], 1), (["MISSED", "MISSED", "CANCELLED"], 2), (["ANSWERED"], None)],
)
def test_a_call_answers_the_latest_asking_that_still_takes_answers(worker, statuses, days_ago):
    found = unanswered(history(*statuses))

    assert (found and found.due_on) == (days_ago and (NOON - days_ago * DAY).date())


@pytest.mark.django_db(transaction=True)
def test_opened_by_four_workers_at_once_it_is_said_once(worker_committing):
    given.checkin(status="DUE")

    at_once(*[lambda: open_due(at=NOON)] * 4)

    assert said("checkin.opened") == 1


@pytest.mark.django_db(transaction=True)
def test_planned_by_four_workers_at_once_it_is_one_check_in(worker_committing):
    given.enrolment()

    outcomes = at_once(*[lambda: plan_due(at=NOON)] * 4)

    assert Checkin.objects.count() == 1
    assert sorted(outcomes) == [0, 0, 0, 1]
