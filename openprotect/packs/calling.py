"""When a programme rings, and what puts a call before others.

No score of a person's illness: only what the programme says of its bands, and what happened since.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from types import MappingProxyType
from typing import Final

from openprotect.packs.entry import Entry
from openprotect.packs.settings import TIME

# What each weight is for, in the order in which a reader meets them; the words say what it does.
WEIGHTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "now": "an open alert that cannot wait",
        "agreed": "a time was agreed, and it has come",
        "asked": "they asked us to ring",
        "today": "an open alert for today",
        "worse": "worse at the last answer",
        "week": "an open alert for this week",
        "need": "each open need, up to four",
        "silent_day": "each day of silence, up to ten",
        "waiting_day": "each day that the call has waited, up to ten",
        "attempt": "each time they were rung already: the others come first",
    }
)
# A first order of the published account (risk, days silent, last answer, needs, attempts), made by
# the authors of this software: nobody has measured it. A programme's clinical owner signs its own.
FIRST_ORDER: Final[Mapping[str, int]] = MappingProxyType(
    {
        "now": 1000,
        "agreed": 800,
        "asked": 400,
        "today": 300,
        "worse": 150,
        "week": 60,
        "need": 25,
        "silent_day": 20,
        "waiting_day": 10,
        "attempt": 15,
    }
)
FIRST_SOURCE: Final = (
    "Order of the published account of COVID-19 Protect; the weights are an assumption of this"
    " software, to be signed by the programme's clinical owner"
)
KEYS: Final = (
    "source", "from", "until", "kept_for_skill_hours", "handover_phone", "weights",
)  # fmt: skip
PHONE: Final = re.compile(r"0[0-9 ]{9,13}")


@dataclass(frozen=True)
class CallingPlan:
    """How a programme rings. `source` says whose decision the hours and the weights are.

    For so long a call that needs a skill is kept for those who have it; then whoever is there rings
    with an interpreter or the relay, so that a lack of skills leaves nobody unrung.
    """

    source: str = FIRST_SOURCE
    rings_from: time = time(0)
    rings_until: time = time.max
    kept_for_skill: timedelta = timedelta(hours=24)
    # Where a call handler reaches somebody clinical at once; empty for the team's own number.
    handover_phone: str = ""
    weights: Mapping[str, int] = field(default_factory=lambda: FIRST_ORDER)

    @property
    def always(self) -> bool:
        """Whether it rings at any hour: a pack that was published before it could say."""
        return (self.rings_from, self.rings_until) == (time(0), time.max)


AS_BEFORE: Final = CallingPlan()


def read_calling(entry: Entry) -> CallingPlan:
    """The plan of a pack; without one, calls are made at any hour and in the first order."""
    if not entry.values:
        return AS_BEFORE
    entry.only(KEYS)
    from_, until = _time(entry, "from", time(0)), _time(entry, "until", time.max)
    if from_ >= until:
        entry.refuse("until", "must be later than from.")
    return CallingPlan(
        source=entry.text("source"),
        rings_from=from_,
        rings_until=until,
        kept_for_skill=timedelta(hours=entry.whole("kept_for_skill_hours", 1, 240, default=24)),
        handover_phone=_phone(entry),
        weights=_weights(entry.entry("weights")),
    )


def _weights(entry: Entry) -> Mapping[str, int]:
    entry.only(tuple(WEIGHTS))
    given = {key: entry.whole(key, 0, 10_000) for key in WEIGHTS if entry.has(key)}
    return MappingProxyType({**FIRST_ORDER, **given})


def _phone(entry: Entry) -> str:
    value = entry.text("handover_phone", default="")
    if value and not PHONE.fullmatch(value):
        entry.refuse("handover_phone", "must be a number to ring, such as 01632 960123.")
        return ""
    return value


def _time(entry: Entry, key: str, default: time) -> time:
    if not entry.has(key):
        return default
    value = entry.text(key)
    if not TIME.fullmatch(value):
        entry.refuse(key, "give a time of day such as 09:00.")
        return default
    return time.fromisoformat(value)
