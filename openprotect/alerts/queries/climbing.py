"""What has fallen to whom, worked out as it is read: a dead scheduler hides nothing."""

from datetime import datetime

from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, Value, When

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert
from openprotect.alerts.rules import CLIMBS_EVERY
from openprotect.governance.queries import purposes_in_force
from openprotect.places.models import Team
from openprotect.programmes.queries.staffing import WORKED_BY

NOBODY = Q(pk__in=[])


def fallen_to(viewer: Viewer) -> Q:
    """Which open alerts of other teams stand before this member of staff now, and why.

    Surveillance: of a team that is gone, offered and not taken in time, or long overdue.
    A locality: overdue. A practice: whatever is open about its people once the basis has ended.
    """
    others = ~Q(team__organisation_id=viewer.organisation_id)
    match viewer.role:
        case Role.SURVEILLANCE:
            lapsed = Q(status=Alert.Status.RAISED, accept_by__lte=viewer.at)
            gone = Q(team__in=gone_teams(viewer.purpose, at=viewer.at))
            return others & (gone | lapsed | risen(2, at=viewer.at))
        case Role.LOCALITY:
            return others & risen(1, at=viewer.at)
        case Role.PRACTICE:
            over = ~Q(programme__purpose__in=purposes_in_force(at=viewer.at))
            return others & over & Q(enrolment__practice_id=viewer.organisation_id)
    return NOBODY


def risen(to: int, *, at: datetime) -> Q:
    """Overdue for so long that it stands on this rung or higher."""
    found = NOBODY
    for urgency, every in CLIMBS_EVERY.items():
        since = at - every * (to - 1)
        found |= Q(urgency=urgency, due_at__lt=since)
    return found


def gone_teams(purpose: str, *, at: datetime) -> QuerySet[Team]:
    """Teams that have closed, or in which nobody works for a purpose."""
    on = at.date()
    closed = Q(closed_on__lt=on) | Q(organisation__closed_on__lt=on)
    role = Case(*(When(function=each, then=Value(str(role))) for each, role in WORKED_BY.items()))
    staffed = Func(
        F("organisation_id"),
        role,
        Value(purpose),
        Value(at),
        function="team_is_staffed",
        output_field=BooleanField(),
    )
    teams = Team.objects.exclude(function=Team.Function.SURVEILLANCE).annotate(staffed=staffed)
    return teams.filter(closed | Q(staffed=False))
