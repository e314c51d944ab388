"""When a team is reminded, how gently, and with which words."""

from datetime import UTC, datetime, timedelta

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.base.refusals import Refused
from openprotect.voices.rules import (
    WORDINGS,
    Last,
    Wait,
    check_wording,
    fill,
    is_working_time,
    next_step,
)

WEDNESDAY = datetime(2026, 6, 10, 10, tzinfo=UTC)
DAY = timedelta(days=1)
NUMBER = synthetic_number("somebody")


def wait(*, days=4, count=4, peers=10, clear=8, about="reviews"):
    return Wait(about, count, WEDNESDAY - days * DAY, peers, clear)


@pytest.mark.parametrize(
    ("last", "peers", "days", "expected"),
    [
        (None, 10, 4, "REMINDER"),
        (None, 10, 1, ""),
        (("REMINDER", 1), 10, 4, ""),
        (("REMINDER", 2), 10, 4, "COMPARISON"),
        (("REMINDER", 2), 4, 4, "ESCALATION"),
        (("COMPARISON", 1), 10, 9, ""),
        (("COMPARISON", 2), 10, 9, "ESCALATION"),
        (("ESCALATION", 9), 10, 20, ""),
    ],
)
def test_the_next_word_is_gentle_first_and_days_apart(last, peers, days, expected):
    known = Last(last[0], WEDNESDAY - last[1] * DAY) if last else None

    assert next_step(wait(days=days, peers=peers), known, at=WEDNESDAY) == expected


def test_nobody_is_compared_when_most_others_are_as_late():
    last = Last("REMINDER", WEDNESDAY - 3 * DAY)

    assert next_step(wait(clear=5), last, at=WEDNESDAY) == "ESCALATION"


def test_a_reminder_says_how_many_and_since_when():
    words = fill(WORDINGS["REMINDER"], wait(days=1), team="Elm team", at=WEDNESDAY)

    assert words.startswith("4 reviews are waiting since Tuesday.")
    assert "Elm team" not in words


def test_one_is_one_and_longer_ago_is_a_date():
    words = fill(WORDINGS["REMINDER"], wait(days=9, count=1), team="", at=WEDNESDAY)

    assert words.startswith("1 review is waiting since 1 June.")


@pytest.mark.parametrize("step", WORDINGS)
def test_our_own_words_pass_our_own_check(step):
    check_wording(step, WORDINGS[step])


@pytest.mark.parametrize(
    ("step", "words", "says"),
    [
        ("REMINDER", "Please look.", "Say {since} and {waiting} too"),
        ("REMINDER", "{waiting} since {since}, {team}!", "needs no name"),
        ("COMPARISON", "{waiting} since {since}", "Say {peers} too"),
        ("REMINDER", "{waiting} since {since} {waiting.count}", "Only {waiting}"),
        ("REMINDER", "{waiting!r} {since}", "Only {waiting}"),
        ("REMINDER", "{waiting} {since", "not closed"),
        ("REMINDER", f"{{waiting}} {{since}} {NUMBER}", "about a patient"),
        ("REMINDER", "  ", "Say {since} and {waiting} too"),
        ("SCOLDING", "{waiting} {since}", "no such note"),
        ("REMINDER", "{waiting} {since}" + "x" * 600, "Up to 600"),
    ],
)
def test_a_wording_says_what_it_must_and_names_nobody(step, words, says):
    with pytest.raises(Refused, match=says.replace("{", r"\{").replace("}", r"\}")):
        check_wording(step, words)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 6, 10, 8, tzinfo=UTC), True),
        (datetime(2026, 6, 10, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 10, 8, 20, tzinfo=UTC), False),
        (datetime(2026, 6, 10, 16, tzinfo=UTC), False),
        (datetime(2026, 6, 13, 10, tzinfo=UTC), False),
    ],
)
def test_nobody_is_reminded_at_night_or_at_the_weekend(at, expected):
    assert is_working_time(at) is expected
