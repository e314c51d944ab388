"""Sharing out calls: evenly, in the order of the queue, each to somebody who can take it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Ringer:
    """Somebody who takes calls now: how many they have by name already, and how many fit."""

    user_id: UUID
    room: int
    has: int = 0


@dataclass(frozen=True)
class Dealt:
    """Who is given which call; what nobody there can take, and what has no room any more."""

    to: Mapping[UUID, UUID] = field(default_factory=dict)
    beyond_all: tuple[UUID, ...] = ()
    no_room: tuple[UUID, ...] = ()


def spread(
    calls: Sequence[UUID],
    ringers: Sequence[Ringer],
    can_take: Callable[[UUID, UUID], bool],
    now_with: Mapping[UUID, UUID] | None = None,
) -> Dealt:
    """Each call, in its order, to whoever of those able has fewest; who has it keeps it on a tie.

    Nobody is given more than there is room for, so what is beyond today's staff stays in the queue.
    """
    loads = {each.user_id: each.has for each in ringers}
    room = {each.user_id: each.room for each in ringers}
    kept = now_with or {}
    to: dict[UUID, UUID] = {}
    beyond_all: list[UUID] = []
    no_room: list[UUID] = []
    for call in calls:
        able = [who for who in loads if can_take(who, call)]
        free = [who for who in able if loads[who] < room[who]]
        if not free:
            (no_room if able else beyond_all).append(call)
            continue
        chosen = min(free, key=lambda who: (loads[who], who != kept.get(call), str(who)))
        to[call] = chosen
        loads[chosen] += 1
    return Dealt(to, tuple(beyond_all), tuple(no_room))
