"""Following events: each step once, its effect and its note together; a failing one alone waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from django.db import transaction
from django.db.models import F

from openprotect.events.models import Done, Event
from openprotect.pathway.table import PATHWAY, Step
from openprotect.pathway.together import TOGETHER

log = structlog.get_logger(__name__)
LONGEST_WAIT = timedelta(minutes=15)
AT_ONCE = 5000  # events in one look


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
    Event.objects.filter(pk=event.pk, followed_up_at=None).update(
        followed_up_at=at, owed=len(PATHWAY[event.name]), problem=""
    )
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


def follow_waiting(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Follow every event that still waits, oldest first: whatever a lost job left behind.

    Of events with one name that follow each other, what can be done together is done so first.
    """
    waiting = Event.objects.filter(followed_up_at=None, try_at__lte=at).order_by("id")
    followed = 0
    for name, run in groupby(list(waiting[:limit]), key=lambda event: event.name):
        followed += _follow_run(PATHWAY.get(name), list(run), at=at)
    return followed


def _follow_run(steps: Sequence[Step] | None, events: list[Event], *, at: datetime) -> int:
    done: set[int] = set()
    if steps is not None and len(events) > 1:
        try:
            done = _together(steps, events, at=at)
        except Exception:
            # One of them may be at fault: it alone must wait, so each is followed by itself.
            log.exception("steps_failed_together", events=len(events))
    return len(done) + sum(follow(event.pk, at=at) for event in events if event.pk not in done)


@transaction.atomic
def _together(steps: Sequence[Step], events: list[Event], *, at: datetime) -> set[int]:
    """Do for all of them what needs no step by itself; the ids of events of which nothing is left.

    The effects and the notes that they were done commit together, as for a single step.
    """
    ids = [event.pk for event in events]
    ours = Event.objects.filter(pk__in=ids, followed_up_at=None).order_by("id")
    locked = list(ours.select_for_update(skip_locked=True, of=("self",)))
    left = {event.pk for event in locked}
    for step in steps:
        noted = Done.objects.filter(event__in=ids, step=step.__name__)
        before = set(noted.values_list("event", flat=True))
        rest = [event for event in locked if event.pk not in before]
        done = TOGETHER[step](rest, at) if rest and step in TOGETHER else set()
        Done.objects.bulk_create(
            Done(event_id=each, step=step.__name__, at=at) for each in sorted(done)
        )
        left &= before | done
    Event.objects.filter(pk__in=left).update(followed_up_at=at, owed=len(steps), problem="")
    return left
