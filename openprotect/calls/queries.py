"""Reading the call queue: how many wait, which one is mine, what was tried."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.calls.models import Attempt, Call


@dataclass(frozen=True)
class Floor:
    """The queue in numbers: waiting now, due later today, in a call, done today."""

    waiting: int
    later: int
    in_call: int
    done_today: int


def visible_to(viewer: Viewer) -> QuerySet[Call]:
    """The calls that this call handler holds now; nobody's else, and none of the queue."""
    return Call.objects.filter(
        status=Call.Status.CLAIMED, claimed_by_id=viewer.user_id, leased_until__gt=viewer.at
    ).select_related("person", "programme", "checkin", "enrolment")


def floor(viewer: Viewer) -> Floor:
    """How the queue stands; counts only."""
    at = viewer.at
    held = Q(status=Call.Status.CLAIMED, leased_until__gt=at)
    left = Q(status=Call.Status.CLAIMED, leased_until__lte=at)
    waiting = Q(status=Call.Status.WAITING)
    counts = Call.objects.aggregate(
        waiting=Count("id", filter=(waiting & Q(due_at__lte=at)) | left),
        later=Count("id", filter=waiting & Q(due_at__gt=at)),
        in_call=Count("id", filter=held),
        done_today=Count("id", filter=Q(ended_at__date=at.date(), status=Call.Status.DONE)),
    )
    return Floor(**counts)


def next_due_at(at: datetime) -> datetime | None:
    """When the next call becomes due; None when none is planned."""
    later = Call.objects.filter(status=Call.Status.WAITING, due_at__gt=at)
    return later.order_by("due_at").values_list("due_at", flat=True).first()


def tries_of(call: Call) -> list[Attempt]:
    return list(call.tries.select_related("by").order_by("-at", "id"))
