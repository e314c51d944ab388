"""Claiming what is due: locked, looked at for whatever stands against it now, written, leased."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from openprotect.base.planning import by_index
from openprotect.contacts.actions.together import Ask, claim_many
from openprotect.contacts.rules import CHECKIN, HELD_FOR_MESSAGE, OUTCOME, UNSAFE, Answer, Answered
from openprotect.messages.actions import note_receipt
from openprotect.messages.actions.together import Leased, cancel_many, lease_many
from openprotect.messages.models import Message
from openprotect.messages.queries import (
    ANSWERS_TO_THEM,
    OF_A_CHECKIN,
    WAITING,
    Standing,
    not_now,
    standings,
)
from openprotect.messages.rules import (
    CALL,
    LEASE,
    NotNow,
    NotWanted,
    Receipt,
    Text,
    digest_of,
)


@dataclass(frozen=True, slots=True, eq=False)
class ToWrite:
    """A message that wants words, and the language of whoever reads it."""

    message: Message
    language: str


Compose = Callable[[Sequence[ToWrite], datetime], Sequence[Text | NotWanted]]


@dataclass(frozen=True, slots=True, eq=False)
class Claimed:
    """A message that was looked at: to whom it goes and in which words, or why it does not."""

    message: Message
    to: str
    text: Text | NotWanted | NotNow


@transaction.atomic
def claim(*, at: datetime, compose: Compose, held: Q, limit: int) -> list[Claimed]:
    """Take the next due messages under a lease, checking at this moment that each may go.

    A worker that dies loses them when the lease ends. A person whom the database no longer shows,
    because the legal basis has ended, cannot be written to: the number is not to be had.
    """
    by_index()
    due = _due(at, held, limit)
    stand = standings(due)
    against = {each.pk: _against(each, stand[each.pk], at) for each in due}
    free = [each for each in due if against[each.pk] is None]
    against |= _no_turns([each for each in free if each.channel != CALL], stand, at=at)
    free = [each for each in free if against[each.pk] is None]
    to_write = [ToWrite(each, stand[each.pk].language) for each in free]
    words = dict(
        zip((each.pk for each in free), compose(to_write, at) if free else (), strict=True)
    )
    taken = [Claimed(each, stand[each.pk].to, against[each.pk] or words[each.pk]) for each in due]
    _keep(taken, at=at)
    return taken


def _due(at: datetime, held: Q, limit: int) -> list[Message]:
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    due = Message.objects.filter(free, status__in=WAITING, due_at__lte=at).exclude(held)
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("programme")
    return list(locked.order_by("due_at", "id")[:limit])


def _against(message: Message, stands: Standing, at: datetime) -> NotWanted | NotNow | None:
    return NotWanted(stands.because) if stands.because else not_now(message, at)


def _no_turns(
    messages: Sequence[Message], stand: Mapping[UUID, Standing], *, at: datetime
) -> dict[UUID, NotNow | NotWanted | None]:
    """Until when each has to wait by the contact ledger; None holds the turn for this message.

    A call asks when somebody takes it. An answer to what they wrote a moment ago does not wait.
    """
    asks = [
        Ask(
            each.pk,
            stand[each.pk].nhs_number,
            each.programme_id,
            each.channel,
            CHECKIN if each.kind in OF_A_CHECKIN else OUTCOME,
            is_safety=each.kind in ANSWERS_TO_THEM,
        )
        for each in messages
    ]
    answers = claim_many(asks, hold_for=HELD_FOR_MESSAGE, at=at)
    return {each: _no_turn(answered, at) for each, answered in answers.items()}


def _no_turn(answered: Answered, at: datetime) -> NotNow | NotWanted | None:
    if answered.answer is Answer.STOP:
        return NotWanted(UNSAFE)
    if answered.is_yes:
        return None
    return NotNow(answered.until or at + LEASE, "somebody else has the next turn")


def _keep(taken: Sequence[Claimed], *, at: datetime) -> None:
    """What becomes of each: it waits, it is withheld, it is a call, or it is tried now."""
    leased = {each.message.pk: lease for each in taken if (lease := _leased(each))}
    lease_many(list(leased.values()), at=at)
    cancelled: dict[str, list[UUID]] = {}
    for each in taken:
        message, text = each.message, each.text
        if message.pk in leased:
            message.attempts += 1
        elif isinstance(text, NotNow):
            Message.objects.filter(pk=message.pk).update(leased_until=text.until)
        elif isinstance(text, Text) and message.channel == CALL:
            # Nothing leaves the house: that its turn has come is the event that a call follows.
            note_receipt(message, Receipt("", "sending"), at=at)
        elif isinstance(text, NotWanted):
            cancelled.setdefault(text.because, []).append(message.pk)
    for because, ids in cancelled.items():
        cancel_many(ids, because, at=at)


def _leased(each: Claimed) -> Leased | None:
    """A message that is tried now, or was tried before: only what never was is surely not sent."""
    message, text = each.message, each.text
    if isinstance(text, Text) and message.channel != CALL:
        return Leased(message.pk, text.copy, digest_of(message.pk, each.to))
    if isinstance(text, NotWanted) and message.attempts:
        return Leased(message.pk, message.wording, bytes(message.to_digest))
    return None
