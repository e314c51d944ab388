"""Messages made due, sent and ended by sets: what takes statements each takes a few for all.

Each leaves the same rows as its single verb done for one after the other, in one transaction. What
differs from row to row is looked up by its id in one value: joined as a list, two lists of unknown
length may be gone through row by row.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from openprotect.base.planning import by_index
from openprotect.contacts.actions import together as contacts
from openprotect.events.actions import TELL, telling
from openprotect.messages.models import Message
from openprotect.messages.rules import LEASE, TEXT

MAKE = """
INSERT INTO messages_message (id, person_id, programme_id, kind, subject_id, channel, status,
    due_at, made_at, attempts, provider_id, to_digest, ended_because, wording)
SELECT id_at(%(at)s, %(kind)s || channel || subject_id::text), person_id, programme_id, %(kind)s,
       subject_id, channel, 'DUE', %(at)s, %(at)s, 0, '', '', '', ''
  FROM unnest(%(people)s::uuid[], %(programmes)s::uuid[], %(subjects)s::uuid[],
              %(channels)s::text[])
       WITH ORDINALITY AS t (person_id, programme_id, subject_id, channel, turn)
 ORDER BY turn
ON CONFLICT DO NOTHING
"""
LEASED = """
UPDATE messages_message m
   SET status = 'SENDING', leased_until = %(until)s, attempts = m.attempts + 1,
       wording = (%(copies)s::text[])[(%(which)s::jsonb ->> m.id::text)::int],
       to_digest = decode(%(digests)s::jsonb ->> m.id::text, 'hex')
 WHERE m.id = ANY (%(ids)s)
"""
TOLD = """
 RETURNING m.id AS subject_id, m.person_id, m.programme_id,
           jsonb_build_object('kind', m.kind, 'channel', m.channel, 'subject', m.subject_id)
           AS detail, m.id AS turn)
"""
SENT = f"""
WITH told AS (
    UPDATE messages_message m
       SET status = 'SENT', sent_at = %(at)s, leased_until = NULL,
           provider_id = %(provider_ids)s::jsonb ->> m.id::text
     WHERE m.id = ANY (%(ids)s) AND m.status = ANY (%(before)s)
    {TOLD}
{TELL} RETURNING subject_id
"""  # noqa: S608 - a statement of our own
ENDED = f"""
WITH told AS (
    UPDATE messages_message m
       SET status = %(after)s, ended_because = %(because)s, leased_until = NULL
     WHERE m.id = ANY (%(ids)s) AND m.status = ANY (%(before)s)
    {TOLD}
{TELL} RETURNING subject_id
"""  # noqa: S608 - a statement of our own


@dataclass(frozen=True)
class Owed:
    """A message that somebody is owed: who, in which programme, about what, by which way."""

    person_id: UUID
    programme_id: UUID
    subject_id: UUID
    channel: str = TEXT


def make_many_due(kind: Message.Kind, owed: Sequence[Owed], *, at: datetime) -> None:
    """As `make_due` for each of them; what is due already stays as it is."""
    if not owed:
        return
    due: dict[str, Any] = {
        "kind": str(kind),
        "at": at,
        "people": [each.person_id for each in owed],
        "programmes": [each.programme_id for each in owed],
        "subjects": [each.subject_id for each in owed],
        "channels": [each.channel for each in owed],
    }
    with connection.cursor() as cursor:
        cursor.execute(MAKE, due)


@dataclass(frozen=True)
class Leased:
    """A message about to be tried: the copy we keep of its words, and the digest of to whom."""

    id: UUID
    copy: str
    digest: bytes


def lease_many(leased: Sequence[Leased], *, at: datetime) -> None:
    """Hold these for one try; whoever does not finish it loses them when the lease ends."""
    place = {copy: turn for turn, copy in enumerate(dict.fromkeys(e.copy for e in leased), start=1)}
    values: dict[str, Any] = {
        "until": at + LEASE,
        "copies": list(place),
        "ids": [each.id for each in leased],
        "which": json.dumps({str(each.id): place[each.copy] for each in leased}),
        "digests": json.dumps({str(each.id): each.digest.hex() for each in leased}),
    }
    with connection.cursor() as cursor:
        cursor.execute(LEASED, values)


@transaction.atomic
def cancel_many(references: Sequence[UUID], because: str, *, at: datetime) -> None:
    """These were never tried, and are not to go any more; the turn that one holds is free again."""
    before = [Message.Status.DUE, Message.Status.SENDING]
    _end(references, before, Message.Status.CANCELLED, because, at=at)
    contacts.release_many(references, at=at)


@transaction.atomic
def note_sent(taken: Sequence[tuple[UUID, str]], *, at: datetime) -> None:
    """The provider has these, under our references; its own id of each is kept."""
    by_index()
    sent = Message.Status.SENT
    values = telling("message.sent", at=at) | {
        "ids": [reference for reference, _ in taken],
        "provider_ids": json.dumps({str(each): provider_id for each, provider_id in taken}),
        "before": [each for each in Message.Status if Message.MOVES.allows(each, sent)],
    }
    with connection.cursor() as cursor:
        cursor.execute(SENT, values)
        moved = [reference for (reference,) in cursor.fetchall()]
    contacts.settle_many(moved, "SENT", at=at)


@transaction.atomic
def note_ends(
    references: Sequence[UUID], status: Message.Status, *, at: datetime, because: str = ""
) -> None:
    """What became of these that were sent. Sent once, a contact it was, however it ended."""
    _end(references, [Message.Status.SENT], status, because, at=at)


def _end(
    references: Sequence[UUID],
    before: Sequence[Message.Status],
    after: Message.Status,
    because: str,
    *,
    at: datetime,
) -> None:
    for each in before:
        Message.MOVES.check(each, after)
    values = telling(f"message.{after.lower()}", at=at) | {
        "ids": list(references),
        "before": list(before),
        "after": after,
        "because": because,
    }
    if references:
        by_index()
        with connection.cursor() as cursor:
            cursor.execute(ENDED, values)
