"""FHIRPath's own values: a quantity, and points in time as exact as they were written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Self

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Quantity:
    """A number with a UCUM unit, or with a calendar unit (year … millisecond) in plain words."""

    value: Decimal
    unit: str = "1"

    def __str__(self) -> str:
        unit = self.unit if self.unit in CALENDAR else f"'{self.unit}'"
        return f"{self.value:f} {unit}"


CALENDAR = ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")


@dataclass(frozen=True)
class Moment:
    """Parts of a point in time from the coarsest on; what was not written is not there."""

    parts: tuple[int | Decimal, ...]
    zone: int | None = None  # minutes ahead of UTC
    PATTERN: ClassVar[re.Pattern[str]]
    DIGITS: ClassVar[Sequence[int]]  # how many digits are written by then, for each part

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The value, or none when the text is not one or no calendar has it."""
        found = cls.PATTERN.fullmatch(text)
        if not found:
            return None
        written = {name: part for name, part in found.groupdict().items() if part}
        zone = _minutes(written.pop("zone", None))
        parts = (Decimal(part) if name == "second" else int(part) for name, part in written.items())
        value = cls(tuple(parts), zone)
        return value if value.is_real() else None

    def is_real(self) -> bool:
        """Whether a calendar and a clock have it."""
        raise NotImplementedError

    @property
    def precision(self) -> int:
        """How many digits were written."""
        digits = self.DIGITS[len(self.parts) - 1]
        last = self.parts[-1]
        return digits + (_places(last) if isinstance(last, Decimal) else 0)


def _minutes(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 60 + int(zone[4:6]))


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _clock(parts: Sequence[int | Decimal]) -> str:
    words = [f"{part:02d}" for part in parts[:2] if isinstance(part, int)]
    if len(parts) > 2:
        second = Decimal(parts[2])
        words.append(
            f"{second:0{3 + _places(second) if _places(second) else 2}.{_places(second)}f}"
        )
    return ":".join(words)


def _is_of_clock(parts: Sequence[int | Decimal]) -> bool:
    return all(part < limit for part, limit in zip(parts, (24, 60, 61), strict=False))


def _is_of_calendar(parts: Sequence[int | Decimal]) -> bool:
    year, month, day = [*map(int, parts[:3]), 1, 1][:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_DATE = r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d(?:\.\d+)?))?)?"
_ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d)?"


@dataclass(frozen=True)
class Date(Moment):
    """A day, a month or a year."""

    PATTERN = re.compile(rf"{_DATE})?)?")
    DIGITS = (4, 6, 8)

    def is_real(self) -> bool:
        return _is_of_calendar(self.parts)

    def __str__(self) -> str:
        return "-".join(
            f"{int(part):0{2 if place else 4}d}" for place, part in enumerate(self.parts)
        )


@dataclass(frozen=True)
class DateTime(Moment):
    """A day with a time, of which any tail may be missing."""

    PATTERN = re.compile(rf"{_DATE}(?:T(?:{_TIME}{_ZONE})?)?)?)?T?")
    DIGITS = (4, 6, 8, 10, 12, 14)

    def is_real(self) -> bool:
        return _is_of_calendar(self.parts) and _is_of_clock(self.parts[3:])

    def __str__(self) -> str:
        text = str(Date(self.parts[:3]))
        if len(self.parts) <= 3:
            return text
        return f"{text}T{_clock(self.parts[3:])}{_zone_text(self.zone)}"

    def in_utc(self) -> "DateTime":
        """The same moment told at Greenwich; itself when its zone is not known."""
        if not self.zone:
            return self
        hour, minute = [*map(int, self.parts[3:5]), 0][:2]
        day = date(*map(int, self.parts[:3]))
        total = hour * 60 + minute - self.zone
        try:
            day += timedelta(days=total // MINUTES_A_DAY)
        except OverflowError:
            return self
        hour, minute = divmod(total % MINUTES_A_DAY, 60)
        clock = (hour, minute, *self.parts[5:])[: max(len(self.parts) - 3, 2 if minute else 1)]
        return DateTime((day.year, day.month, day.day, *clock), 0)


@dataclass(frozen=True)
class Time(Moment):
    """A time of day."""

    PATTERN = re.compile(_TIME)
    DIGITS = (2, 4, 6)

    def is_real(self) -> bool:
        return _is_of_clock(self.parts)

    def __str__(self) -> str:
        return _clock(self.parts)


def _zone_text(zone: int | None) -> str:
    if zone is None:
        return ""
    if zone == 0:
        return "Z"
    return f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02d}:{abs(zone) % 60:02d}"


def day_of(moment: datetime) -> Date:
    """The day of a clock's time."""
    return Date((moment.year, moment.month, moment.day))


def instant_of(moment: datetime) -> DateTime:
    """A clock's time, to the millisecond, with its zone when it has one."""
    ahead = moment.utcoffset()
    second = Decimal(moment.second) + Decimal(moment.microsecond // 1000) / 1000
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute)
    zone = None if ahead is None else int(ahead.total_seconds() // 60)
    return DateTime((*parts, second.quantize(Decimal("0.001"))), zone)


System = bool | int | Decimal | str | Quantity | Date | DateTime | Time
