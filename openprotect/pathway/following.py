"""Following events: each step once, its effect and its note together; a failing one alone waits."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from threading import current_thread, main_thread
from typing import Any
from uuid import uuid4

import structlog
from django.db import connection, transaction
from django.db.models import F

from openprotect.base.planning import by_index
from openprotect.events.actions import FOLLOW_UP
from openprotect.events.models import Done, Event
from openprotect.pathway.table import PATHWAY, Step
from openprotect.pathway.together import TOGETHER

log = structlog.get_logger(__name__)
LONGEST_WAIT = timedelta(minutes=15)
AT_ONCE, MOST_WITH = 20_000, 500  # events in one look, and in one that a job takes
MOST_TOGETHER = 2500  # events in one transaction: others follow the next ones meanwhile

WAITING = """
SELECT id, name, person_id FROM events_event WHERE followed_up_at IS NULL AND try_at <= %s
 ORDER BY id LIMIT %s
"""
LOCKED = """
SELECT id FROM events_event WHERE id = ANY (%s) AND followed_up_at IS NULL
 ORDER BY id FOR UPDATE SKIP LOCKED
"""
NOTED = "SELECT event_id, step FROM events_done WHERE event_id = ANY (%s)"
NOTE = """
INSERT INTO events_done (id, event_id, step, at)
SELECT id, event_id, %s, %s FROM unnest(%s::uuid[], %s::bigint[]) AS t (id, event_id)
"""
TICK = """
UPDATE events_event SET followed_up_at = %s, owed = %s, at_once = %s, problem = ''
 WHERE id = ANY (%s) AND followed_up_at IS NULL
"""
# Jobs that have not begun, of events that have been followed meanwhile.
NEEDLESS = """
DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s
   AND (args ->> 'event_id')::bigint = ANY (%s)
"""


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
    held = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    # Somebody else may have done all of it together while we waited; then no step has its own note.
    if held.followed_up_at is not None:
        return
    if Done.objects.filter(event=event, step=step.__name__).exists():
        return
    step(event, at)
    Done.objects.create(event=event, step=step.__name__, at=at)


def follow_waiting(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Follow every event that still waits, oldest first: whatever a lost job left behind.

    Of events with one name, what can be done together is done so first; whatever befell one
    person is followed in its order.
    """
    return len(_follow_oldest(at=at, limit=limit))


def follow_with_others(event_id: int, *, at: datetime) -> None:
    """Follow an event, and with it what waits before it: jobs for those are needless then."""
    done = _follow_oldest(at=at, limit=MOST_WITH)
    follow(event_id, at=at)
    with connection.cursor() as cursor:
        cursor.execute(NEEDLESS, [FOLLOW_UP, sorted(done)])


def _follow_oldest(*, at: datetime, limit: int) -> set[int]:
    followed: set[int] = set()
    for name, events in _in_runs(_asked(WAITING, at, limit)):
        followed |= _follow_run(PATHWAY.get(name), events, at=at)
    return followed


def _in_runs(waiting: Iterable[tuple[Any, ...]]) -> list[tuple[str, list[int]]]:
    """Events of one name together, as far as nobody's own events change their order by it."""
    runs: list[tuple[str, list[int]]] = []
    latest: dict[str, int] = {}
    reached: dict[object, int] = {}
    for event_id, name, person_id in waiting:
        place = latest.get(name, -1)
        if place < reached.get(person_id, 0) or len(runs[place][1]) >= MOST_TOGETHER:
            place = latest[name] = len(runs)
            runs.append((name, []))
        runs[place][1].append(event_id)
        reached[person_id] = place
    return runs


def _follow_run(steps: Sequence[Step] | None, events: list[int], *, at: datetime) -> set[int]:
    done: set[int] = set()
    if steps is not None and len(events) > 1:
        try:
            events, done = _together(steps, events, at=at)
        except Exception:
            # One of them may be at fault: it alone must wait, so each is followed by itself.
            log.exception("steps_failed_together", events=len(events))
    left = [each for each in events if each not in done]
    if current_thread() is not main_thread():
        left.reverse()  # another hand begins at the other end, and the two meet
    return done | {each for each in left if follow(each, at=at)}


@transaction.atomic
def _together(
    steps: Sequence[Step], events: list[int], *, at: datetime
) -> tuple[list[int], set[int]]:
    """Do for all of them what needs no step by itself: which are ours, and which are done with.

    1. Whoever else follows one of them has it: those are left out.
    2. Each step is done for all for which it was not done yet, as far as it can be done together.
    3. An event all of whose steps were done here is ticked off with them: one commit, one note.
    4. Of the others each step that was done is noted by itself, and the rest is done one by one.
    """
    by_index()
    locked = [each for (each,) in _asked(LOCKED, events)]
    if not steps:
        _tick(locked, owed=0, at_once=0, at=at)
        return locked, set(locked)
    noted: dict[str, set[int]] = {step.__name__: set() for step in steps}
    for event_id, name in _asked(NOTED, locked):
        noted.setdefault(name, set()).add(event_id)
    done: dict[str, set[int]] = {}
    for step in steps:
        rest = [each for each in locked if each not in noted[step.__name__]]
        done[step.__name__] = TOGETHER[step](rest, at) if rest and step in TOGETHER else set()
    whole = set.intersection(*done.values())
    over = {each for each in locked if all(each in noted[name] | done[name] for name in done)}
    for name, ids in done.items():
        _note(name, sorted(ids - whole), at=at)
    _tick(whole, owed=len(steps), at_once=len(steps), at=at)
    _tick(over - whole, owed=len(steps), at_once=0, at=at)
    return locked, over


def _note(step: str, events: list[int], *, at: datetime) -> None:
    if events:
        with connection.cursor() as cursor:
            cursor.execute(NOTE, [step, at, [uuid4() for _ in events], events])


def _tick(events: Iterable[int], *, owed: int, at_once: int, at: datetime) -> None:
    ids = sorted(events)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(TICK, [at, owed, at_once, ids])


def _asked(statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]  # ids, names and instants
        return list(cursor.fetchall())
