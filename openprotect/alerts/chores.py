"""What nobody accepts comes back to surveillance; what outlives its basis goes to the practice."""

from datetime import datetime

from openprotect.alerts.actions import hand_on
from openprotect.alerts.models import Alert, AlertQuerySet
from openprotect.governance.queries import purposes_in_force
from openprotect.places import queries as places


def take_back_unaccepted(*, at: datetime, limit: int = 500) -> int:
    """Alerts not accepted in time go to the surveillance team, which works seven days a week."""
    late = Alert.objects.filter(
        status=Alert.Status.RAISED,
        accept_by__lte=at,
        programme__purpose__in=purposes_in_force(at=at),
    )
    late = late.exclude(team__function="surveillance").order_by("accept_by", "id")
    return _hand_on(late, "surveillance", because="not accepted in time", at=at, limit=limit)


def hand_to_practices_after_basis(*, at: datetime, limit: int = 500) -> int:
    """When a legal basis has ended, open alerts go to the registered practice as direct care."""
    over = Alert.objects.open().exclude(programme__purpose__in=purposes_in_force(at=at))
    over = over.exclude(team__function="practice").order_by("id")
    return _hand_on(over, "practice", because="the legal basis ended", at=at, limit=limit)


def _hand_on(
    alerts: AlertQuerySet, function: str, *, because: str, at: datetime, limit: int
) -> int:
    """Only what must move is looked at, however many alerts are open."""
    moved = 0
    for alert in list(alerts.select_related("enrolment__practice")[:limit]):
        if team := places.team_for(function, alert.enrolment.practice, at.date()):
            hand_on(alert, team, because=because, at=at)
            moved += 1
    return moved
