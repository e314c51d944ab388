"""How often people are asked: every so many days, once, or in one season of each year."""

from datetime import date, timedelta

import pytest

from openprotect.packs.cadence import Cadence, read_cadence
from openprotect.packs.entry import read_toml
from openprotect.packs.problems import Reading

A_WEEK = timedelta(days=7)


def cadence(text):
    reading = Reading()
    read = read_cadence(read_toml(reading, "pack.toml", text))
    assert not reading.is_refused, [str(each) for each in reading.problems]
    return read


COLD = cadence('every_days = 7\nseason = { from = "11-01", to = "03-31" }')
SUMMER = cadence('every_days = 7\nseason = { from = "06-01", to = "08-31" }')
ONCE = cadence("once = true")


@pytest.mark.parametrize(
    ("day", "asks"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), True),
        (date(2028, 2, 29), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
        (date(2027, 7, 1), False),
    ],
)
def test_a_season_holds_its_first_and_last_day_and_goes_over_new_year(day, asks):
    assert COLD.asks_on(day) is asks


@pytest.mark.parametrize(
    ("day", "asks"),
    [
        (date(2027, 5, 31), False),
        (date(2027, 6, 1), True),
        (date(2027, 8, 31), True),
        (date(2027, 9, 1), False),
    ],
)
def test_a_season_within_one_year_ends_in_it(day, asks):
    assert SUMMER.asks_on(day) is asks


def test_the_next_asking_is_the_next_one_within_the_season():
    assert COLD.next_after(date(2026, 11, 4)) == date(2026, 11, 11)
    assert COLD.next_after(date(2027, 3, 31)) == date(2027, 11, 3)
    assert (date(2027, 11, 3) - date(2027, 3, 31)) % A_WEEK == timedelta()


def test_what_is_asked_once_is_not_asked_again():
    assert ONCE.next_after(date(2026, 11, 4)) is None
    assert ONCE.asks_on(date(2027, 7, 1))


def test_a_season_so_short_that_no_asking_falls_into_it_has_no_next_day():
    one_day = cadence('every_days = 365\nseason = { from = "06-01", to = "06-01" }')

    assert one_day.next_after(date(2026, 6, 3)) is None


def test_every_day_all_year_is_the_plain_case():
    assert cadence("every_days = 1") == Cadence(every_days=1)


def test_a_cadence_is_said_in_words():
    assert str(COLD) == "every 7 days, from 1 November to 31 March"
    assert [str(ONCE), str(Cadence(1)), str(Cadence(3))] == ["once", "every day", "every 3 days"]
