"""What comes through the narrow door: a person whom the rules found, and why."""

from dataclasses import dataclass
from datetime import date

from openprotect.base.refusals import Refused


class NotEnrolled(Refused):
    """The person cannot be brought into the programme."""


@dataclass(frozen=True)
class Why:
    """One dated fact for which a person is in a programme."""

    group: str
    title: str
    code: str
    term: str
    on: date
    source: str


@dataclass(frozen=True)
class Enrolled:
    """What became of the people found: every one is counted once."""

    new: int = 0
    known: int = 0
    left_out: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        return self.new + self.known + sum(count for _, count in self.left_out)
