"""Recording what happened, and waking the worker that follows it up."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from procrastinate.contrib.django import app as jobs

from openprotect.events.models import Event

if TYPE_CHECKING:
    from openprotect.accounts.models import User

FOLLOW_UP = "follow_up"


def record(
    name: str,
    subject_id: UUID,
    *,
    at: datetime,
    by: "User | UUID | None" = None,
    person_id: UUID | None = None,
    programme_id: UUID | None = None,
    **detail: str | int,
) -> Event:
    """Write an event in the transaction under way, and defer the job that follows it.

    Both commit or neither does. The detail holds ids, codes and counts, never a person's details.
    """
    event = Event.objects.create(
        name=name,
        subject_id=subject_id,
        person_id=person_id,
        programme_id=programme_id,
        by_id=by if by is None or isinstance(by, UUID) else by.pk,
        at=at,
        try_at=at,
        detail=detail,
    )
    jobs.configure_task(FOLLOW_UP, queue="pathway").defer(event_id=event.pk)
    return event
