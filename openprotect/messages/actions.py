"""Making a message due, once, and settling what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.contacts import actions as contacts
from openprotect.events.actions import record
from openprotect.messages.models import Message
from openprotect.messages.rules import Receipt
from openprotect.programmes.models import Programme


@transaction.atomic
def make_due(
    kind: Message.Kind,
    *,
    person_id: UUID,
    programme_id: UUID,
    subject_id: UUID,
    at: datetime,
) -> Message:
    """One message of a kind about one thing to one person; made again, it is the same one."""
    return Message.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        person_id=person_id,
        defaults={"programme_id": programme_id, "due_at": at, "made_at": at},
    )[0]


@dataclass(frozen=True)
class Owed:
    """A message that somebody is owed: who, in which programme, about what."""

    person_id: UUID
    programme_id: UUID
    subject_id: UUID


def make_many_due(kind: Message.Kind, owed: Iterable[Owed], *, at: datetime) -> None:
    """As `make_due` for each of them, in one statement; what is due already stays as it is."""
    due = [
        Message(
            kind=kind,
            person_id=each.person_id,
            programme_id=each.programme_id,
            subject_id=each.subject_id,
            due_at=at,
            made_at=at,
        )
        for each in owed
    ]
    Message.objects.bulk_create(due, ignore_conflicts=True)


@transaction.atomic
def settle(message: Message, status: Message.Status, *, at: datetime, because: str = "") -> None:
    """Note how a message ended, unless that is known already; status only moves forward."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not Message.MOVES.allows(message.status, status):
        return
    message.move_to(status)
    message.ended_because, message.leased_until = because, None
    message.save(update_fields=["status", "ended_because", "leased_until"])
    # What may have arrived counts as a contact; what surely did not gives its turn back.
    if status == Message.Status.UNKNOWN:
        contacts.settle(message.pk, "UNKNOWN", at=at)
    else:
        contacts.release(message.pk, at=at)
    _note(message, at=at)


@transaction.atomic
def note_receipt(message: Message, receipt: Receipt, *, at: datetime) -> None:
    """The provider has it, under our reference: sent, and perhaps delivered or failed already."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if Message.MOVES.allows(message.status, Message.Status.SENT):
        message.move_to(Message.Status.SENT)
        message.sent_at, message.provider_id = at, receipt.provider_id
        message.leased_until = None
        message.save(update_fields=["status", "sent_at", "provider_id", "leased_until"])
        contacts.settle(message.pk, "SENT", at=at)
        _note(message, at=at)
    if receipt.status == "delivered":
        settle(message, Message.Status.DELIVERED, at=at)
    elif receipt.status == "failed":
        settle(message, Message.Status.FAILED, at=at, because="the provider could not deliver it")


def _note(message: Message, *, at: datetime) -> None:
    record(
        f"message.{message.status.lower()}",
        message.pk,
        at=at,
        person_id=message.person_id,
        programme_id=message.programme_id,
        kind=message.kind,
        subject=str(message.subject_id),
    )


def programme_may_send(programme: Programme) -> bool:
    return programme.status == Programme.Status.LIVE and programme.sending_stopped_at is None
