"""The nouns of an import: a row, where it stood, what it says, and what became of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a row of an extract is about; each kind has its own row equation."""

    PEOPLE = "people"
    EVENTS = "events"
    BUNDLES = "bundles"


class Outcome(StrEnum):
    """What became of one row. Every row has exactly one of these."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    HELD = "held"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a row stood: the file, and its row or bundle entry, counted from 1."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Person:
    """Demographics of one person as an extract gives them. `subject` is the extract's own id."""

    nhs_number: str
    given: str = ""
    family: str = ""
    birth_date: date | None = None
    birth_precision: str = "day"
    sex: str = "unknown"
    mobile: str = ""
    phone: str = ""
    phone_shared: bool = False
    email: str = ""
    address: str = ""
    postcode: str = ""
    practice_code: str = ""
    registered_on: date | None = None
    left_on: date | None = None
    deceased: bool = False
    deceased_on: date | None = None
    restricted: bool = False
    opted_out: bool | None = None
    care_home: bool | None = None
    lsoa: str = ""
    updated_at: str = ""
    source: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One coded fact about one person on one day.

    `setting` is where it was recorded (gp, hospital, social, list); `episode` the sender's id of
    the admission that it is part of.
    """

    nhs_number: str
    kind: str
    code: str
    system: str
    term: str
    on: date
    value: float | None = None
    unit: str = ""
    source: str = ""
    source_id: str = ""
    subject: str = ""
    setting: str = ""
    episode: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read. With a `reason` it is held or rejected; without one it may go on.

    `asked` is the number somebody was asked for by, where the answer has another: the one asked
    for was superseded. The empty fields of a `partial` row say nothing. `scope` is within what a
    subject's id is unique, when that is more than one file; `subject` is the id of somebody of whom
    nothing else could be kept.
    """

    kind: Kind
    position: Position
    person: Person | None = None
    event: Event | None = None
    outcome: Outcome | None = None
    reason: str = ""
    shape: bool = False
    notes: tuple[str, ...] = ()
    asked: str = ""
    partial: bool = False
    scope: str = ""
    subject: str = ""


@dataclass(frozen=True)
class LeftOut:
    """Entries of an extract that the lake does not keep, counted apart from its rows."""

    what: str
    count: int = 1
