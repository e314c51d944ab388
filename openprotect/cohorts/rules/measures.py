"""Lengths of time, ranges of values and ages, as rules measure with them."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Tie(StrEnum):
    """When a group's code and the code that ends it fall on one day."""

    ENDS = "ends"
    STANDS = "stands"


@dataclass(frozen=True)
class Span:
    """A length of time back from the day asked about: whole months, then days."""

    months: int = 0
    days: int = 0

    def before(self, day: date) -> date:
        """The day so long before; the last of the month where that day does not exist."""
        months = day.year * 12 + day.month - 1 - self.months
        year, month = divmod(months, 12)
        if year < date.min.year:
            return date.min
        last = calendar.monthrange(year, month + 1)[1]
        back = date(year, month + 1, min(day.day, last)).toordinal() - self.days
        return date.fromordinal(max(back, 1))

    def __str__(self) -> str:
        """As people say it: 12 months, 24 months, but 3 years."""
        years, over = divmod(self.months, 12)
        if years > 2 and not over and not self.days:
            return f"{years} years"
        months = f"{self.months} month{'s' if self.months != 1 else ''}" if self.months else ""
        days = f"{self.days} day{'s' if self.days != 1 else ''}" if self.days else ""
        return " and ".join(part for part in (months, days) if part)


@dataclass(frozen=True)
class Range:
    """Values from a bound to a bound; an open bound is not itself inside."""

    low: float | None = None
    high: float | None = None
    low_is_open: bool = False
    high_is_open: bool = False

    def holds(self, value: float) -> bool:
        over = self.low is None or value > self.low or (value == self.low and not self.low_is_open)
        under = (
            self.high is None or value < self.high or (value == self.high and not self.high_is_open)
        )
        return over and under

    def __str__(self) -> str:
        low = (
            "" if self.low is None else f"{'over' if self.low_is_open else 'at least'} {self.low:g}"
        )
        high = (
            ""
            if self.high is None
            else f"{'under' if self.high_is_open else 'at most'} {self.high:g}"
        )
        return " and ".join(part for part in (low, high) if part)


@dataclass(frozen=True)
class Ages:
    """Whole years of age on the day asked about, both ends included.

    Somebody born on 29 February is a year older on 1 March of a year without that day.
    """

    low: int = 0
    high: int = 200

    def born_by(self, as_of: date) -> date:
        """Born on this day or earlier: old enough."""
        return _years_before(as_of, self.low)

    def born_after(self, as_of: date) -> date:
        """Born on this day or earlier: too old."""
        return _years_before(as_of, min(self.high + 1, as_of.year - 1))

    def holds(self, born: date, as_of: date) -> bool:
        return self.born_after(as_of) < born <= self.born_by(as_of)

    def reached_on(self, born: date) -> date:
        """The birthday on which the youngest of these ages was reached."""
        try:
            return born.replace(year=born.year + self.low)
        except ValueError:
            return date(born.year + self.low, 3, 1)

    def __str__(self) -> str:
        return f"aged {self.low} or over" if self.high >= 200 else f"aged {self.low} to {self.high}"


def _years_before(day: date, years: int) -> date:
    return Span(months=12 * years).before(day)


def age_on(born: date, day: date) -> int:
    """Whole years of age on a day; nobody is younger than nought, whatever a record says."""
    return max(day.year - born.year - ((day.month, day.day) < (born.month, born.day)), 0)


@dataclass(frozen=True)
class Days:
    """A stretch of days, both ends included: back from the day asked about, or fixed."""

    within: Span | None = None
    until: Span | None = None
    since: date | None = None
    up_to: date | None = None

    def first_day(self, as_of: date) -> date | None:
        """The first day that counts; None when every day back to the beginning does."""
        back = self.within.before(as_of) if self.within else None
        return max((day for day in (back, self.since) if day), default=None)

    def last_day(self, as_of: date) -> date:
        """The last day that counts, never after the day asked about."""
        back = self.until.before(as_of) if self.until else as_of
        return min(back, self.up_to) if self.up_to else back

    def holds(self, day: date, as_of: date) -> bool:
        first = self.first_day(as_of)
        return day <= self.last_day(as_of) and (first is None or day >= first)


EVER = Days()


def unit_as_compared(written: str) -> str:
    """A unit without what people write in different ways: capitals, spaces, signs for micro."""
    plain = unicodedata.normalize("NFKC", written).casefold()
    return re.sub(r"[\s^]", "", plain).replace("\N{GREEK SMALL LETTER MU}", "u")
