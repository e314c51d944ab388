"""Reading alerts: worklists, most urgent first, overdue worked out as they are read."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert
from openprotect.people.queries import practices_in_reach


def visible_to(viewer: Viewer) -> QuerySet[Alert]:
    """Alerts that this member of staff may see: of people in reach, or owned by their teams."""
    owned = Q(team__organisation_id=viewer.organisation_id)
    if viewer.role == Role.PARTNER:
        found = Alert.objects.filter(owned)
    else:
        found = Alert.objects.filter(person__practice_id__in=practices_in_reach(viewer))
    return found.select_related("person", "person__practice", "team", "programme")


def worklist(viewer: Viewer) -> QuerySet[Alert]:
    """Open alerts of the viewer's own teams, most urgent first, then the longest overdue."""
    mine = visible_to(viewer).open().filter(team__organisation_id=viewer.organisation_id)
    return mine.most_urgent_first()


def of_other_teams(viewer: Viewer) -> QuerySet[Alert]:
    """Open alerts in reach that other teams own, so that nothing is hidden without saying so."""
    others = visible_to(viewer).open().exclude(team__organisation_id=viewer.organisation_id)
    return others.most_urgent_first()


@dataclass(frozen=True)
class Load:
    """A team's open alerts in numbers, overdue by this moment's clock."""

    open: int
    not_accepted: int
    overdue: int
    now: int


def load(viewer: Viewer) -> Load:
    counts = worklist(viewer).aggregate(
        open=Count("id"),
        not_accepted=Count("id", filter=Q(status=Alert.Status.RAISED)),
        overdue=Count("id", filter=Q(due_at__lt=viewer.at)),
        now=Count("id", filter=Q(urgency=1)),
    )
    return Load(**counts)


def told_back(viewer: Viewer) -> QuerySet[Alert]:
    """Alerts about the viewer's people that were closed, newest first: the outcome told back."""
    return visible_to(viewer).filter(status=Alert.Status.CLOSED).order_by("-closed_at", "id")
