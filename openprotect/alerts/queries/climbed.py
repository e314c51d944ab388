"""What has climbed, by team and reason: counts for leads, and nobody's name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert, AlertQuerySet, Urgency
from openprotect.alerts.queries import timing, visible_to
from openprotect.alerts.queries.climbing import gone_teams
from openprotect.alerts.rules import climbs_from, rung

MOST = 2000
GONE = "nobody works in that team any more"
NOT_TAKEN = "offered, and nobody accepted it in time"
NOT_DONE = "accepted, and not settled in time"


@dataclass(frozen=True)
class Climbed:
    """The alerts of one team that climbed for one reason."""

    team_id: UUID
    team: str
    why: str
    many: int
    now: int
    longest: datetime
    stands_with: str
    rung: int


def climbed(viewer: Viewer) -> list[Climbed]:
    """Alerts in the viewer's reach that are overdue, grouped; the highest and longest first."""
    gone = set(gone_teams(viewer.purpose, at=viewer.at).values_list("pk", flat=True))
    groups: dict[tuple[UUID, str], list[Alert]] = defaultdict(list)
    for alert in _late(viewer).select_related("team").order_by("due_at", "id")[:MOST]:
        if rung(timing(alert), at=viewer.at):
            groups[alert.team_id, _why(alert, gone)].append(alert)
    found = [_group(why, alerts, at=viewer.at) for (_, why), alerts in groups.items()]
    return sorted(found, key=lambda each: (-each.rung, each.longest, each.team, each.why))


def _late(viewer: Viewer) -> AlertQuerySet:
    """A locality's own area; for the programme's leads, all of the programme."""
    if viewer.role == Role.LOCALITY:
        mine = visible_to(viewer)
    else:
        mine = Alert.objects.filter(programme__purpose=viewer.purpose)
    late = mine.open().filter(due_at__lt=viewer.at)
    offered = mine.open().filter(accept_by__lt=viewer.at, status=Alert.Status.RAISED)
    return late | offered.filter(team__function="surveillance")


def _why(alert: Alert, gone: set[UUID]) -> str:
    if alert.team_id in gone:
        return GONE
    return NOT_DONE if alert.status == Alert.Status.ACCEPTED else NOT_TAKEN


def _group(why: str, alerts: list[Alert], *, at: datetime) -> Climbed:
    highest = max(rung(timing(each), at=at) for each in alerts)
    return Climbed(
        alerts[0].team_id,
        alerts[0].team.name,
        why,
        len(alerts),
        sum(each.urgency == Urgency.NOW for each in alerts),
        min(climbs_from(timing(each)) for each in alerts),
        str(Alert.Rung(highest).label),
        highest,
    )
