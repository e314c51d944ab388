"""Asking the ledger before anybody is contacted, and telling it what came of the contact."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.contacts.models import Limit
from openprotect.contacts.rules import (
    CHANNELS,
    HELD_FOR,
    LONGEST_HOLD,
    MADE,
    TOPICS,
    Answer,
    Answered,
    check_ask,
    pseudonym,
)
from openprotect.governance.queries import basis_ends_at
from openprotect.people.models import Person

ASK = """
SELECT claim_id, answer, until, covered_by
  FROM claim_contact(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def ledger_key(number: str) -> str:
    """What an NHS number is called in the ledger of this installation, and in no other."""
    secret = hashlib.sha256(b"contact ledger:" + settings.SECRET_KEY.encode()).digest()
    return pseudonym(secret, number)


def claim(
    person: Person,
    *,
    programme_id: UUID,
    subject_id: UUID,
    channel: str,
    topic: str,
    hold_for: timedelta,
    at: datetime,
    is_safety: bool = False,
    patiently: bool = True,
) -> Answered:
    """May one of our programmes contact this person now? Yes holds the slot for this subject.

    To be asked in the transaction that takes the message or the call, and settled or released when
    that ends. `patiently` waits for others who are asking about the same person; without, one
    who holds several locks is told to wait a minute instead.
    """
    number, key = person.nhs_number, ledger_key(person.nhs_number)
    return _ask(
        number, key, programme_id, None, subject_id, channel, topic, at, hold_for, is_safety,
        patiently, None, at,
    )  # fmt: skip


Value = str | bool | datetime | timedelta | UUID | None


def _ask(*values: Value) -> Answered:
    with connection.cursor() as cursor:
        cursor.execute(ASK, values)  # type: ignore[arg-type]  # an interval is one too
        claim_id, answer, until, covered_by = cursor.fetchone()
    return Answered(Answer(answer), until, covered_by or "", claim_id)


@transaction.atomic
def ask(
    number: str,
    *,
    channel: str,
    topic: str,
    at: datetime,
    wanted_at: datetime | None = None,
    hold_for: timedelta = HELD_FOR,
    is_safety: bool = False,
    organisation_id: UUID | None = None,
    exchange_id: UUID | None = None,
) -> Answered:
    """May a partner contact whoever has this NHS number? Yes holds the slot.

    A partner's session asks for its own organisation, whatever is given here; the worker names one.
    Whether somebody is in a programme is not told: a stranger's slot is held like anybody's.
    """
    wanted_at = wanted_at or at
    check_ask(channel, topic, wanted_at=wanted_at, at=at)
    if not timedelta(0) < hold_for <= LONGEST_HOLD:
        raise Refused(f"A slot is held for {LONGEST_HOLD.days} days at most.")
    return _ask(
        number, ledger_key(number), None, organisation_id, None, channel, topic, wanted_at,
        hold_for, is_safety, True, exchange_id, at,
    )  # fmt: skip


def refuse_without_basis(viewer: Viewer) -> None:
    """A partner asks for a purpose; once its legal basis has ended, nobody is asked about."""
    if not basis_ends_at(viewer.purpose, at=viewer.at):
        raise Refused("There is no legal basis now to ask about anybody.")


def settle(subject_id: UUID, outcome: str, *, at: datetime) -> bool:
    """Tell what came of our own message or call; whether the ledger had been asked about it."""
    return _settle(None, subject_id, outcome, at)


def release(subject_id: UUID, *, at: datetime) -> bool:
    """Give the slot of our own message or call back: nobody was contacted."""
    return _settle(None, subject_id, "", at)


@transaction.atomic
def settle_claim(claim_id: UUID, outcome: str, *, at: datetime) -> bool:
    """Tell what came of a contact by the claim's own number; empty gives the slot back unused."""
    if outcome and outcome not in MADE:
        raise Refused(f"Say what came of it: {', '.join(MADE).lower()}.")
    return _settle(claim_id, None, outcome, at)


def _settle(claim_id: UUID | None, subject_id: UUID | None, outcome: str, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT settle_contact(%s, %s, %s, %s)", [claim_id, subject_id, outcome, at])
        (found,) = cursor.fetchone()
    return found is not None


def recall(person: Person, *, at: datetime) -> int:
    """Nobody may contact this person any more: slots that partners hold are taken back."""
    key = ledger_key(person.nhs_number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT recall_contacts(%s, %s, %s)", [person.pk, key, at])
        (many,) = cursor.fetchone()
    return int(many)


@transaction.atomic
def set_limit(
    kind: str, what: str, *, most: int, hours: int, set_by: str, because: str, at: datetime
) -> Limit:
    """Set how often people may be contacted, or how long a topic rests, for the whole system."""
    known: Sequence[str] = [*CHANNELS, "ANY"] if kind == Limit.Kind.CAP else list(TOPICS)
    if kind not in Limit.Kind.values or what not in known:
        raise Refused(f"A limit is for one of: {', '.join(known)}.")
    if not because.strip() or not set_by.strip():
        raise Refused("Say who sets it, and why.")
    if not 1 <= hours <= 24 * 60 or (kind == Limit.Kind.CAP and not 1 <= most <= 1000):
        raise Refused("Give at least one contact, and from one hour up to sixty days.")
    now = Limit.objects.select_for_update().filter(kind=kind, what=what, ends_at=None).first()
    if now:
        if (now.most, now.hours) == (most, hours):
            return now
        now.ends_at = at
        now.save(update_fields=["ends_at"])
    made = Limit(
        kind=kind, what=what, most=most, hours=hours, set_by=set_by, because=because, starts_at=at
    )
    made.save(force_insert=True)
    return made
