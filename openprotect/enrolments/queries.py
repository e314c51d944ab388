"""Reading enrolments: a practice's people to review, and why each is here."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.enrolments.models import (
    Absence,
    Decision,
    Enrolment,
    Reason,
    Request,
    Standstill,
)
from openprotect.people.queries import practices_in_reach
from openprotect.places.models import Organisation


def visible_to(viewer: Viewer) -> QuerySet[Enrolment]:
    """Enrolments of people in reach, with the person; before review only the practice's own."""
    mine = Enrolment.objects.filter(practice_id__in=practices_in_reach(viewer))
    if viewer.role != "PRACTICE":
        mine = mine.exclude(status__in=[Enrolment.Status.PREVIEW, Enrolment.Status.VETOED])
    return mine.select_related("person", "programme", "practice")


def has_moved_away(enrolment_id: UUID) -> bool:
    """Whether this was a patient of the viewer's practice and is another's now: all it may know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT moved_away(%s)", [enrolment_id])
        return bool(cursor.fetchone()[0])


def to_review(viewer: Viewer) -> QuerySet[Enrolment]:
    """Whom the rules find and the practice has not decided on, soonest deadline first."""
    waiting = (
        visible_to(viewer)
        .filter(status=Enrolment.Status.PREVIEW)
        .exclude(pk__in=Absence.objects.filter(settled_at=None).values("enrolment_id"))
    )
    return waiting.prefetch_related("reasons").order_by(
        "preview_ends_at", "person__family_name", "id"
    )


def reasons_of(enrolment: Enrolment) -> QuerySet[Reason]:
    return enrolment.reasons.order_by("group", "-on", "id")


def requests_of(viewer: Viewer) -> QuerySet[Request]:
    """Whom a practice asked to add, and what became of it."""
    return Request.objects.filter(practice_id__in=practices_in_reach(viewer))


def decisions_of(enrolment: Enrolment) -> QuerySet[Decision]:
    return enrolment.decisions.select_related("by").order_by("-at", "id")


def busiest_practice() -> Organisation | None:
    """The practice with the most people to review, for the demonstration."""
    counts = Enrolment.objects.values("practice_id").annotate(people=Count("id"))
    most = counts.order_by("-people", "practice_id").values_list("practice_id", flat=True).first()
    return Organisation.objects.filter(pk=most).first() if most else None


def standing_still(at: datetime) -> list[UUID]:
    """The practices whose patients are not asked now, because the practice paused."""
    paused = Standstill.objects.filter(ended_at=None, from_at__lte=at, until__gt=at)
    return list(paused.values_list("practice_id", flat=True))


def standstill_of(viewer: Viewer) -> Standstill | None:
    """The pause that the viewer's own practice is in; None when its patients are asked."""
    mine = Standstill.objects.filter(practice_id=viewer.organisation_id, ended_at=None)
    return mine.filter(until__gt=viewer.at).select_related("by").first()
