"""Sending what is due: claim briefly under a lease, post outside any transaction, then record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from openprotect.contacts import actions as contacts
from openprotect.contacts.rules import CHECKIN, HELD_FOR_MESSAGE, OUTCOME, UNSAFE, Answer
from openprotect.messages.actions import note_receipt, programme_may_send, settle
from openprotect.messages.models import Message
from openprotect.messages.rules import (
    LEASE,
    MOST_ATTEMPTS,
    Postbox,
    TryLater,
    Undeliverable,
    wait_before,
)
from openprotect.people.models import Person

Waiting = [Message.Status.DUE, Message.Status.SENDING]


@dataclass(frozen=True)
class Text:
    """A text ready to go: the words, and the copy we keep, which holds no link."""

    body: str
    copy: str


@dataclass(frozen=True)
class NotWanted:
    """Why a message is no longer wanted."""

    because: str


@dataclass(frozen=True)
class NotNow:
    """Until when a message waits: somebody else has the next turn, or there was enough of late."""

    until: datetime


Compose = Callable[[Message, datetime], Text | NotWanted]


def send_due(*, at: datetime, postbox: Postbox, compose: Compose, limit: int = 50) -> int:
    """Send the messages that are due, each once, or say why not."""
    done = 0
    while done < limit and (claimed := _claim(at=at, compose=compose)):
        message, to, text = claimed
        if isinstance(text, Text):
            _send(message, to, text.body, at=at, postbox=postbox)
        elif isinstance(text, NotWanted) and message.attempts:
            _withdraw(message, text, at=at, postbox=postbox)
        done += 1
    return done


@transaction.atomic
def _claim(
    *, at: datetime, compose: Compose
) -> tuple[Message, str, Text | NotWanted | NotNow] | None:
    """Take the next due message under a lease, checking at this moment that it may go.

    A worker that dies loses it when the lease ends. A person whom the database no longer shows,
    because the legal basis has ended, cannot be written to: the number is not to be had.
    """
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    due = Message.objects.filter(free, status__in=Waiting, due_at__lte=at).exclude(
        programme__sending_stopped_at__isnull=False
    )
    message = (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("programme")
        .order_by("due_at", "id")
        .first()
    )
    if message is None:
        return None
    person = Person.objects.filter(pk=message.person_id).first()
    text = _refusal(message, person) or _no_turn(message, person, at=at) or compose(message, at)
    if isinstance(text, NotWanted):
        return _withheld(message, text, at=at)
    if isinstance(text, NotNow):
        Message.objects.filter(pk=message.pk).update(leased_until=text.until)
        return message, "", text
    _lease(message, text.copy, at=at)
    return message, person.mobile if person else "", text


def _withheld(message: Message, why: NotWanted, *, at: datetime) -> tuple[Message, str, NotWanted]:
    """Not to go any more. Only one that was never tried is surely not sent."""
    if message.attempts:
        _lease(message, message.wording, at=at)
    else:
        settle(message, Message.Status.CANCELLED, at=at, because=why.because)
    return message, "", why


def _refusal(message: Message, person: Person | None) -> NotWanted | None:
    """Why this may not go now: checked at the moment of sending, not when it was made due."""
    if person is None:
        return NotWanted("the legal basis has ended")
    if person.died_on:
        return NotWanted("the person has died")
    if person.is_restricted:
        return NotWanted("the person's record is restricted")
    if person.has_stopped_contact:
        return NotWanted("the person asked us to stop")
    if not person.mobile:
        return NotWanted("no mobile number")
    if not programme_may_send(message.programme):
        return NotWanted("the programme is not running")
    return None


def _no_turn(message: Message, person: Person | None, *, at: datetime) -> NotNow | NotWanted | None:
    """Until when this has to wait by the contact ledger; None holds the turn for this message."""
    if person is None:
        return None
    answered = contacts.claim(
        person,
        programme_id=message.programme_id,
        subject_id=message.pk,
        channel="TEXT",
        topic=OUTCOME if message.kind == Message.Kind.CLOSED else CHECKIN,
        hold_for=HELD_FOR_MESSAGE,
        at=at,
    )
    if answered.answer is Answer.STOP:
        return NotWanted(UNSAFE)
    return None if answered.is_yes else NotNow(answered.until or at + LEASE)


def _lease(message: Message, copy: str, *, at: datetime) -> None:
    if message.status == Message.Status.DUE:
        message.move_to(Message.Status.SENDING)
    Message.objects.filter(pk=message.pk).update(
        status=message.status, leased_until=at + LEASE, attempts=F("attempts") + 1, wording=copy
    )
    message.attempts += 1


def _send(message: Message, to: str, body: str, *, at: datetime, postbox: Postbox) -> None:
    """Post one text under our own id; an earlier try that got through is found, not repeated."""
    try:
        found = postbox.find(message.pk) if message.attempts > 1 else None
        receipt = found or postbox.post_text(message.pk, to, body)
    except TryLater:
        _put_off(message, at=at)
    except Undeliverable as why:
        settle(message, Message.Status.FAILED, at=at, because=str(why)[:60])
    else:
        note_receipt(message, receipt, at=at)


def _withdraw(message: Message, why: NotWanted, *, at: datetime, postbox: Postbox) -> None:
    """Not wanted any more, but tried before: one that got through is sent, not cancelled."""
    try:
        receipt = postbox.find(message.pk)
    except TryLater:
        _put_off(message, at=at)
        return
    if receipt:
        note_receipt(message, receipt, at=at)
    else:
        settle(message, Message.Status.CANCELLED, at=at, because=why.because)


@transaction.atomic
def _put_off(message: Message, *, at: datetime) -> None:
    """The provider gave no final answer. Try again later; after the last try a person looks."""
    if message.attempts >= MOST_ATTEMPTS:
        settle(message, Message.Status.UNKNOWN, at=at, because="the provider gave no answer")
        return
    Message.objects.filter(pk=message.pk).update(leased_until=at + wait_before(message.attempts))


def follow_deliveries(*, at: datetime, postbox: Postbox, limit: int = 50) -> int:
    """Ask the provider what became of texts that were sent or are unknown, oldest first."""
    open_ended = [Message.Status.SENT, Message.Status.UNKNOWN]
    asked = 0
    for message in Message.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=at), status__in=open_ended
    ).order_by("made_at", "id")[:limit]:
        asked += 1
        try:
            receipt = postbox.find(message.pk)
        except TryLater:
            return asked
        if receipt:
            note_receipt(message, receipt, at=at)
        Message.objects.filter(pk=message.pk, status__in=open_ended).update(
            leased_until=at + LEASE * 5
        )
    return asked
