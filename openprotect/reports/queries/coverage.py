"""When is which team there, and what was left behind? Of teams; never of a patient."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert
from openprotect.alerts.queries.climbing import gone_teams
from openprotect.places.models import Shift, SpecialDay, Team, WorkingHours
from openprotect.places.queries import ROTA_HOLDS_FOR
from openprotect.places.rules.hours import LOCAL, Hours
from openprotect.programmes.queries.staffing import WORKED_BY
from openprotect.reports.rules.coverage import LOOK_AHEAD, gaps, in_words

ALWAYS_THERE = Team.Function.SURVEILLANCE
LEFT_BEHIND = ("CLOSED", "NOBODY")


@dataclass(frozen=True)
class Stand:
    """A team, when it works, and on which of the next fourteen days nobody of it does."""

    team: Team
    hours: str
    keeps_rota: bool
    gaps: tuple[date, ...]
    is_gone: bool
    leavers: int


def teams_of(viewer: Viewer) -> list[Team]:
    """A lead's are all; everybody else's are those of their own organisation."""
    found = Team.objects.open(viewer.at.date()).select_related("organisation")
    if viewer.role != Role.LEAD:
        found = found.filter(organisation_id=viewer.organisation_id)
    return list(found.order_by("function", "name", "id"))


def stands(viewer: Viewer) -> list[Stand]:
    """Every team in the viewer's hands, those with a gap first; one query for each table."""
    teams, at = teams_of(viewer), viewer.at
    hours, rotas, leavers = _hours(teams, at), _rotas(teams, at), _leavers(teams, at)
    gone = set(gone_teams(viewer.purpose, at=at).values_list("pk", flat=True))
    found = [
        Stand(
            each,
            in_words(hours[each.pk]),
            each.pk in rotas,
            gaps(
                hours[each.pk],
                rotas.get(each.pk),
                at=at,
                every_day=each.function == ALWAYS_THERE,
            ),
            each.pk in gone,
            leavers.get(each.pk, 0),
        )
        for each in teams
    ]
    return sorted(found, key=lambda each: (not each.is_gone, not each.gaps, each.team.name))


def _hours(teams: Iterable[Team], at: datetime) -> Mapping[UUID, Hours]:
    today = at.astimezone(LOCAL).date()
    held = WorkingHours.objects.filter(from_on__lte=today).order_by("from_on", "at")
    latest = {each.team_id: each for each in held}
    days: dict[UUID, dict[date, bool]] = defaultdict(dict)
    until = today + timedelta(days=LOOK_AHEAD)
    for said in SpecialDay.objects.filter(on__gte=today, on__lt=until).order_by("at", "id"):
        days[said.team_id][said.on] = said.is_there
    return {each.pk: _of(latest.get(each.pk) or each, days[each.pk]) for each in teams}


def _of(usual: WorkingHours | Team, days: Mapping[date, bool]) -> Hours:
    return Hours(
        tuple(usual.weekdays),
        usual.opens,
        usual.closes,
        away=frozenset(on for on, is_there in days.items() if not is_there),
        there=frozenset(on for on, is_there in days.items() if is_there),
    )


def _rotas(teams: Iterable[Team], at: datetime) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """The shifts of teams that keep a rota; one that has run out for a fortnight is none."""
    kept = Shift.objects.filter(
        team__in=[each.pk for each in teams], withdrawn_at=None, ends_at__gt=at - ROTA_HOLDS_FOR
    )
    found: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = kept.values_list("team_id", "starts_at", "ends_at", "user__is_active")
    for team_id, starts_at, ends_at, is_active in rows:
        found[team_id] += [(starts_at, ends_at)] if is_active and ends_at > at else []
    return dict(found)


def _leavers(teams: Iterable[Team], at: datetime) -> dict[UUID, int]:
    """Shifts to come of people who have left: somebody else has to take each."""
    left = Shift.objects.filter(
        team__in=[each.pk for each in teams],
        withdrawn_at=None,
        ends_at__gt=at,
        user__is_active=False,
    )
    return dict(left.order_by().values_list("team_id").annotate(many=Count("id")))


@dataclass(frozen=True)
class Left:
    """Open alerts that came to a team because another one is not there any more."""

    team: str
    why: str
    alerts: int


def left_behind(viewer: Viewer) -> list[Left]:
    """What closed teams and people who left have left to others: counts, by who has it now."""
    moved = Alert.objects.open().filter(instead__in=LEFT_BEHIND, programme__purpose=viewer.purpose)
    rows = moved.order_by().values_list("team__name", "instead").annotate(many=Count("id"))
    return [
        Left(team, str(Alert.Instead(why).label), many)
        for team, why, many in sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
    ]


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be put on a team's rota."""

    id: UUID
    name: str


def colleagues(team: Team) -> list[Colleague]:
    """Who works in a team's organisation in its job, as far as the viewer may know."""
    role = str(WORKED_BY[Team.Function(team.function)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM staff_of(%s, %s)", [team.organisation_id, role])
        return [Colleague(*row) for row in cursor.fetchall()]


def planned(team: Team, at: datetime) -> dict[date, set[UUID]]:
    """Who is on the rota on each of the coming days."""
    kept = Shift.objects.filter(team=team, withdrawn_at=None, ends_at__gt=at)
    found: dict[date, set[UUID]] = defaultdict(set)
    for user_id, starts_at in kept.values_list("user_id", "starts_at"):
        found[starts_at.astimezone(LOCAL).date()].add(user_id)
    return found
