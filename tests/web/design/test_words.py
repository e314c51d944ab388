"""Time, numbers and names in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprotect.web.design import words

NOW = datetime(2026, 5, 5, 13, 10, tzinfo=UTC)  # a Tuesday, 14:10 in London


def after(**length):
    return NOW + timedelta(**length)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (after(minutes=25), "due in 25 min (14:35)"),
        (after(seconds=20), "due in 1 min (14:10)"),
        (after(hours=2), "due in 2 h (16:10)"),
        (after(hours=3, minutes=59, seconds=55), "due in 4 h (18:09)"),
        (after(hours=13), "due tomorrow at 03:10"),
        (after(days=2), "due on Thursday at 14:10"),
        (after(days=30), "due on 4 June 2026"),
        (after(minutes=-20), "overdue by 20 min (13:50)"),
        (after(hours=-3), "overdue by 3 h (11:10)"),
        (after(hours=-13), "overdue since today at 01:10"),
        (after(days=-1), "overdue since yesterday at 14:10"),
        (after(days=-3), "overdue since Saturday"),
        (after(days=-30), "overdue since 5 April 2026"),
    ],
)
def test_when_something_is_due_is_said_as_people_say_it(at, said):
    assert words.due(at, NOW) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "just now (14:10)"),
        (after(minutes=-5), "5 min ago (14:05)"),
        (after(hours=-2), "2 h ago (12:10)"),
        (after(hours=-13), "today at 01:10"),
        (after(days=-1), "yesterday at 14:10"),
        (after(days=-2), "Sunday at 14:10"),
        (after(days=-30), "5 April 2026 at 14:10"),
        (after(days=2), "7 May 2026 at 14:10"),
    ],
)
def test_when_something_happened_is_said_as_people_say_it(at, said):
    assert words.ago(at, NOW) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (date(2026, 5, 2), "3 days silent"),
        (date(2026, 5, 4), "1 day silent"),
        (date(2026, 5, 5), "heard from today"),
        (after(days=-3), "3 days silent"),
    ],
)
def test_silence_is_counted_in_days(since, said):
    assert words.silent(since, NOW) == said


def test_a_day_belongs_to_london_and_not_to_greenwich():
    just_after_midnight_in_london = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)

    assert words.day(just_after_midnight_in_london) == "5 May 2026"


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        words.clock(NOW.replace(tzinfo=None))


def test_a_person_is_one_year_older_on_the_birthday_and_not_before():
    assert words.age(date(1941, 5, 5), NOW) == 85
    assert words.age(date(1941, 5, 6), NOW) == 84


def test_numbers_are_spaced_as_they_are_read_aloud():
    assert words.nhs_number("9991234567") == "999 123 4567"
    assert words.nhs_number("not yet known") == "not yet known"
    assert words.phone("+447700900123") == "07700 900123"
    assert words.phone("01603 629 123") == "01603 629123"
    assert words.phone("ask the warden") == "ask the warden"


def test_one_thing_and_many_things_have_their_own_words():
    assert words.plural(1, "person", "people") == "1 person"
    assert words.plural(1204, "person", "people") == "1,204 people"
    assert words.weekday(NOW) == "Tuesday 5 May"
    assert words.sentence("due on Friday") == "Due on Friday"
    assert words.sentence("") == ""


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)))
def test_what_is_late_is_always_called_overdue_and_nothing_else_is(left):
    at = NOW + left

    assert words.due(at, NOW).startswith("overdue") is words.is_overdue(at, NOW)
