"""What a team did in the last week: for itself, as a reason to be content."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert, FollowUp
from openprotect.alerts.queries import visible_to
from openprotect.events.models import Event
from openprotect.referrals.queries import visible_to as referrals_of

WEEK = timedelta(days=7)
CARE = frozenset({Role.PRACTICE, Role.LOCALITY, Role.SURVEILLANCE})
CALLED = ("call.done", "call.not_reached", "call.handed_on", "call.put_off")
REVIEWED = ("enrolment.kept", "enrolment.vetoed")


@dataclass(frozen=True)
class Did:
    """One thing that was done, and how often."""

    number: int
    what: str


def week(viewer: Viewer) -> list[Did]:
    """What the viewer's own team did in the last seven days; nothing that it did not do."""
    since = viewer.at - WEEK
    return [each for each in _did(viewer, since) if each.number]


def _did(viewer: Viewer, since: datetime) -> Iterator[Did]:
    if viewer.role in CARE or viewer.role == Role.PARTNER:
        yield from _alerts(viewer, since)
        ours = referrals_of(viewer).filter(to_team__organisation_id=viewer.organisation_id)
        done = ours.filter(status="DONE", ended_at__gt=since).order_by()
        yield Did(done.count(), "tasks for others done")
    if viewer.role == Role.PRACTICE:
        looked = Event.objects.filter(name__in=REVIEWED, at__gt=since, by__isnull=False)
        yield Did(looked.count(), "patients looked through")
    if viewer.role == Role.CALLER:
        mine = Event.objects.filter(name__in=CALLED, at__gt=since, by_id=viewer.user_id)
        yield Did(mine.count(), "calls, by you")
        yield Did(mine.filter(name="call.done").count(), "people spoken to, by you")


def _alerts(viewer: Viewer, since: datetime) -> Iterator[Did]:
    ours = visible_to(viewer).filter(team__organisation_id=viewer.organisation_id)
    closed = ours.filter(status=Alert.Status.CLOSED, closed_at__gt=since).order_by()
    counts = closed.aggregate(
        alerts=Count("id"),
        people=Count("person_id", distinct=True),
        urgent=Count("id", filter=Q(urgency=1)),
    )
    yield Did(counts["alerts"], "alerts dealt with")
    yield Did(counts["people"], "people helped")
    yield Did(counts["urgent"], "of these needed somebody at once")
    if viewer.role in CARE:
        helped = FollowUp.objects.filter(alert__in=ours, helped="YES", answered_at__gt=since)
        yield Did(helped.count(), "people said that it helped")
