"""The same moves for many check-ins at once: what takes a statement each takes one for all.

Each gives the same rows as its single verb done for one after the other, in one transaction.
"""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from openprotect.accounts.rules import digest
from openprotect.checkins.models import Checkin
from openprotect.checkins.rules import Slot
from openprotect.events.actions import TELL, telling
from openprotect.programmes.models import Programme

PLAN = """
INSERT INTO checkins_checkin (id, enrolment_id, person_id, programme_id, pack_id, due_on, opens_at,
                              closes_at, status, ended_because)
SELECT id_at(opens_at, enrolment_id::text || due_on::text), enrolment_id, person_id, %s, %s, due_on,
       opens_at, closes_at, 'DUE', ''
  FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::timestamptz[], %s::timestamptz[])
       WITH ORDINALITY AS t (enrolment_id, person_id, due_on, opens_at, closes_at, turn)
 ORDER BY turn
ON CONFLICT (enrolment_id, due_on) DO NOTHING
"""
# Everybody of a programme who joined at one of these instants and may be contacted, but for a few.
PLAN_ALIKE = """
INSERT INTO checkins_checkin (id, enrolment_id, person_id, programme_id, pack_id, due_on, opens_at,
                              closes_at, status, ended_because)
SELECT id_at(s.opens_at, e.id::text || s.due_on::text), e.id, e.person_id, e.programme_id, %(pack)s,
       s.due_on, s.opens_at, s.closes_at, 'DUE', ''
  FROM enrolments_enrolment e
  JOIN unnest(%(joined)s::timestamptz[], %(days)s::date[], %(opens)s::timestamptz[],
              %(closes)s::timestamptz[]) AS s (joined_at, due_on, opens_at, closes_at)
    ON s.joined_at = coalesce(e.active_from, %(at)s)
  JOIN people_person p ON p.id = e.person_id
   AND p.died_on IS NULL AND NOT p.is_restricted AND NOT p.has_stopped_contact
   AND NOT coalesce(p.practice_id = ANY (%(paused)s::uuid[]), false)
 WHERE e.programme_id = %(programme)s AND e.status = 'ACTIVE' AND NOT e.id = ANY (%(but)s)
   AND NOT EXISTS (SELECT FROM checkins_checkin c
                    WHERE c.enrolment_id = e.id AND c.due_on = s.due_on)
   AND NOT (%(once)s AND EXISTS (SELECT FROM checkins_checkin c
                    WHERE c.enrolment_id = e.id AND c.status IN ('ANSWERED', 'MISSED')))
 ORDER BY e.id
ON CONFLICT (enrolment_id, due_on) DO NOTHING
"""
MOVE = f"""
WITH told AS (
    UPDATE checkins_checkin c SET status = %(after)s
     WHERE c.id = ANY (%(ids)s) AND c.status = %(before)s
    RETURNING c.id AS subject_id, c.person_id, c.programme_id, '{{}}'::jsonb AS detail,
              (%(turns)s::jsonb ->> c.id::text)::int AS turn)
{TELL}
"""  # noqa: S608 - a statement of our own
LINKS = """
INSERT INTO checkins_link (id, checkin_id, person_id, token_digest, issued_at, valid_until,
                           wrong_tries)
SELECT id_at(%s, encode(token_digest, 'hex')), checkin_id, person_id, token_digest, %s, valid_until,
       0
  FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::timestamptz[])
       AS t (checkin_id, person_id, token_digest, valid_until)
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
        [each.enrolment_id for each in planned],
        [each.person_id for each in planned],
        [each.slot.due_on for each in planned],
        [each.slot.opens_at for each in planned],
        [each.slot.closes_at for each in planned],
    )
    with connection.cursor() as cursor:
        cursor.execute(PLAN, [programme_id, pack_id, *columns])
        return int(cursor.rowcount)


@transaction.atomic
def plan_alike(
    programme: Programme,
    slots: Mapping[datetime, Slot],
    *,
    once: bool,
    but: Collection[UUID],
    paused: Sequence[UUID],
    at: datetime,
) -> int:
    """Put the asking of everybody who joined at one of these instants in the diary.

    `but` are enrolments that are asked at times of their own, `paused` practices whose patients
    are not asked now. How many were not there yet.
    """
    asked: dict[str, Any] = {
        "programme": programme.pk,
        "pack": programme.pack_id,
        "joined": list(slots),
        "days": [each.due_on for each in slots.values()],
        "opens": [each.opens_at for each in slots.values()],
        "closes": [each.closes_at for each in slots.values()],
        "but": list(but),
        "paused": list(paused),
        "once": once,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLAN_ALIKE, asked)
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
    if not checkin_ids:
        return 0
    turns = json.dumps({str(each): turn for turn, each in enumerate(checkin_ids)})
    values = {"ids": list(checkin_ids), "turns": turns, "before": before, "after": after}
    with connection.cursor() as cursor:
        cursor.execute(MOVE, telling(event, at=at) | values)
        return int(cursor.rowcount)


def issue_links(wanted: Sequence[tuple[Checkin, datetime]], *, at: datetime) -> list[str]:
    """A new personal link's token for each of these, and until when it is to work."""
    tokens = [secrets.token_urlsafe(32) for _ in wanted]
    if wanted:
        columns = (
            [checkin.pk for checkin, _ in wanted],
            [checkin.person_id for checkin, _ in wanted],
            [digest(token) for token in tokens],
            [until for _, until in wanted],
        )
        with connection.cursor() as cursor:
            cursor.execute(LINKS, [at, at, *columns])
    return tokens
