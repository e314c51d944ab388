"""Making a message due, once a way, and settling what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from openprotect.accounts.models import User
from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.contacts import actions as contacts
from openprotect.events.actions import record
from openprotect.messages.models import Message, Notice, Outage, Pause, Reply
from openprotect.messages.queries import is_running
from openprotect.messages.rules import CALL, Receipt
from openprotect.programmes.models import Programme

READ_NOTICES = "read_notices"
RECEIPT, A_TEXT = Notice.Kind.RECEIPT, Notice.Kind.TEXT


@transaction.atomic
def make_due(
    kind: Message.Kind,
    *,
    person_id: UUID,
    programme_id: UUID,
    subject_id: UUID,
    at: datetime,
    channel: str = Message.Channel.TEXT,
) -> Message:
    """One message of a kind, about one thing, to one person, by one way; again, it is the same."""
    return Message.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        person_id=person_id,
        channel=channel,
        defaults={"programme_id": programme_id, "due_at": at, "made_at": at},
    )[0]


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
        if message.channel == CALL:
            _say(message, "message.turn_to_ring", at=at)
    if receipt.status == "delivered":
        settle(message, Message.Status.DELIVERED, at=at)
    elif receipt.status == "failed":
        settle(message, Message.Status.FAILED, at=at, because="the provider could not deliver it")


def _note(message: Message, *, at: datetime) -> None:
    _say(message, f"message.{message.status.lower()}", at=at)


def _say(message: Message, name: str, *, at: datetime) -> None:
    record(
        name,
        message.pk,
        at=at,
        person_id=message.person_id,
        programme_id=message.programme_id,
        kind=message.kind,
        channel=message.channel,
        subject=str(message.subject_id),
    )


def programme_may_send(programme: Programme) -> bool:
    return is_running(programme)


@transaction.atomic
def pause(messages: Sequence[Message], *, wait_for: timedelta, at: datetime) -> None:
    """The provider takes no more for a while: their way waits, and these were not tried."""
    Pause.objects.update_or_create(channel=messages[0].channel, defaults={"until": at + wait_for})
    for attempts in {each.attempts for each in messages}:
        these = [each.pk for each in messages if each.attempts == attempts]
        Message.objects.filter(
            pk__in=these, status=Message.Status.SENDING, attempts=attempts
        ).update(attempts=attempts - 1, leased_until=at + wait_for)


@transaction.atomic
def note_outage(
    of: Outage.Of,
    *,
    found: Outage.Found,
    began_at: datetime,
    ended_at: datetime | None,
    at: datetime,
    note: str = "",
    by: User | UUID | None = None,
) -> Outage:
    """Time in which people could not answer us, or we not write: what they missed is not theirs."""
    known = Outage.objects.filter(of=of, found=found, began_at=began_at).first()
    if known:
        return known
    made = Outage.objects.create(
        of=of,
        found=found,
        began_at=began_at,
        ended_at=ended_at,
        note=note,
        by_id=by.pk if isinstance(by, User) else by,
        noted_at=at,
    )
    record("outage.noted", made.pk, at=at, by=by, of=of, found=found)
    return made


@transaction.atomic
def provider_answers(*, does_it: bool, at: datetime) -> None:
    """Keep account of when messages could be sent at all: one outage from first to last failure."""
    same = {"of": Outage.Of.PROVIDER, "found": Outage.Found.HEARTBEAT}
    under_way = Outage.objects.select_for_update().filter(ended_at=None, **same).first()
    if does_it and under_way:
        under_way.ended_at = max(at, under_way.began_at + timedelta(seconds=1))
        under_way.save(update_fields=["ended_at"])
        record("outage.ended", under_way.pk, at=at, of=under_way.of, found=under_way.found)
    elif not does_it and not under_way:
        note_outage(
            Outage.Of.PROVIDER,
            found=Outage.Found.HEARTBEAT,
            began_at=at,
            ended_at=None,
            at=at,
        )


def take_in(kind: str, said: str) -> UUID:
    """Keep what a provider posted, once, whoever brings it; background work reads it soon."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_in_notice(%s, %s)", [kind, said])
        (notice_id,) = cursor.fetchone()
    try:
        with transaction.atomic():
            jobs.configure_task(READ_NOTICES, queue="pathway", queueing_lock=READ_NOTICES).defer()
    except AlreadyEnqueued:
        pass  # one that has not begun yet reads this too
    kept: UUID = notice_id
    return kept


def turn_away(why: str, digest: bytes) -> None:
    """Count a post that was refused; its content is not kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT turn_away(%s, %s)", [why, digest])


@transaction.atomic
def deal_with(reply: Reply, *, note: str, viewer: Viewer, at: datetime) -> None:
    """Somebody read a text from a number that nobody is known by, and says what was done."""
    reply = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if reply.dealt_with_at:
        return
    if not note.strip():
        raise Refused("Write what you did, so that the next one who looks knows.")
    reply.dealt_with_at, reply.dealt_with_by_id, reply.note = at, viewer.user_id, note.strip()[:500]
    reply.save(update_fields=["dealt_with_at", "dealt_with_by", "note"])
    record("reply.dealt_with", reply.pk, at=at, by=viewer.user_id)
