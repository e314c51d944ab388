"""When a check-in is due, and when two sets of answers are the same."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openprotect.base.refusals import Refused

LOCAL = ZoneInfo("Europe/London")
# Without 0 and O, 1 and I and L, and U, which looks like V in many hands.
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
Value = str | int | float | bool | list[object] | dict[str, object] | None


class NotFinished(Refused):
    """A question that must be answered has no answer yet; `link_ids` names them."""

    def __init__(self, link_ids: tuple[str, ...]) -> None:
        super().__init__("Some questions still need an answer.")
        self.link_ids = link_ids


class NoLongerOpen(Refused):
    """This check-in takes no more answers."""


class NumberTaken(Refused):
    """The number of a submission was used before, for another check-in."""


@dataclass(frozen=True)
class Slot:
    """One asking: the day it is for, when it opens and when it closes."""

    due_on: date
    opens_at: datetime
    closes_at: datetime


def slot_for(
    at: datetime, *, active_from: datetime, every_days: int, opens: time, open_for: timedelta
) -> Slot:
    """The asking that belongs to this instant, by the wall clock where people live.

    Both times follow the wall clock, so that across a change of clocks an asking still opens at
    nine and closes at nine. Someone who joins after today's opening is asked at once.
    """
    first = active_from.astimezone(LOCAL).date()
    today = at.astimezone(LOCAL).date()
    due_on = first + timedelta(days=max(0, (today - first).days) // every_days * every_days)
    opens_at = datetime.combine(due_on, opens, LOCAL)
    closes_at = datetime.combine(due_on, opens, LOCAL) + open_for
    opens_at = max(opens_at, active_from)
    return Slot(due_on, opens_at, max(closes_at, active_from + timedelta(hours=1)))


# So many in a row may be excused because we were down; a silence beyond it counts again, since
# somebody who was not asked for days is not known to be well.
MOST_EXCUSED = 2
OUTAGE = "the service or its messages were down"


def is_excused(
    slot: Slot, outages: Sequence[tuple[datetime, datetime]], *, grace: timedelta, before: int
) -> bool:
    """Whether a miss is ours: down for longer than the grace, and not too often in a row."""
    down = sum(
        (
            max(timedelta(0), min(end, slot.closes_at) - max(start, slot.opens_at))
            for start, end in outages
        ),
        timedelta(0),
    )
    return down >= grace and down > timedelta(0) and before < MOST_EXCUSED


def shown_code(code: str) -> str:
    """As it is printed and read out: ABCD EFG HJK."""
    return f"{code[:4]} {code[4:7]} {code[7:]}"


def typed_code(typed: str) -> str:
    """A code as it was typed, small letters, blanks and dashes put right; empty for no code."""
    bare = "".join(each for each in typed[:64].upper() if each.isalnum())
    return bare if len(bare) == CODE_LENGTH and set(bare) <= set(CODE_SIGNS) else ""


def content_hash(answers: Mapping[str, object]) -> str:
    """Equal for equal answers, whatever their order."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


def by_when(at: datetime, within: timedelta, *, opens: time, closes: time) -> datetime:
    """By when something is done that takes so long, counted in the hours when somebody is there.

    A day or more is counted by the calendar from the moment somebody is next there.
    """
    start = _next_open(at.astimezone(LOCAL), opens, closes)
    if within >= timedelta(days=1):
        return start + within
    end = start + within
    today_ends = datetime.combine(start.date(), closes, LOCAL)
    if end <= today_ends:
        return end
    tomorrow = datetime.combine(start.date() + timedelta(days=1), opens, LOCAL)
    return tomorrow + (end - today_ends)


def _next_open(at: datetime, opens: time, closes: time) -> datetime:
    if at.time() < opens:
        return datetime.combine(at.date(), opens, LOCAL)
    if at.time() < closes:
        return at
    return datetime.combine(at.date() + timedelta(days=1), opens, LOCAL)
