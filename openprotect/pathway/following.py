"""Following events: each step once, its effect and its note together; a failing one alone waits."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F

from openprotect.events.models import Done, Event
from openprotect.pathway.table import PATHWAY, Step

log = structlog.get_logger(__name__)
LONGEST_WAIT = timedelta(minutes=15)


def follow(event_id: int, *, at: datetime) -> bool:
    """Do all that follows an event, and note that it was done; False when a step has to wait.

    A step that fails is undone whole, tried again later, and hinders no other.
    """
    event = Event.objects.filter(pk=event_id, followed_up_at=None).first()
    if event is None:
        return True
    if failures := _failures(event, at=at):
        wait = min(timedelta(seconds=5) * 2 ** min(event.attempts, 12), LONGEST_WAIT)
        Event.objects.filter(pk=event.pk).update(
            attempts=F("attempts") + 1, try_at=at + wait, problem=failures[0]
        )
        return False
    Event.objects.filter(pk=event.pk, followed_up_at=None).update(followed_up_at=at, problem="")
    return True


def _failures(event: Event, *, at: datetime) -> list[str]:
    """Do what has not been done yet; what went wrong. A newer version's event waits for one."""
    steps = PATHWAY.get(event.name)
    if steps is None:
        return ["this version does not know the event"]
    return [fault for step in steps if (fault := _try(step, event, at=at))]


def _try(step: Step, event: Event, *, at: datetime) -> str:
    """Do one step; the name of its fault if it had one. The one place where any fault is caught."""
    try:
        carry_out(step, event, at=at)
    except Exception as fault:
        log.exception("step_failed", step=step.__name__, event_id=event.pk)
        return f"{step.__name__}: {type(fault).__name__}"
    return ""


@transaction.atomic
def carry_out(step: Step, event: Event, *, at: datetime) -> None:
    """The step's effect and the note that it was done, or neither."""
    Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if Done.objects.filter(event=event, step=step.__name__).exists():
        return
    step(event, at)
    Done.objects.create(event=event, step=step.__name__, at=at)


def follow_waiting(*, at: datetime, limit: int = 500) -> int:
    """Follow every event that still waits, oldest first: whatever a lost job left behind."""
    waiting = Event.objects.filter(followed_up_at=None, try_at__lte=at).order_by("id")
    found = list(waiting.values_list("pk", flat=True)[:limit])
    return sum(follow(event_id, at=at) for event_id in found)
