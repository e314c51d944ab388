"""Calls an hour of the coming week, from what is due and how people behaved, beside the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from openprotect.accounts.queries import Viewer
from openprotect.accounts.queries.working import keeps_a_rota, pauses_between, shifts_between
from openprotect.accounts.rules import calls_possible
from openprotect.checkins.rules import LOCAL
from openprotect.floor.queries import day_of
from openprotect.floor.rules.forecast import HOUR, Closed, Hour, Shares, repeated
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of

DAYS, WEEKS = 7, 4
OPEN_FROM, OPEN_UNTIL = 8, 20  # hours that are always shown; others only where something is in them

SEEN = """
SELECT extract(isodow FROM k.closes_at AT TIME ZONE 'Europe/London')::int,
       extract(hour FROM k.closes_at AT TIME ZONE 'Europe/London')::int, count(*),
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM calls_call c WHERE c.checkin_id = k.id))
  FROM checkins_checkin k
 WHERE k.programme_id = %s AND k.closes_at > %s AND k.closes_at <= %s
   AND k.status <> 'CANCELLED' GROUP BY 1, 2
"""
CLOSING = """
SELECT date_trunc('hour', k.closes_at), count(*) FROM checkins_checkin k
  JOIN enrolments_enrolment e ON e.id = k.enrolment_id AND e.status = 'ACTIVE'
 WHERE k.programme_id = %s AND k.closes_at > %s AND k.status IN ('DUE', 'OPEN', 'PARTLY')
 GROUP BY 1
"""
LATEST = """
SELECT date_trunc('hour', last), count(*) FROM (
    SELECT max(k.closes_at) AS last FROM checkins_checkin k
      JOIN enrolments_enrolment e ON e.id = k.enrolment_id AND e.status = 'ACTIVE'
     WHERE k.programme_id = %s AND k.closes_at > %s GROUP BY k.enrolment_id) each_one
 GROUP BY 1
"""
ATTEMPTS = """
SELECT coalesce(sum(attempts)::float / nullif(count(*), 0), 1), count(*) FROM calls_call
 WHERE programme_id = %s AND ended_at > %s AND status IN ('DONE', 'HANDED_ON') AND attempts > 0
"""
QUEUED = """
SELECT date_trunc('hour', greatest(due_at, %s)), count(*) FROM calls_call
 WHERE programme_id = %s AND due_at < %s
   AND (status = 'WAITING' OR (status = 'CLAIMED' AND leased_until <= %s)) GROUP BY 1
"""


@dataclass(frozen=True)
class Day:
    """One day of the forecast, with its hours."""

    on: date
    hours: tuple[Hour, ...]

    @property
    def calls(self) -> float:
        return sum(each.calls for each in self.hours)

    @property
    def staffed(self) -> float | None:
        known = [each.staffed for each in self.hours if each.staffed is not None]
        return sum(known) if known else None

    @property
    def short(self) -> float:
        return sum(each.short for each in self.hours)

    @property
    def busy(self) -> tuple[Hour, ...]:
        """The hours worth a line: those of the day's work, and others in which there is some."""
        return tuple(
            each
            for each in self.hours
            if OPEN_FROM <= each.starts_at.astimezone(LOCAL).hour < OPEN_UNTIL
            or each.calls >= 0.05
            or each.staffed
        )


@dataclass(frozen=True)
class Forecast:
    """A week ahead, and what it rests on."""

    days: tuple[Day, ...]
    share: float
    closed: int
    silent: int
    attempts: float
    ended: int
    cadence: str
    has_rota: bool


def forecast(viewer: Viewer, programme: Programme) -> Forecast:
    """The coming week of one programme, by the hour; method and figures are in docs/floor.md."""
    at, cadence = viewer.at, pack_of(programme).cadence
    starts = at.astimezone(LOCAL).replace(minute=0, second=0, microsecond=0)
    until = day_of(at)[0].replace(tzinfo=None) + timedelta(days=DAYS)
    ends = until.replace(tzinfo=LOCAL)
    past = at - timedelta(weeks=WEEKS)
    seen = {
        (weekday, hour): Closed(closed, silent)
        for weekday, hour, closed, silent in _rows(SEEN, programme.pk, past, at)
    }
    shares = Shares(seen)
    ((attempts, ended),) = _rows(ATTEMPTS, programme.pk, past)
    every = None if cadence.once else timedelta(days=cadence.every_days)
    due = _due(programme, every, at, ends)
    queued = {_local(hour): many for hour, many in _rows(QUEUED, at, programme.pk, ends, at)}
    staff = _Staff(viewer.purpose, starts, ends)
    hours = [
        Hour(each, due.get(each, 0), shares.at(each), queued.get(each, 0), attempts, staff.at(each))
        for each in _hours(starts, ends)
    ]
    return Forecast(
        days=_by_day(hours),
        share=shares.all.share,
        closed=shares.all.closed,
        silent=shares.all.silent,
        attempts=attempts,
        ended=ended,
        cadence=str(cadence),
        has_rota=staff.is_kept,
    )


def _due(
    programme: Programme, every: timedelta | None, at: datetime, ends: datetime
) -> Mapping[datetime, int]:
    """How many check-ins close in each hour: those that are open, and those that will follow."""
    closing = {_local(hour): many for hour, many in _rows(CLOSING, programme.pk, at)}
    if every is None:
        return closing
    latest = _rows(LATEST, programme.pk, at - 2 * every - timedelta(days=DAYS))
    after = [((_local(hour).replace(tzinfo=None) + every).replace(tzinfo=LOCAL), many)
             for hour, many in latest]  # fmt: skip
    for hour, many in repeated(after, every, ends, _local(at)).items():
        closing[hour] = closing.get(hour, 0) + many
    return closing


class _Staff:
    """How many calls the people on shift can make in an hour; None where no rota is kept."""

    def __init__(self, purpose: str, starts: datetime, ends: datetime) -> None:
        self.is_kept = keeps_a_rota(purpose, starts, ends)
        self.shifts = shifts_between(purpose, starts, ends)
        self.away = pauses_between({each.user_id for each in self.shifts}, starts, ends)

    def at(self, hour: datetime) -> float | None:
        if not self.is_kept:
            return None
        return calls_possible(self.shifts, self.away, hour, hour + HOUR)


def _hours(starts: datetime, ends: datetime) -> list[datetime]:
    """Every hour by the clock on the wall; one that the clocks skip is not there."""
    plain, hours = starts.replace(tzinfo=None), []
    while (here := plain.replace(tzinfo=LOCAL)) < ends:
        hours.append(here)
        plain += HOUR
    return hours


def _by_day(hours: list[Hour]) -> tuple[Day, ...]:
    days: dict[date, list[Hour]] = {}
    for each in hours:
        days.setdefault(each.starts_at.date(), []).append(each)
    return tuple(Day(on, tuple(found)) for on, found in days.items())


def _local(at: datetime) -> datetime:
    return at.astimezone(LOCAL).replace(minute=0, second=0, microsecond=0)


def _rows(statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]
        return list(cursor.fetchall())
