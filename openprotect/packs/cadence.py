"""How often people are asked, and in which part of the year."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from openprotect.packs.entry import Entry

ONE_YEAR: Final = 366
# A leap year, so that 29 February may begin or end a season.
ANY_YEAR: Final = 2028
ALWAYS: Final = 365 * 200


@dataclass(frozen=True)
class Season:
    """A part of each year, from one day to another, both within; it may go over New Year."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        here, first, last = ((each.month, each.day) for each in (day, self.first, self.last))
        return first <= here <= last if first <= last else here >= first or here <= last

    def __str__(self) -> str:
        return f"from {self.first:%-d %B} to {self.last:%-d %B}"


@dataclass(frozen=True)
class Cadence:
    """How often people are asked: every so many days, or once; all year, or in its season."""

    every_days: int
    once: bool = False
    season: Season | None = None

    def __str__(self) -> str:
        if self.once:
            return "once"
        often = "every day" if self.every_days == 1 else f"every {self.every_days} days"
        return f"{often}, {self.season}" if self.season else often

    @property
    def days_between(self) -> int:
        """From one asking to the next; nobody lives to the second asking of what is asked once."""
        return ALWAYS if self.once else self.every_days

    def asks_on(self, day: date) -> bool:
        return self.season is None or self.season.has(day)

    def next_after(self, due_on: date) -> date | None:
        """The day of the next asking of somebody who was asked for this day; None when never."""
        if self.once:
            return None
        later = due_on + timedelta(days=self.every_days)
        while not self.asks_on(later) and later - due_on < timedelta(days=2 * ONE_YEAR):
            later += timedelta(days=self.every_days)
        return later if self.asks_on(later) else None


def read_cadence(entry: Entry) -> Cadence:
    entry.only(("every_days", "once", "season"))
    once = entry.flag("once")
    if once and (entry.has("every_days") or entry.has("season")):
        entry.refuse("once", "what is asked once has neither every_days nor season.")
    return Cadence(
        every_days=1 if once else entry.whole("every_days", 1, 365),
        once=once,
        season=_season(entry.entry("season")) if entry.has("season") else None,
    )


def _season(entry: Entry) -> Season:
    entry.only(("from", "to"))
    return Season(_day_of_the_year(entry, "from"), _day_of_the_year(entry, "to"))


def _day_of_the_year(entry: Entry, key: str) -> date:
    written = entry.text(key)
    try:
        return date.fromisoformat(f"{ANY_YEAR}-{written}")
    except ValueError:
        if written:
            entry.refuse(key, "must be a month and a day, such as 11-01.")
    return date(ANY_YEAR, 1, 1)
