"""How the coming end of a legal basis is said aloud."""

from datetime import timedelta

import pytest

from openprotect.governance.rules import WARN_DAYS, days_left, warning
from tests.given import NOON

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("left", "days"),
    [(-DAY, 0), (0 * DAY, 0), (SECOND, 1), (DAY, 1), (DAY + SECOND, 2), (56 * DAY, 56)],
)
def test_a_day_that_has_begun_counts(left, days):
    assert days_left(NOON + left, NOON) == days


def test_far_from_the_end_nothing_is_said():
    assert warning(NOON + 57 * DAY, NOON) == ""


@pytest.mark.parametrize("days", WARN_DAYS)
def test_each_warning_is_reached_on_its_day_and_not_before(days):
    reached, before = warning(NOON + days * DAY, NOON), warning(NOON + (days + 1) * DAY, NOON)

    assert reached
    assert reached != before


def test_the_end_is_said_as_such():
    assert warning(NOON, NOON) == "It has ended"
