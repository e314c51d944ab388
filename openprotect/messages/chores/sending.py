"""Sending what is due: claim briefly under a lease, post outside any transaction, then record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.db.models import F, Q

from openprotect.contacts import actions as contacts
from openprotect.contacts.rules import CHECKIN, HELD_FOR_MESSAGE, OUTCOME, UNSAFE, Answer
from openprotect.messages.actions import note_receipt, pause, provider_answers, settle
from openprotect.messages.models import Message
from openprotect.messages.queries import (
    ANSWERS_TO_THEM,
    OF_A_CHECKIN,
    WAITING,
    address_of,
    held_back,
    not_now,
    not_wanted,
    sent_within,
    still_wanted,
)
from openprotect.messages.rules import (
    CALL,
    EMAIL,
    LEASE,
    LETTER,
    MOST_ATTEMPTS,
    NotNow,
    NotWanted,
    Postbox,
    Receipt,
    Text,
    TooFast,
    TryLater,
    Undeliverable,
    digest_of,
    wait_before,
)
from openprotect.people.models import Person

Compose = Callable[[Message, datetime], Text | NotWanted]
Claimed = tuple[Message, str, Text | NotWanted | NotNow]
MINUTE = timedelta(minutes=1)


class End(Enum):
    """How one try to post ended, as far as it tells of the provider."""

    TAKEN = "answered"
    NO_ANSWER = "gave no answer"
    TOO_FAST = "takes no more for a while"
    LEFT = "not asked"


def send_due(
    *,
    at: datetime,
    postbox: Postbox,
    compose: Compose,
    limit: int = 50,
    a_minute: int | None = None,
) -> int:
    """Send the messages that are due, each once, or say why not.

    Not more than `a_minute`, where the provider has such a limit, whoever else sends beside us.
    """
    done, held, ends = 0, held_back(at), set[End]()
    if a_minute is not None:
        limit = min(limit, max(0, a_minute - sent_within(at, MINUTE)))
    while done < limit and (claimed := _claim(at=at, compose=compose, held=held)):
        done += 1
        message, to, text = claimed
        if isinstance(text, Text) and message.channel != CALL:
            ends.add(end := _send(message, to, text, at=at, postbox=postbox))
            held = held_back(at) if end == End.TOO_FAST else held
        elif isinstance(text, NotWanted) and message.attempts:
            _withdraw(message, text, at=at, postbox=postbox)
    if ends & {End.TAKEN, End.NO_ANSWER}:
        provider_answers(does_it=End.TAKEN in ends, at=at)
    return done


@transaction.atomic
def _claim(*, at: datetime, compose: Compose, held: Q) -> Claimed | None:
    """Take the next due message under a lease, checking at this moment that it may go.

    A worker that dies loses it when the lease ends. A person whom the database no longer shows,
    because the legal basis has ended, cannot be written to: the number is not to be had.
    """
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    due = Message.objects.filter(free, status__in=WAITING, due_at__lte=at).exclude(held)
    message = (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("programme")
        .order_by("due_at", "id")
        .first()
    )
    if message is None:
        return None
    person = Person.objects.filter(pk=message.person_id).first()
    text = (
        not_wanted(message, person)
        or not_now(message, at)
        or _no_turn(message, person, at=at)
        or compose(message, at)
    )
    if isinstance(text, NotNow):
        Message.objects.filter(pk=message.pk).update(leased_until=text.until)
    elif isinstance(text, NotWanted):
        _withhold(message, text, at=at)
    elif message.channel == CALL:
        # Nothing leaves the house: that its turn has come is the event that a call follows.
        note_receipt(message, Receipt("", "sending"), at=at)
    else:
        to = address_of(person, message.channel) if person else ""
        _lease(message, text.copy, to, at=at)
        return message, to, text
    return message, "", text


def _no_turn(message: Message, person: Person | None, *, at: datetime) -> NotNow | NotWanted | None:
    """Until when this has to wait by the contact ledger; None holds the turn for this message.

    A call asks when somebody takes it. An answer to what they wrote a moment ago does not wait.
    """
    if person is None or message.channel == CALL:
        return None
    answered = contacts.claim(
        person,
        programme_id=message.programme_id,
        subject_id=message.pk,
        channel=message.channel,
        topic=CHECKIN if message.kind in OF_A_CHECKIN else OUTCOME,
        hold_for=HELD_FOR_MESSAGE,
        at=at,
        is_safety=message.kind in ANSWERS_TO_THEM,
    )
    if answered.answer is Answer.STOP:
        return NotWanted(UNSAFE)
    if answered.is_yes:
        return None
    return NotNow(answered.until or at + LEASE, "somebody else has the next turn")


def _withhold(message: Message, why: NotWanted, *, at: datetime) -> None:
    """Not to go any more. Only one that was never tried is surely not sent."""
    if message.attempts:
        _lease(message, message.wording, "", at=at)
    else:
        settle(message, Message.Status.CANCELLED, at=at, because=why.because)


def _lease(message: Message, copy: str, to: str, *, at: datetime) -> None:
    if message.status == Message.Status.DUE:
        message.move_to(Message.Status.SENDING)
    where = {"to_digest": digest_of(message.pk, to)} if to else {}
    Message.objects.filter(pk=message.pk).update(
        status=message.status,
        leased_until=at + LEASE,
        attempts=F("attempts") + 1,
        wording=copy,
        **where,
    )
    message.attempts += 1


def _send(message: Message, to: str, text: Text, *, at: datetime, postbox: Postbox) -> End:
    """Post one message under our own id; an earlier try that got through is found, not repeated."""
    try:
        found = postbox.find(message.pk, message.channel) if message.attempts > 1 else None
        if found is None and not _is_still_ours_and_wanted(message):
            return End.LEFT
        receipt = found or _post(message, to, text, postbox=postbox)
    except TooFast as why:
        pause(message, wait_for=why.wait_for, at=at)
        return End.TOO_FAST
    except TryLater:
        _put_off(message, at=at)
        return End.NO_ANSWER
    except Undeliverable as why:
        settle(message, Message.Status.FAILED, at=at, because=str(why)[:60])
        return End.TAKEN
    note_receipt(message, receipt, at=at)
    return End.TAKEN


def _is_still_ours_and_wanted(message: Message) -> bool:
    """Once more, just before it leaves: the claim still holds, and nobody has said stop since.

    A worker that was stopped for a minute wakes here. What it no longer holds another one has; what
    is no longer wanted stays under its lease, and is looked at again when that ends.
    """
    return still_wanted(message)


def _post(message: Message, to: str, text: Text, *, postbox: Postbox) -> Receipt:
    if message.channel == EMAIL:
        return postbox.post_email(message.pk, to, text.subject, text.body)
    if message.channel == LETTER and text.letter:
        return postbox.post_letter(message.pk, text.letter())
    return postbox.post_text(message.pk, to, text.body)


def _withdraw(message: Message, why: NotWanted, *, at: datetime, postbox: Postbox) -> None:
    """Not wanted any more, but tried before: one that got through is sent, not cancelled."""
    try:
        receipt = postbox.find(message.pk, message.channel)
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
