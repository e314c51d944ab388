"""The week ahead from what is due and how people behaved, against a count made by hand."""

from datetime import timedelta
from itertools import pairwise

import pytest

from openprotect.calls.models import Call
from openprotect.floor.queries.forecast import forecast
from tests import given
from tests.floor.given_floor import HOUR, on_shift
from tests.given import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(worker):
    return given.user("SUPERVISOR")


def ahead(boss):
    with given.acting(boss) as viewer:
        return forecast(viewer, given.programme())


def past(silent):
    """A check-in that closed a week ago, with a call where it ended in silence."""
    closed = given.checkin(
        status="MISSED" if silent else "ANSWERED", due_on=NOON.date() - timedelta(days=9),
        opens_at=NOON - timedelta(days=9), closes_at=NOON - timedelta(days=7),
    )  # fmt: skip
    closed.enrolment.status = "LEFT"
    closed.enrolment.left_at, closed.enrolment.left_because = NOON, "moved"
    closed.enrolment.save()
    if silent:
        given.call(
            of=closed, status="DONE", ended_at=NOON, outcome="NO_ANSWER", attempts=2
        )  # fmt: skip


def test_expected_calls_are_closing_check_ins_by_share_by_attempts(boss):
    for silent in (True, False, False, False):
        past(silent)
    with given.acting(boss) as viewer:
        soon = viewer.at + 26 * HOUR
    given.checkin(opens_at=NOON, closes_at=soon)

    found = ahead(boss)

    assert (found.share, found.silent, found.closed, found.attempts) == (0.25, 1, 4, 2)
    hours = [each for day in found.days for each in day.hours]
    every_day = [each for each in hours if each.due]
    assert every_day[0].starts_at <= soon < every_day[0].starts_at + HOUR
    assert {each.due for each in every_day} == {1}
    assert every_day[0].calls == pytest.approx(1 * 0.25 * 2)
    gaps = {b.starts_at - a.starts_at for a, b in pairwise(every_day)}
    assert gaps <= {timedelta(days=given.covid_protect().cadence.every_days)}


def test_what_waits_already_stands_in_the_first_hour(boss):
    given.call(due_at=NOON - HOUR)

    found = ahead(boss)

    first, *later = (each for day in found.days for each in day.hours)
    assert (first.queued, sum(each.queued for each in later)) == (1, 0)
    assert first.calls >= 1


def test_staffed_hours_stand_beside_the_calls(boss):
    on_shift(boss, given.user("CALLER"), hours=2, pace=5)

    found = ahead(boss)

    staffed = sum(each.staffed for day in found.days for each in day.hours)
    assert found.has_rota
    assert 10 <= staffed <= 15  # two hours to come, and what is gone of this one
    assert found.days[-1].staffed == 0


def test_without_a_rota_nothing_is_said_of_staff(boss):
    found = ahead(boss)

    assert not found.has_rota
    assert {each.staffed for day in found.days for each in day.hours} == {None}
    assert len(found.days) == 7


def test_a_week_with_nothing_in_it_expects_nothing(boss):
    assert sum(day.calls for day in ahead(boss).days) == 0
    assert not Call.objects.exists()
