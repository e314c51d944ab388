"""The parts of a journey: a person, what happens and when, and what must be true right after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from openprotect.forms.values import Answer

BY: Final = ("self", "carer")
# What came of ringing, in the words of authors; the service's own words stand beside them.
RUNG: Final[Mapping[str, str]] = {
    "answered": "ANSWERED",
    "partly": "PARTLY",
    "no answer": "NO_ANSWER",
    "voicemail": "VOICEMAIL",
    "call back": "RESCHEDULED",
    "handed over": "HANDED_OVER",
    "safeguarding": "SAFEGUARDING",
    "hospital": "HOSPITAL",
    "refused": "REFUSED",
    "stop": "OPTED_OUT",
    "wrong number": "WRONG_NUMBER",
    "line dead": "LINE_DEAD",
    "moved": "MOVED",
    "died": "DIED",
}
MESSAGES: Final = ("invite", "closed")
CHECKINS: Final = ("none", "open", "answered", "missed", "stopped")
CALLS: Final = ("none", "due", "later")
CONTACT: Final = ("yes", "stopped")


@dataclass(frozen=True)
class Traveller:
    """The made-up person of a journey."""

    born: date
    joined: datetime
    has_mobile: bool = True
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Raised:
    """One concern that must be there; what is None is left open."""

    rule: str
    kind: str | None = None
    urgency: str | None = None
    owner: str | None = None
    accept_by: datetime | None = None
    resolve_by: datetime | None = None


@dataclass(frozen=True)
class Then:
    """What must be true right after a step; what is None is not looked at.

    `sent` and `raised` are all that was since the step before, no more and no less; the others are
    as things stand.
    """

    sent: tuple[str, ...] | None = None
    raised: tuple[Raised, ...] | None = None
    open: tuple[Raised, ...] | None = None
    checkin: str | None = None
    call: str | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Step:
    """One moment: at most one thing happens, and then something must be true."""

    at: datetime
    row: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    by: str = "self"
    sent: bool = True
    rung: str = ""
    accepts: str = ""
    closes: str = ""
    stops: bool = False
    then: Then = field(default_factory=Then)


@dataclass(frozen=True)
class Journey:
    """One person's days with a programme, and what must come of them."""

    file: str
    title: str
    because: str
    first: date
    traveller: Traveller
    settings: Mapping[str, int | str]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Outcome:
    """A journey as it came out; no difference means as signed. `fired` are the rules it saw."""

    journey: Journey
    differences: tuple[str, ...]
    fired: frozenset[str]

    @property
    def is_right(self) -> bool:
        return not self.differences
