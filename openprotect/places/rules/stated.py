"""Statements the files make, each with the file it comes from."""

from dataclasses import dataclass
from datetime import date, time

WORKED_OUT = "worked out"


@dataclass(frozen=True)
class StatedOrganisation:
    """An organisation as a file gives it, or as its rows imply it."""

    source: str
    code: str
    name: str
    kind: str
    opened_on: date
    closed_on: date | None = None
    postcode: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class StatedRelationship:
    """One organisation's place under another, with the first and last day it is known to hold."""

    source: str
    child: str
    parent: str
    kind: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True)
class StatedTeam:
    """A team with the organisation it belongs to, the area it covers and its hours."""

    source: str
    function: str
    organisation: str
    covers: str
    name: str
    opened_on: date
    closed_on: date | None
    weekdays: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken, and why; row 1 is the first below the heading."""

    source: str
    row: int
    code: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}, row {self.row}, {self.code or 'no code'}: {self.reason}"


@dataclass(frozen=True)
class Tally:
    """What became of every row of one file, or of everything worked out from them."""

    source: str
    rows: int
    added: int
    changed: int
    unchanged: int
    rejected: int

    @property
    def balances(self) -> bool:
        return self.rows == self.added + self.changed + self.unchanged + self.rejected

    def __str__(self) -> str:
        sign = "=" if self.balances else "≠"
        return (
            f"{self.source}: {self.rows} {sign} {self.added} added + {self.changed} changed"
            f" + {self.unchanged} unchanged + {self.rejected} rejected"
        )
