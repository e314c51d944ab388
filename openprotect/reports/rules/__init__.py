"""What is counted, each by one published definition (docs/data-dictionary.md), and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Definition:
    """The one meaning of a figure: its name on pages, and what exactly is counted."""

    title: str
    words: str


DEFINITIONS: Mapping[str, Definition] = {
    "people": Definition("In the programme", "People whose part has begun and has not ended."),
    "in_review": Definition(
        "In review", "People the rules found whom their practice is still looking through."
    ),
    "invited": Definition(
        "Invited", "Check-ins that opened in the period; each asks one person once."
    ),
    "answered": Definition(
        "Answered", "Of the check-ins that opened in the period, those answered by any channel."
    ),
    "missed": Definition(
        "Missed", "Of the check-ins that opened in the period, those that ended without an answer."
    ),
    "still_open": Definition(
        "Still open", "Of the check-ins that opened in the period, those that can be answered now."
    ),
    "silent": Definition(
        "Silent",
        "People in the programme who have missed as many check-ins in a row as make us ring them,"
        " by the setting of their own locality, and have not answered since.",
    ),
    "not_reached": Definition(
        "Could not be reached",
        "People in the programme whose call was handed to a team because nobody could be reached,"
        " and who have not answered since. People reported dead are not counted.",
    ),
    "elsewhere": Definition(
        "Claimed elsewhere",
        "People in the programme whom another body has said it will contact now, so that we wait.",
    ),
    "excused": Definition(
        "Excused",
        "Check-ins that were to open in the period and do not count: the person was in hospital or"
        " away, or we could not be reached or could not write.",
    ),
    "calls_waiting": Definition(
        "Waiting for a call", "Calls that are due or with a call handler now."
    ),
    "calls_beyond": Definition(
        "Beyond today's staff",
        "Calls waiting now that the people on shift cannot make today, in the order of the queue;"
        " each is owned by the calling team, or by surveillance. Without a rota: none.",
    ),
    "calls_ended": Definition(
        "Called", "Calls that ended in the period: spoken to, or handed to a team."
    ),
    "alerts_open": Definition("Open alerts", "Alerts that nobody has closed."),
    "overdue": Definition(
        "Overdue", "Open alerts that were to be resolved by now, by the clock as you read this."
    ),
    "unowned": Definition(
        "Without an owner",
        "Open alerts whose team has closed. An alert cannot be without a team: this must be 0.",
    ),
    "alerts_closed": Definition(
        "Closed", "Alerts closed in the period, each with an outcome that was told back."
    ),
}


@dataclass(frozen=True)
class Counts:
    """How a place stands, by the published definitions; places are added up with `+`."""

    people: int = 0
    in_review: int = 0
    invited: int = 0
    answered: int = 0
    missed: int = 0
    still_open: int = 0
    silent: int = 0
    not_reached: int = 0
    elsewhere: int = 0
    excused: int = 0
    calls_waiting: int = 0
    calls_beyond: int = 0
    calls_ended: int = 0
    alerts_open: int = 0
    overdue: int = 0
    unowned: int = 0
    alerts_closed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: self.of(name) + other.of(name) for name in DEFINITIONS})

    def of(self, name: str) -> int:
        return int(getattr(self, name))

    @property
    def concern(self) -> tuple[int, int, int, int]:
        """What draws the eye first: without an owner, overdue, not reached, silent."""
        return self.unowned, self.overdue, self.not_reached, self.silent


assert {each.name for each in fields(Counts)} == set(DEFINITIONS)  # noqa: S101


@dataclass(frozen=True)
class Period:
    """How far back check-ins, calls and closures are counted; None means since the start."""

    key: str
    title: str
    length: timedelta | None

    def starts_at(self, at: datetime) -> datetime | None:
        return at - self.length if self.length else None


PERIODS = (
    Period("day", "last 24 hours", timedelta(days=1)),
    Period("week", "last 7 days", timedelta(days=7)),
    Period("all", "since the start", None),
)


def period(key: str) -> Period:
    """The period of that name; the last 7 days when there is none."""
    return next((each for each in PERIODS if each.key == key), PERIODS[1])
