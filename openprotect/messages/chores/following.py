"""Asking what became of messages; and ending what nobody will ever know."""

from datetime import datetime

from django.db.models import Q

from openprotect.messages.actions import note_receipt, settle
from openprotect.messages.models import Message
from openprotect.messages.rules import CALL, LEASE, UNKNOWN_FOR, Postbox, TryLater

OPEN_ENDED = [Message.Status.SENT, Message.Status.UNKNOWN]


def follow_deliveries(*, at: datetime, postbox: Postbox, limit: int = 50) -> int:
    """Ask the provider what became of what was sent or is unknown, oldest first."""
    asked = 0
    for message in (
        Message.objects.filter(
            Q(leased_until=None) | Q(leased_until__lte=at), status__in=OPEN_ENDED
        )
        .exclude(channel=CALL)
        .order_by("made_at", "id")[:limit]
    ):
        asked += 1
        try:
            receipt = postbox.find(message.pk, message.channel)
        except TryLater:
            return asked
        if receipt:
            note_receipt(message, receipt, at=at)
        Message.objects.filter(pk=message.pk, status__in=OPEN_ENDED).update(
            leased_until=at + LEASE * 5
        )
    return asked


def give_up_on_unknown(*, at: datetime, limit: int = 500) -> int:
    """What nobody could tell us for three days has not arrived: it has failed, visibly."""
    old = Message.objects.filter(status=Message.Status.UNKNOWN, made_at__lte=at - UNKNOWN_FOR)
    found = list(old.order_by("made_at", "id")[:limit])
    for message in found:
        settle(message, Message.Status.FAILED, at=at, because="nobody knows after three days")
    return len(found)
