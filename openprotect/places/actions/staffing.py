"""Who is on a team's rota, and which kinds of need a team has agreed to take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import connection, transaction

from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.places.models import (
    EVERY_DAY,
    Shift,
    SpecialDay,
    Team,
    Undertaking,
    WorkingHours,
)
from openprotect.places.rules.hours import LOCAL

LONGEST_BECAUSE = 300


def _one_at_a_time(team: Team) -> None:
    """Two who plan the same team follow one another; its own row is not theirs to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(team.pk)])


@dataclass(frozen=True)
class Duty:
    """Somebody on a rota, from when until when."""

    user_id: UUID
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def set_rota(
    team: Team,
    duties: Iterable[Duty],
    *,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    by: UUID | None = None,
) -> int:
    """A team's rota for a stretch of time: what was planned for it before is replaced."""
    wanted = sorted(duties, key=lambda each: (each.starts_at, str(each.user_id)))
    if any(not starts_at <= each.starts_at < each.ends_at <= ends_at for each in wanted):
        raise Refused("A shift lies outside the days of this rota, or ends before it starts.")
    _one_at_a_time(team)
    planned = Shift.objects.filter(team=team, starts_at__gte=starts_at, starts_at__lt=ends_at)
    planned.filter(withdrawn_at=None).update(withdrawn_at=at)
    Shift.objects.bulk_create(
        Shift(team=team, user_id=each.user_id, starts_at=each.starts_at, ends_at=each.ends_at)
        for each in wanted
    )
    record("rota.set", team.pk, at=at, by=by, shifts=len(wanted))
    return len(wanted)


@transaction.atomic
def set_hours(
    team: Team,
    *,
    weekdays: Iterable[int],
    opens: time,
    closes: time,
    from_on: date,
    because: str,
    by: UUID,
    at: datetime,
) -> WorkingHours:
    """From a day on, a team works on these days between these times."""
    days = sorted(set(weekdays))
    if not days or not set(days) <= set(EVERY_DAY):
        raise Refused("Choose the days on which somebody is there.")
    if opens >= closes:
        raise Refused("The team opens before it closes.")
    if from_on < at.astimezone(LOCAL).date():
        raise Refused("Hours change from today on, or later.")
    if not because.strip():
        raise Refused("Say why, for those who are sent work.")
    made = WorkingHours.objects.create(
        team=team,
        weekdays=days,
        opens=opens,
        closes=closes,
        from_on=from_on,
        because=because.strip()[:LONGEST_BECAUSE],
        by_id=by,
        at=at,
    )
    record("hours.set", team.pk, at=at, by=by, from_on=from_on.isoformat())
    return made


@transaction.atomic
def set_day(
    team: Team, on: date, *, is_there: bool, because: str, by: UUID, at: datetime
) -> SpecialDay:
    """One day on which a team is away, or there although it is a holiday."""
    if on < at.astimezone(LOCAL).date():
        raise Refused("That day is past.")
    if not because.strip():
        raise Refused("Say why, for those who are sent work.")
    made = SpecialDay.objects.create(
        team=team,
        on=on,
        is_there=is_there,
        because=because.strip()[:LONGEST_BECAUSE],
        by_id=by,
        at=at,
    )
    record("day.set", team.pk, at=at, by=by, on=on.isoformat(), is_there=int(is_there))
    return made


@transaction.atomic
def undertake(
    team: Team, kind: str, *, takes: bool, because: str, by: UUID, at: datetime
) -> Undertaking:
    """A team says that it takes a kind of need, or does not; its latest word holds."""
    if not takes and not because.strip():
        raise Refused("Say why, so that the locality can find somebody else.")
    if team.function == Team.Function.SURVEILLANCE and not takes:
        raise Refused("Surveillance takes whatever nobody else does.")
    made = Undertaking.objects.create(
        team=team,
        kind=kind,
        takes=takes,
        because=because.strip()[:LONGEST_BECAUSE],
        by_id=by,
        at=at,
    )
    record("team.undertook", team.pk, at=at, by=by, kind=kind, takes=int(takes))
    return made
