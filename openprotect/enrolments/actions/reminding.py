"""Reminding a practice, before its deadline, that it still has people to look through."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from openprotect.enrolments.models import Enrolment, Reminder
from openprotect.events.actions import record
from openprotect.programmes.models import Programme

LOCAL = ZoneInfo("Europe/London")


@transaction.atomic
def remind(programme: Programme, practice_id: UUID, *, ends_at: datetime, at: datetime) -> bool:
    """Record that a practice was reminded of a deadline; a second time changes nothing.

    The reminder stands on the practice's own pages and on the lead's. Nothing is posted.
    """
    waiting = Enrolment.objects.in_preview().not_absent().filter(programme=programme)
    made, is_new = Reminder.objects.get_or_create(
        programme=programme,
        practice_id=practice_id,
        ends_on=ends_at.astimezone(LOCAL).date(),
        defaults={"people": waiting.filter(practice_id=practice_id).count(), "at": at},
    )
    if is_new:
        record(
            "preview.reminded",
            made.pk,
            at=at,
            programme_id=programme.pk,
            practice=str(practice_id),
            people=made.people,
        )
    return is_new
