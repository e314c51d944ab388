"""What a call handler can do, when their queue rests, and when they are on the floor."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from openprotect.accounts.models import Ability, Pause
from openprotect.accounts.queries import Viewer
from openprotect.accounts.queries.working import call_handlers
from openprotect.accounts.rules import LONGEST_PAUSE, Role, ability
from openprotect.base.refusals import Refused
from openprotect.events.actions import record

LONGEST_BECAUSE = 200


class NotOnThisFloor(Refused):
    """The person does not ring for this programme, or not any more."""


@transaction.atomic
def note_abilities(user_id: UUID, codes: Iterable[str], *, viewer: Viewer, at: datetime) -> bool:
    """What a call handler can do, from now on. Noted again as it is, nothing changes."""
    must_ring_here(user_id, viewer)
    try:
        wanted = {ability(each) for each in codes}
    except ValueError as unknown:
        raise Refused(f"“{unknown}” is nothing that we know somebody can do.") from None
    now = Ability.objects.select_for_update(of=("self",)).filter(user_id=user_id, ended_at=None)
    held = {(each.kind, each.language): each for each in now.order_by("id")}
    gone, new = held.keys() - wanted, wanted - held.keys()
    Ability.objects.filter(pk__in=[held[each].pk for each in gone]).update(ended_at=at)
    Ability.objects.bulk_create(
        Ability(
            user_id=user_id, kind=kind, language=language, noted_at=at, noted_by_id=viewer.user_id
        )
        for kind, language in sorted(new)
    )
    if gone or new:
        record("ability.noted", user_id, at=at, by=viewer.user_id, new=len(new), ended=len(gone))
    return bool(gone or new)


def must_ring_here(user_id: UUID, viewer: Viewer) -> None:
    """Raises NotOnThisFloor unless this is a call handler of the viewer's programme now."""
    if not call_handlers(viewer).filter(user_id=user_id).exists():
        raise NotOnThisFloor("That person does not ring for this programme now.")


@transaction.atomic
def pause(user_id: UUID, *, because: str, until: datetime, viewer: Viewer, at: datetime) -> Pause:
    """Give a call handler no call until then; a call they hold stays theirs.

    By themselves or by a supervisor. A new pause takes the place of the one that runs.
    """
    said = because.strip()
    if not said:
        raise Refused("Say why in a word, so that nobody wonders. For example: lunch.")
    if not at < until <= at + LONGEST_PAUSE:
        raise Refused("A pause ends later than now, and within four weeks.")
    _may_settle(user_id, viewer, at)
    _running(user_id, at).update(ends_at=at)
    made = Pause.objects.create(
        user_id=user_id,
        because=said[:LONGEST_BECAUSE],
        starts_at=at,
        ends_at=until,
        by_id=viewer.user_id,
    )
    record("queue.paused", user_id, at=at, by=viewer.user_id)
    return made


@transaction.atomic
def resume(user_id: UUID, *, viewer: Viewer, at: datetime) -> bool:
    """Give a call handler calls again; False when nothing was paused."""
    _may_settle(user_id, viewer, at)
    ended = _running(user_id, at).update(ends_at=at)
    if ended:
        record("queue.resumed", user_id, at=at, by=viewer.user_id)
    return ended > 0


def _may_settle(user_id: UUID, viewer: Viewer, at: datetime) -> None:
    """One's own queue is one's own to pause, but not to free from a supervisor's pause."""
    if user_id == viewer.user_id and viewer.role == Role.CALLER:
        if _running(user_id, at).exclude(by_id=user_id).exists():
            raise Refused("Your supervisor paused your queue. Ask them to give you calls again.")
        return
    if viewer.role != Role.SUPERVISOR:
        raise Refused("A supervisor pauses the queue of somebody else.")
    must_ring_here(user_id, viewer)


def _running(user_id: UUID, at: datetime) -> QuerySet[Pause]:
    return Pause.objects.filter(user_id=user_id, starts_at__lte=at, ends_at__gt=at)
