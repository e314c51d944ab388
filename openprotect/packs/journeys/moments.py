"""Moments of a journey as its author writes them: `day 3 09:05`, by the clock where people live."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("Europe/London")
DAY_ONE: Final = date(2026, 3, 2)  # a Monday, four weeks before the clocks change
MOMENT: Final = re.compile(r"day ([1-9][0-9]{0,2}),? ([01][0-9]|2[0-3]):([0-5][0-9])")
LIKE: Final = "must be a moment such as 'day 3 09:05'; day 1 is the first day."


def moment(words: str, first: date) -> datetime | None:
    """The instant that the words name, or None when they name none."""
    found = MOMENT.fullmatch(words)
    if found is None:
        return None
    day, hour, minute = (int(each) for each in found.groups())
    on = first + timedelta(days=day - 1)
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=LOCAL)


def in_words(at: datetime, first: date) -> str:
    """The same moment as an author would write it."""
    local = at.astimezone(LOCAL)
    return f"day {(local.date() - first).days + 1} {local:%H:%M}"
