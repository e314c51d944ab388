"""What a changed rule would do: who would join, who would leave, and who would change groups."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyarrow as pa

from openprotect.cohorts.rules import Evidence

JOINED, LEFT, CHANGED = KINDS = ("joined", "left", "changed")


@dataclass(frozen=True)
class Row:
    """How many people of one practice and fifth of deprivation would join, leave or change groups.

    The most deprived fifth is 1; 0 is unknown.
    """

    practice: str
    quintile: int
    joined: int
    left: int
    changed: int


@dataclass(frozen=True)
class Count:
    """The same of one practice, or of one fifth."""

    of: str
    joined: int
    left: int
    changed: int


@dataclass(frozen=True)
class GroupCount:
    """How many people are in a group, and how many would be."""

    group: str
    before: int
    after: int


@dataclass(frozen=True)
class Example:
    """Somebody whom the change concerns, with the evidence of the rules that find them."""

    nhs_number: str
    practice: str
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    reason: str = ""


@dataclass(frozen=True)
class Trial:
    """Rules held against changed rules over everybody, as of one day.

    `people`, where they were asked for, has everybody concerned in order of NHS number: person,
    nhs_number, practice, decile, kind, and the words before_0 and after_0 … of their groups, as
    bits in the order of `groups`; of somebody not found, none.
    """

    as_of: date
    before: int
    after: int
    groups: tuple[str, ...]
    by_group: tuple[GroupCount, ...]
    rows: tuple[Row, ...]
    people: pa.Table | None
    examples: tuple[Example, ...]

    @cached_property
    def joined(self) -> int:
        return sum(row.joined for row in self.rows)

    @cached_property
    def left(self) -> int:
        return sum(row.left for row in self.rows)

    @cached_property
    def changed(self) -> int:
        return sum(row.changed for row in self.rows)

    @cached_property
    def by_practice(self) -> tuple[Count, ...]:
        return self._summed(lambda row: row.practice)

    @cached_property
    def by_quintile(self) -> tuple[Count, ...]:
        return self._summed(lambda row: row.quintile)

    def _summed(self, key: Callable[[Row], Hashable]) -> tuple[Count, ...]:
        sums: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in self.rows:
            for place, number in enumerate((row.joined, row.left, row.changed)):
                sums[key(row)][place] += number
        return tuple(Count(str(of), *sums[of]) for of in sorted(sums, key=str))
