"""Dealing waiting calls out to call handlers by name, evenly, and taking back what is not begun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprotect.accounts.models import User
from openprotect.accounts.queries import Viewer
from openprotect.accounts.queries.working import (
    Colleague,
    call_handlers,
    colleagues,
    shifts_between,
)
from openprotect.accounts.rules import calls_possible
from openprotect.base.refusals import Refused
from openprotect.calls.actions.assigning import KEPT_FOR, NotWaiting, assign
from openprotect.calls.models import Call
from openprotect.calls.queries.queue import Waiting, waiting
from openprotect.calls.rules.ranking import abilities
from openprotect.floor.queries.board import given_now
from openprotect.floor.rules.spreading import Dealt, Ringer, spread

AT_ONCE = 500


@dataclass(frozen=True)
class Given:
    """What came of dealing: calls given, back in the queue, beyond all, without room."""

    given: int
    taken_back: int
    beyond_all: int
    no_room: int


def give(call_id: UUID, to_id: UUID | None, *, viewer: Viewer, at: datetime) -> User | None:
    """One waiting call to one call handler by name; to nobody, it is everybody's again."""
    call = Call.objects.filter(pk=call_id, programme__purpose=viewer.purpose).first()
    if call is None:
        raise NotWaiting("This call is not in your queue.")
    person = _ringer(to_id, viewer) if to_id else None
    assign(call, person, by=viewer, at=at)
    return person


def _ringer(user_id: UUID, viewer: Viewer) -> User:
    held = call_handlers(viewer).filter(user_id=user_id).first()
    if held is None:
        raise Refused("That person does not ring for this programme now.")
    return held.user


def spread_evenly(*, viewer: Viewer, at: datetime) -> Given:
    """What nobody has by name goes to those who take calls now: each to whoever has fewest.

    Nobody gets more than they can make in the time for which a call is kept for them.
    """
    rows = [each for each in waiting(viewer, at=at, limit=AT_ONCE) if not _is_kept(each, at)]
    dealt = _deal(rows, viewer, at=at, has=given_now(at))
    return _carry_out(rows, dealt, {}, viewer, at=at)


def rebalance(*, viewer: Viewer, at: datetime) -> Given:
    """Calls given by name and not begun are dealt out anew among those who are here.

    What has no room goes back to the queue, for whoever is free.
    """
    rows = [each for each in waiting(viewer, at=at, limit=AT_ONCE) if _is_kept(each, at)]
    now_with = {each.id: each.assigned_to_id for each in rows if each.assigned_to_id}
    dealt = _deal(rows, viewer, at=at, has={}, now_with=now_with)
    return _carry_out(rows, dealt, now_with, viewer, at=at)


def _is_kept(row: Waiting, at: datetime) -> bool:
    return row.assigned_until is not None and row.assigned_until > at


def _deal(
    rows: Sequence[Waiting],
    viewer: Viewer,
    *,
    at: datetime,
    has: Mapping[UUID, int],
    now_with: Mapping[UUID, UUID] | None = None,
) -> Dealt:
    people = [each for each in colleagues(viewer) if each.takes_calls]
    if not people:
        raise Refused("Nobody who is on shift takes calls now: there is no one to give them to.")
    can = {each.user_id: abilities(each.abilities) for each in people}
    wanted = {each.id: each.wanted for each in rows}
    return spread(
        [each.id for each in rows],
        _ringers(people, viewer, at=at, has=has),
        lambda who, call: can[who].meet(wanted[call]),
        now_with,
    )


def _ringers(
    people: Sequence[Colleague], viewer: Viewer, *, at: datetime, has: Mapping[UUID, int]
) -> list[Ringer]:
    """Room for as many calls as fit into the rest of the shift, four hours at most."""
    shifts = shifts_between(viewer.purpose, at, at + KEPT_FOR)
    room = {
        each.user_id: calls_possible(
            [one for one in shifts if one.user_id == each.user_id], (), at, at + KEPT_FOR
        )
        for each in people
    }
    return [
        Ringer(each.user_id, max(1, round(room[each.user_id])), has.get(each.user_id, 0))
        for each in people
    ]


def _carry_out(
    rows: Sequence[Waiting],
    dealt: Dealt,
    now_with: Mapping[UUID, UUID],
    viewer: Viewer,
    *,
    at: datetime,
) -> Given:
    """Give each call; one that somebody took at this very moment is theirs."""
    users = {each.user_id: each.user for each in call_handlers(viewer)}
    calls = Call.objects.in_bulk([each.id for each in rows])
    given = back = 0
    for row in rows:
        to = dealt.to.get(row.id)
        if row.id not in calls or to == now_with.get(row.id):
            continue
        try:
            assign(calls[row.id], users[to] if to else None, by=viewer, at=at)
        except NotWaiting:
            continue
        given, back = given + bool(to), back + (not to)
    return Given(given, back, len(dealt.beyond_all), len(dealt.no_room))
