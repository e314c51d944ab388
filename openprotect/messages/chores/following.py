"""Asking what became of messages; and ending what nobody will ever know."""

from datetime import datetime

from django.db.models import Q

from openprotect.messages.actions import note_receipt, settle
from openprotect.messages.actions.together import note_ends
from openprotect.messages.models import Message
from openprotect.messages.rules import CALL, LEASE, UNKNOWN_FOR, Postbox, TryLater

OPEN_ENDED = [Message.Status.SENT, Message.Status.UNKNOWN]
ENDS = {
    "delivered": (Message.Status.DELIVERED, ""),
    "failed": (Message.Status.FAILED, "the provider could not deliver it"),
}


def follow_deliveries(*, at: datetime, postbox: Postbox, limit: int = 50) -> int:
    """Ask the provider what became of what was sent or is unknown, oldest first."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    waiting = Message.objects.filter(free, status__in=OPEN_ENDED).exclude(channel=CALL)
    found = list(waiting.order_by("made_at", "id")[:limit])
    ended = {word: [] for word in ENDS}  # type: dict[str, list[Message]]
    asked: list[Message] = []
    for message in found:
        try:
            receipt = postbox.find(message.pk, message.channel)
        except TryLater:
            break
        asked.append(message)
        if receipt and message.status == Message.Status.SENT and receipt.status in ENDS:
            ended[receipt.status].append(message)
        elif receipt:
            note_receipt(message, receipt, at=at)
    for word, (status, because) in ENDS.items():
        note_ends([each.pk for each in ended[word]], status, because=because, at=at)
    over = {each.pk for some in ended.values() for each in some}
    Message.objects.filter(
        pk__in=[each.pk for each in asked if each.pk not in over], status__in=OPEN_ENDED
    ).update(leased_until=at + LEASE * 5)
    return min(len(found), len(asked) + 1)


def give_up_on_unknown(*, at: datetime, limit: int = 500) -> int:
    """What nobody could tell us for three days has not arrived: it has failed, visibly."""
    old = Message.objects.filter(status=Message.Status.UNKNOWN, made_at__lte=at - UNKNOWN_FOR)
    found = list(old.order_by("made_at", "id")[:limit])
    for message in found:
        settle(message, Message.Status.FAILED, at=at, because="nobody knows after three days")
    return len(found)
