"""On which of the coming days nobody of a team is there."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from openprotect.places.rules.hours import LOCAL, Hours

LOOK_AHEAD = 14


def days_from(at: datetime) -> list[date]:
    today = at.astimezone(LOCAL).date()
    return [today + timedelta(days=each) for each in range(LOOK_AHEAD)]


def gaps(
    hours: Hours,
    shifts: Sequence[tuple[datetime, datetime]] | None,
    *,
    at: datetime,
    every_day: bool = False,
) -> tuple[date, ...]:
    """Days without anybody: by the rota where one is kept, else by the hours.

    `every_day` is for a team that must be there on each; another is only missed on days on which
    it says that it works.
    """
    expected = [each for each in days_from(at) if every_day or hours.works_on(each)]
    if shifts is None:
        return tuple(each for each in expected if not hours.works_on(each))
    covered = {day for shift in shifts for day in _days_of(*shift)}
    return tuple(each for each in expected if each not in covered)


def _days_of(starts_at: datetime, ends_at: datetime) -> Iterable[date]:
    first, last = starts_at.astimezone(LOCAL).date(), ends_at.astimezone(LOCAL).date()
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def in_words(hours: Hours) -> str:
    """Hours as people say them: Monday to Friday, 08:00 to 18:30."""
    days = sorted(hours.weekdays)
    if days == list(range(days[0], days[-1] + 1)) and len(days) > 1:
        said = f"{WEEKDAYS[days[0] - 1]} to {WEEKDAYS[days[-1] - 1]}"
    else:
        said = ", ".join(WEEKDAYS[each - 1] for each in days)
    return f"{said}, {hours.opens:%H:%M} to {hours.closes:%H:%M}"
