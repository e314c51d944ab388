"""What every action on a check-in begins with: hold its row, see that it may be answered."""

from datetime import datetime
from typing import Final
from uuid import UUID

from openprotect.accounts.models import User
from openprotect.checkins.models import Channel, Checkin
from openprotect.checkins.rules import NoLongerOpen
from openprotect.events.actions import record

ONLINE: Final = frozenset({Channel.WEB, Channel.CARER})


def must_be_open(checkin: Checkin, channel: Channel, *, at: datetime) -> None:
    """A call may still answer what was missed; online it ends when it closes, to the second."""
    if checkin.status == Checkin.Status.ANSWERED:
        raise NoLongerOpen("These answers have been sent in already.")
    may_be_answered = Checkin.MOVES.allows(checkin.status, Checkin.Status.ANSWERED)
    if not may_be_answered or (channel in ONLINE and at >= checkin.closes_at):
        raise NoLongerOpen("This check-in is closed.")


def locked(checkin: Checkin) -> Checkin:
    return Checkin.objects.select_for_update(of=("self",)).get(pk=checkin.pk)


def id_of(by: User | UUID | None) -> UUID | None:
    return by.pk if isinstance(by, User) else by


def note(checkin: Checkin, name: str, *, at: datetime, by: User | UUID | None = None) -> None:
    record(
        name,
        checkin.pk,
        at=at,
        by=by,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
    )
