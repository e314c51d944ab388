"""Nothing has changed since last time: the same answers, given today with one word."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.accounts.models import User
from openprotect.base.refusals import Refused
from openprotect.checkins.actions import Stored, answer, submit
from openprotect.checkins.models import Channel, Checkin, Response
from openprotect.checkins.queries import offered_again
from openprotect.checkins.rules import content_hash


class NotAsSeen(Refused):
    """What was shown is not what would be sent now."""


@transaction.atomic
def give_again(
    checkin: Checkin,
    submission_id: UUID,
    *,
    seen: str,
    channel: Channel,
    at: datetime,
    by: User | UUID | None = None,
) -> Stored:
    """Keep each answer of last time as one of today, and send them. `seen` is what was shown.

    From there on nothing is different from somebody who answered each question: they are judged by
    the same rules. Sent again, it stays one response.
    """
    checkin = Checkin.objects.select_for_update(of=("self",)).get(pk=checkin.pk)
    if not Response.objects.filter(checkin=checkin).exists():
        offered = offered_again(checkin, at=at)
        if offered is None or content_hash(offered) != seen:
            raise NotAsSeen("This has changed meanwhile. Please answer the questions.")
        for link_id, value in offered.items():
            answer(checkin, link_id, value, channel=channel, at=at, by=by)
    return submit(checkin, submission_id, channel=channel, at=at, by=by)
