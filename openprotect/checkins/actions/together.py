"""The same moves for many check-ins at once: what takes a statement each takes one for all.

Each gives the same rows as its single verb done for one after the other, in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from openprotect.checkins.models import Checkin
from openprotect.checkins.rules import Slot
from openprotect.events.actions import Happened, record_many

PLAN = """
INSERT INTO checkins_checkin (id, enrolment_id, person_id, programme_id, pack_id, due_on, opens_at,
                              closes_at, status, ended_because)
SELECT id, enrolment_id, person_id, %s, %s, due_on, opens_at, closes_at, 'DUE', ''
  FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::timestamptz[], %s::timestamptz[])
       WITH ORDINALITY AS t (id, enrolment_id, person_id, due_on, opens_at, closes_at, turn)
 ORDER BY turn
ON CONFLICT (enrolment_id, due_on) DO NOTHING
"""
MOVE = """
UPDATE checkins_checkin SET status = %s WHERE id = ANY (%s) AND status = %s
RETURNING id, person_id, programme_id
"""


@dataclass(frozen=True)
class Planned:
    """One asking that belongs in the diary: of whom, and when."""

    enrolment_id: UUID
    person_id: UUID
    slot: Slot


@transaction.atomic
def plan_many(planned: Sequence[Planned], *, programme_id: UUID, pack_id: UUID) -> int:
    """Put many askings in the diary; how many were not there yet."""
    columns = (
        [uuid4() for _ in planned],
        [each.enrolment_id for each in planned],
        [each.person_id for each in planned],
        [each.slot.due_on for each in planned],
        [each.slot.opens_at for each in planned],
        [each.slot.closes_at for each in planned],
    )
    with connection.cursor() as cursor:
        cursor.execute(PLAN, [programme_id, pack_id, *columns])
        return int(cursor.rowcount)


def open_many(checkin_ids: Sequence[UUID], *, at: datetime) -> int:
    """Start waiting for the answers of many; how many began now."""
    return _move(checkin_ids, Checkin.Status.DUE, Checkin.Status.OPEN, "checkin.opened", at=at)


def miss_many(checkin_ids: Sequence[UUID], *, at: datetime) -> int:
    """Nobody answered these in time; how many were still waiting for an answer."""
    return _move(checkin_ids, Checkin.Status.OPEN, Checkin.Status.MISSED, "checkin.missed", at=at)


def part_many(checkin_ids: Sequence[UUID], *, at: datetime) -> int:
    """These were begun and not finished in time: what was said counts; how many."""
    return _move(checkin_ids, Checkin.Status.OPEN, Checkin.Status.PARTLY, "checkin.partly", at=at)


@transaction.atomic
def _move(
    checkin_ids: Sequence[UUID],
    before: Checkin.Status,
    after: Checkin.Status,
    event: str,
    *,
    at: datetime,
) -> int:
    Checkin.MOVES.check(before, after)
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [after, list(checkin_ids), before])
        moved = {checkin_id: rest for checkin_id, *rest in cursor.fetchall()}
    record_many(
        event, [Happened(each, *moved[each]) for each in checkin_ids if each in moved], at=at
    )
    return len(moved)
