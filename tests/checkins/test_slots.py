"""When somebody is asked: nine by the clock on the wall, once a day, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example
from hypothesis import given as for_all
from hypothesis import strategies as st

from openprotect.checkins.rules import LOCAL, by_when, content_hash, slot_for

DAY = timedelta(days=1)
NINE = time(9)
FORWARD, BACK, LEAP = date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)
TURNING = [FORWARD, BACK, LEAP]
JOINS = [time(0, 0), time(1, 30), time(8, 59), time(9, 0), time(23, 0), time(23, 59)]
THREE_YEARS = 3 * 365 * 24 * 3600
joining = st.integers(0, THREE_YEARS).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
passing = st.timedeltas(timedelta(0), timedelta(days=40))
cadences = st.sampled_from([1, 7])


def slot(at, *, since, every=1):
    return slot_for(
        at, active_from=since, every_days=every, opens=NINE, open_for=timedelta(hours=24)
    )


def local(day, clock=time(12)):
    return datetime.combine(day, clock, LOCAL)


def on_the_wall(instant):
    return instant.astimezone(LOCAL).replace(tzinfo=None)


@for_all(joining, passing, cadences)
@example(local(FORWARD - DAY), timedelta(hours=30), 1)
@example(local(BACK - DAY), timedelta(hours=30), 7)
@example(local(LEAP, time(23, 59)), timedelta(minutes=2), 1)
def test_the_day_is_a_whole_number_of_turns_after_joining_and_the_latest_so_far(
    since, passed, every
):
    at = since.astimezone(UTC) + passed
    first, today = since.astimezone(LOCAL).date(), at.astimezone(LOCAL).date()

    due_on = slot(at, since=since, every=every).due_on

    assert (due_on - first).days % every == 0
    assert timedelta(0) <= today - due_on < every * DAY


@for_all(joining, passing, cadences)
@example(local(FORWARD - DAY), timedelta(hours=30), 1)
@example(local(BACK - DAY), timedelta(hours=30), 1)
def test_it_opens_at_nine_on_the_wall_but_for_the_day_of_joining(since, passed, every):
    made = slot(since.astimezone(UTC) + passed, since=since, every=every)

    nine = datetime.combine(made.due_on, NINE)
    joined = since.astimezone(LOCAL).date() == made.due_on
    assert on_the_wall(made.opens_at) == (max(nine, on_the_wall(since)) if joined else nine)


@for_all(joining, passing, cadences)
def test_it_closes_at_nine_on_the_wall_the_day_after(since, passed, every):
    made = slot(since + passed, since=since, every=every)

    assert on_the_wall(made.closes_at) == datetime.combine(made.due_on + DAY, NINE)
    assert made.closes_at > made.opens_at


@for_all(joining, passing, passing, cadences)
def test_two_instants_with_the_same_day_have_the_same_slot_and_never_two(
    since, passed, later, every
):
    one, other = (slot(since + each, since=since, every=every) for each in (passed, later))

    assert (one == other) == (one.due_on == other.due_on)


@for_all(joining, passing)
def test_asked_every_day_one_asking_ends_as_the_next_begins(since, passed):
    today = slot(since + passed, since=since)
    tomorrow = slot(today.closes_at + timedelta(hours=3), since=since)

    assert tomorrow.due_on == today.due_on + DAY
    assert today.closes_at == tomorrow.opens_at


@for_all(joining, passing, cadences)
def test_nobody_is_asked_before_they_joined(since, passed, every):
    assert slot(since + passed, since=since, every=every).opens_at >= since


@pytest.mark.parametrize("day", TURNING)
@pytest.mark.parametrize("joined", JOINS)
@pytest.mark.parametrize("every", [1, 7])
def test_each_day_around_a_turn_of_the_clocks_has_one_asking(day, joined, every):
    since = local(day - 8 * DAY, joined)
    quarters = [since.astimezone(UTC) + n * timedelta(minutes=15) for n in range(4 * 24 * 16)]

    slots = {slot(at, since=since, every=every) for at in quarters}

    days = {at.astimezone(LOCAL).date() for at in quarters}
    turns = {each for each in days if (each - since.date()).days % every == 0}
    assert sorted(made.due_on for made in slots) == sorted(turns)


@pytest.mark.parametrize(
    ("day", "hours"), [(FORWARD, 23), (BACK, 25), (LEAP, 24)], ids=["forward", "back", "leap"]
)
def test_an_asking_over_a_turn_of_the_clocks_lasts_from_nine_to_nine(day, hours):
    made = slot(local(day - DAY), since=local(day - 5 * DAY))

    assert made.closes_at.astimezone(UTC) - made.opens_at.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("joined", "opens"),
    [(time(8, 59), NINE), (NINE, NINE), (time(9, 1), time(9, 1)), (time(23, 59), time(23, 59))],
)
def test_who_joins_is_asked_the_same_day(joined, opens):
    since = local(date(2026, 6, 1), joined)

    made = slot(since, since=since)

    assert made.due_on == date(2026, 6, 1)
    assert on_the_wall(made.opens_at).time() == opens


def test_who_joins_a_minute_before_midnight_has_until_nine():
    since = local(date(2026, 6, 1), time(23, 59))

    assert slot(since, since=since).closes_at == local(date(2026, 6, 2), NINE)


def test_who_joins_as_the_asking_of_a_short_day_ends_still_has_an_hour():
    since = local(date(2026, 6, 1), time(20))

    made = slot_for(since, active_from=since, every_days=1, opens=NINE, open_for=timedelta(hours=8))

    assert made.closes_at == since + timedelta(hours=1)


def test_the_leap_day_is_a_day_like_others():
    assert slot(local(LEAP), since=local(LEAP - 3 * DAY)).due_on == LEAP


@for_all(joining, st.timedeltas(timedelta(minutes=1), timedelta(hours=12)))
def test_what_is_promised_in_hours_is_due_while_somebody_is_there(at, within):
    due = by_when(at, within, opens=time(8), closes=time(20))

    assert due >= at
    assert time(8) <= on_the_wall(due).time() <= time(20)
    assert due - at <= within + timedelta(hours=14)


@for_all(st.dictionaries(st.text(max_size=9), st.integers() | st.booleans() | st.text(max_size=9)))
def test_answers_are_the_same_in_any_order(answers):
    turned = dict(reversed(answers.items()))

    assert content_hash(turned) == content_hash(answers)


def test_other_answers_are_not_the_same():
    assert content_hash({"cough": "yes"}) != content_hash({"cough": "no"})
