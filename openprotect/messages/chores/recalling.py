"""Taking letters back that lie at the printer's, once nobody may write to the person any more."""

from datetime import datetime, timedelta

from django.db.models import Q

from openprotect.messages.actions import settle
from openprotect.messages.models import Message
from openprotect.messages.rules import LETTER, TAKEN_BACK, Postbox

# Nothing waits for longer than this to be put in an envelope.
STILL_THERE = timedelta(days=14)
NOT_ANY_MORE = (
    Q(person__died_on__isnull=False)
    | Q(person__is_restricted=True)
    | Q(person__has_stopped_contact=True)
)


def recall_letters(*, at: datetime, postbox: Postbox, limit: int = 200) -> int:
    """Take back what was handed over and not fetched, to whoever died or wants no more of it.

    What has been fetched is beyond recall; it is asked for again while it may still be there.
    """
    lately = Message.objects.filter(
        NOT_ANY_MORE, channel=LETTER, status=Message.Status.SENT, sent_at__gt=at - STILL_THERE
    )
    taken = [each for each in lately.order_by("-sent_at", "id")[:limit] if postbox.recall(each.pk)]
    for each in taken:
        settle(each, Message.Status.FAILED, at=at, because=TAKEN_BACK)
    return len(taken)
