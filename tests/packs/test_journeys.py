"""Journeys: what an author is told when one is written wrongly, or comes out otherwise."""

import pytest

from openprotect.packs.journeys import play, read_journey
from openprotect.packs.problems import Reading
from tests.packs.given import shipped

FILE = "examples/journeys/x.toml"
HEAD = 'title = "T"\nbecause = "B"\n[person]\nage = 79\n'
WELL = (
    "answers = { feeling = 'same', breath = 'normal', chest-pain = 'no', hot = 'no', cough = 'no',"
    " medicines = 'enough', food = 'week', care = 'no-need', mood = 'no' }"
)


def read(steps, head=HEAD):
    reading = Reading()
    journey = read_journey(reading, FILE, f"{head}{steps}", shipped())
    return journey, [str(each) for each in reading.problems]


def differences(steps, head=HEAD):
    journey, problems = read(steps, head)
    assert not problems, problems
    return play(shipped(), journey).differences


def step(at, *lines):
    return "\n".join(["", "[[step]]", f'at = "{at}"', *lines, ""])


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("", "step: there is no [[step]]: nothing happens."),
        (step("Monday 09:00"), "x.toml:7:1:step[1].at: must be a moment such as 'day 3 09:05'"),
        (step("day 2 09:00") + step("day 1 09:00"), "comes before the step above it"),
        (step("day 1 09:00", "rings = 'x'"), "'rings' is not known here"),
        (step("day 1 09:00", "rung = 'engaged'"), "'engaged' is not known here"),
        (step("day 1 09:00", "stops = true", "accepts = 'fever'"), "one thing a step"),
        (step("day 1 09:00", "accepts = 'feaver'"), "Did you mean 'fever'?"),
        (step("day 1 09:00", "answers = { breth = 'rest' }"), "Did you mean 'breath'?"),
        (step("day 1 09:00", "answers = { breath = 'quick' }"), "Choose one of the answers."),
        (step("day 1 09:00", "answers = { breath = 'rest' }"), "leaves out feeling,"),
        (step("day 1 09:00", "answers = { fetch = 'no' }"), "nobody with these other answers"),
        (step("day 1 09:00", "rung = 'answered'"), "leaves out feeling,"),
        (step("day 1 09:00", "then = { sent = ['card'] }"), "'card' is not known here"),
        (step("day 1 09:00", "then = { raised = ['x'] }"), "'x' is not known here"),
        (step("day 1 09:00", "then = { checkin = 'gone' }"), "'gone' is not known here"),
        (step("day 1 09:00", "then = { raised = [{ rule = 'fever', owner = 'me' }] }"), "'me' is"),
    ],
)
def test_a_fault_is_named_at_its_key(steps, words):
    _, problems = read(steps)

    assert any(words in each for each in problems), problems


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("misses_before_call = 9", "choose from 1 to 5"),
        ('checkin_opens = "08:00"', "no locality may change it"),
        ("misses = 1", "'misses' is not known here"),
    ],
)
def test_a_locality_of_a_journey_keeps_to_the_bounds_of_the_pack(chosen, words):
    _, problems = read(step("day 1 09:00"), f"{HEAD}[settings]\n{chosen}\n")

    assert any(words in each for each in problems), problems


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (step("day 1 09:00", "then = { sent = [] }"), "sent: expected nothing, found invite"),
        (step("day 1 08:59", "then = { checkin = 'open' }"), "expected open, found none"),
        (step("day 1 08:59", WELL), "no check-in is open"),
        (step("day 1 10:00", WELL) + step("day 1 11:00", WELL), "no check-in is open"),
        (step("day 1 10:00", "rung = 'refused'"), "no call is due at this moment"),
        (step("day 1 10:00", "closes = 'fever'"), "there is no open alert of the rule fever"),
        (
            step("day 1 10:00", "sent = false", "answers = { breath = 'rest' }",
                 "then = { raised = [{ rule = 'breath-rest', owner = 'practice' }] }"),
            "raised breath-rest: owner: expected practice, found surveillance",
        ),
        (
            step("day 1 10:00", "sent = false", "answers = { breath = 'rest' }",
                 "then = { open = [{ rule = 'breath-rest', accept_by = 'day 1 10:31' }] }"),
            "accept_by: expected day 1 10:31, found day 1 10:30",
        ),
    ],
)  # fmt: skip
def test_what_came_out_otherwise_is_said_with_its_line_and_moment(steps, words):
    told = differences(steps)

    assert any(words in each for each in told), told
    assert all(each.startswith(f"{FILE}:") and "day 1" in each for each in told)


def test_no_mobile_number_means_a_call_at_once():
    head = f"{HEAD}mobile = false\n"

    assert differences(step("day 1 09:00", "then = { sent = [], call = 'due' }"), head) == ()


def test_an_asking_opens_at_nine_on_the_day_the_clocks_change():
    head = f"starts = 2026-03-28\n{HEAD}"
    steps = step("day 2 08:59", "then = { sent = ['invite'] }") + step(
        "day 2 09:00", "then = { sent = ['invite'], checkin = 'open' }"
    )

    assert differences(steps, head) == ()


def test_whoever_stops_is_not_asked_again_and_their_alert_stays():
    steps = (
        step("day 1 10:00", "sent = false", "answers = { breath = 'rest' }")
        + step("day 1 11:00", "stops = true", "then = { contact = 'stopped' }")
        + step("day 4 11:00", "then = { sent = [], checkin = 'stopped', open = ['breath-rest'] }")
    )  # fmt: skip

    assert differences(steps) == ()
