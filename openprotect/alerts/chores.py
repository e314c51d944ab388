"""What nobody accepts comes back to surveillance; what outlives its basis goes to the practice."""

from datetime import datetime

from openprotect.alerts.actions import hand_on
from openprotect.alerts.models import Alert
from openprotect.governance.queries import basis_ends_at
from openprotect.places import queries as places


def take_back_unaccepted(*, at: datetime, limit: int = 500) -> int:
    """Alerts not accepted in time go to the surveillance team, which works seven days a week."""
    late = Alert.objects.filter(status=Alert.Status.RAISED, accept_by__lte=at)
    late = late.exclude(team__function="surveillance").select_related("enrolment__practice")
    found = list(late.order_by("accept_by", "id")[:limit])
    moved = 0
    for alert in found:
        team = places.team_for("surveillance", alert.enrolment.practice, at.date())
        if team and basis_ends_at(alert.programme.purpose, at=at):
            hand_on(alert, team, because="not accepted in time", at=at)
            moved += 1
    return moved


def hand_to_practices_after_basis(*, at: datetime, limit: int = 500) -> int:
    """When a legal basis has ended, open alerts go to the registered practice as direct care."""
    open_ones = Alert.objects.open().exclude(team__function="practice")
    moved = 0
    for alert in open_ones.select_related("enrolment__practice", "programme").order_by("id")[
        :limit
    ]:
        team = places.team_for("practice", alert.enrolment.practice, at.date())
        if team and basis_ends_at(alert.programme.purpose, at=at) is None:
            hand_on(alert, team, because="the legal basis ended", at=at)
            moved += 1
    return moved
