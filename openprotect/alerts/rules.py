"""Words for how soon, who may act, when a need is the same one, and how far an alert climbs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openprotect.base.refusals import Refused

URGENCIES = {"now": 1, "today": 2, "week": 3}
LONGEST_NOTE = 2000
CLINICAL = "clinical"
MEDICATION = "medication"
DATA = "data"
WELFARE = "welfare"
SOCIAL = "social"
SAFEGUARDING = "safeguarding"
LONGEST_REASON = 500

# What a need is about, in words for those who work it.
KINDS = {
    CLINICAL: "health",
    MEDICATION: "medicines",
    SOCIAL: "food, care or company",
    "offer": "what they were offered",
    WELFARE: "could not be reached",
    DATA: "answers to look at",
    SAFEGUARDING: "a worry about harm or neglect",
}
ONE_NEED = frozenset({CLINICAL, MEDICATION, SOCIAL, "offer"})

# How long an overdue alert stays on each rung before it climbs to the next.
CLIMBS_EVERY = {1: timedelta(minutes=30), 2: timedelta(hours=4), 3: timedelta(days=1)}
HIGHEST = 3


class NotYourAlert(Refused):
    """The alert is owned by another team."""


class ChangedMeanwhile(Refused):
    """Somebody else acted on the alert since the page was opened."""


def need_of(kind: str, rule: str) -> str:
    """What makes two concerns about one person the same need.

    How somebody feels is one need, whichever rule says so; that a rule could not be computed or
    that nobody was reached is a matter of its own each time.
    """
    return kind if kind in ONE_NEED else f"{kind}:{rule}"


@dataclass(frozen=True)
class Timing:
    """What decides how far an open alert has climbed."""

    urgency: int
    accept_by: datetime
    due_at: datetime
    is_accepted: bool
    is_with_surveillance: bool


def climbs_from(timing: Timing) -> datetime:
    """From when an alert climbs: once overdue; not accepted even by surveillance, at once."""
    if timing.is_with_surveillance and not timing.is_accepted:
        return min(timing.accept_by, timing.due_at)
    return timing.due_at


def rung(timing: Timing, *, at: datetime) -> int:
    """How far up an alert stands at this moment: 0 owner, then locality lead, surveillance, lead.

    Worked out from its times alone whenever it is read, so that a scheduler that is dead hides
    nothing.
    """
    late_for = at - climbs_from(timing)
    if late_for <= timedelta():
        return 0
    return min(HIGHEST, 1 + int(late_for / CLIMBS_EVERY[timing.urgency]))
