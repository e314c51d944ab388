"""Recording what happened, and waking the worker that follows it up."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from openprotect.events.models import Event
from openprotect.events.rules import NOTHING_FOLLOWS

if TYPE_CHECKING:
    from openprotect.accounts.models import User

FOLLOW_UP, QUEUE = "follow_up", "pathway"
RECORD = "SELECT record_event(%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)"


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
    What nothing follows is ticked off at once, and leaves no job.
    """
    is_over = name in NOTHING_FOLLOWS
    event = Event(
        name=name,
        subject_id=subject_id,
        person_id=person_id,
        programme_id=programme_id,
        by_id=by if by is None or isinstance(by, UUID) else by.pk,
        at=at,
        try_at=at,
        detail=detail,
        followed_up_at=at if is_over else None,
        owed=0 if is_over else None,
    )
    said = (name, subject_id, person_id, programme_id, event.by_id, at, json.dumps(detail))
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [*said, None if is_over else QUEUE, FOLLOW_UP])
        (event.pk,) = cursor.fetchone()
    event._state.adding = False
    return event


@dataclass(frozen=True)
class Happened:
    """The same thing happened to this one too: to what, about whom, in which programme."""

    subject_id: UUID
    person_id: UUID | None = None
    programme_id: UUID | None = None
    detail: Mapping[str, str | int] = field(default_factory=dict)


# The end of a statement that begins `WITH told AS (…)`: the same event of each row, in its turn.
TELL = """
INSERT INTO events_event (name, subject_id, person_id, programme_id, detail, at, try_at, attempts,
                          problem, followed_up_at, owed)
SELECT %(event)s, subject_id, person_id, programme_id, detail, %(at)s, %(at)s, 0, '', %(over_at)s,
       %(owed)s
  FROM told ORDER BY turn
"""
MANY = f"""
WITH told AS (
    SELECT * FROM unnest(%(subjects)s::uuid[], %(people)s::uuid[], %(programmes)s::uuid[],
                         %(details)s::jsonb[])
        WITH ORDINALITY AS t (subject_id, person_id, programme_id, detail, turn))
{TELL}
"""  # noqa: S608 - a statement of our own


def telling(event: str, *, at: datetime) -> dict[str, Any]:
    """What a statement that ends in `TELL` is given.

    For chores: no job is deferred, since the round that does them follows afterwards what waits.
    """
    is_over = event in NOTHING_FOLLOWS
    return {
        "event": event,
        "at": at,
        "over_at": at if is_over else None,
        "owed": 0 if is_over else None,
    }


def record_many(name: str, happened: Sequence[Happened], *, at: datetime) -> None:
    """Write the same event of many subjects, in their order, in the transaction under way."""
    if not happened:
        return
    columns = {
        "subjects": [each.subject_id for each in happened],
        "people": [each.person_id for each in happened],
        "programmes": [each.programme_id for each in happened],
        "details": [json.dumps(each.detail) for each in happened],
    }
    with connection.cursor() as cursor:
        cursor.execute(MANY, telling(name, at=at) | columns)
