"""Asking the ledger for many messages of ours at once, and telling it what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from openprotect.contacts.actions import ledger_key
from openprotect.contacts.rules import Answer, Answered

CLAIM = """
SELECT subject, claim_id, answer, until, covered_by
  FROM claim_contacts(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[],
                      %s::boolean[], %s, %s)
"""
SETTLE = "SELECT settle_contacts(%s::uuid[], %s, %s)"
RELEASE = """
SELECT settle_contact(NULL, c.subject_id, '', %s) FROM contacts_claim c
 WHERE c.subject_id = ANY (%s::uuid[]) AND c.status = 'HELD'
"""


@dataclass(frozen=True)
class Ask:
    """May a programme contact this person about this subject, this way, now?"""

    subject_id: UUID
    number: str
    programme_id: UUID
    channel: str
    topic: str
    is_safety: bool = False


def claim_many(asks: Sequence[Ask], *, hold_for: timedelta, at: datetime) -> dict[UUID, Answered]:
    """As `claim` for each, by subject, in the transaction that takes their messages."""
    if not asks:
        return {}
    columns = (
        [each.subject_id for each in asks],
        [each.number for each in asks],
        [ledger_key(each.number) for each in asks],
        [each.programme_id for each in asks],
        [each.channel for each in asks],
        [each.topic for each in asks],
        [each.is_safety for each in asks],
    )
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [*columns, hold_for, at])  # type: ignore[list-item]  # an interval
        return {
            subject: Answered(Answer(answer), until, covered_by or "", claim_id)
            for subject, claim_id, answer, until, covered_by in cursor.fetchall()
        }


def settle_many(subjects: Sequence[UUID], outcome: str, *, at: datetime) -> None:
    """Tell what came of many contacts of ours: as `settle` for each."""
    if subjects:
        with connection.cursor() as cursor:
            cursor.execute(SETTLE, [list(subjects), outcome, at])


def release_many(subjects: Sequence[UUID], *, at: datetime) -> None:
    """Give the slots back that these hold: nobody was contacted."""
    if subjects:
        with connection.cursor() as cursor:
            cursor.execute(RELEASE, [at, list(subjects)])
