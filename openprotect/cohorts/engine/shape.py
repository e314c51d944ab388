"""The shape of a rule set: all that the text of its queries depends on, and nothing else.

Codes, windows, thresholds and ages are rows of small tables, so that another figure, another code
or another day asks the same queries. What decides their text is which conditions there are, and
how alternatives are put together of them. Each condition of a clause has a *bit*; what holds of a
person is a mask of them, in words of WORD bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Final

WORD: Final = 62
BITS: Final = (1 << WORD) - 1
# Raised when the queries or the tables they read change, so that no older text is used for them.
EDITION: Final = 2
# Why somebody is not asked about: nothing, the reasons of the population in the order in which
# rules.REASONS names them, then the exclusions of the pack as they are written.
FOUND, DEAD, UNREGISTERED, NOT_OF_AGE, OBJECTED, FIRST_EXCLUSION = range(6)


class Asks(StrEnum):
    """What a clause may ask of the person."""

    AGE = "age"
    SEX = "sex"
    DECILE = "decile"
    REGISTRATION = "registration"
    CARE_HOME = "care home"


class Compares(IntEnum):
    """How the fact of one selection stands to that of another."""

    LATER = 0
    LATER_OR_SAME = 1
    EARLIER = 2
    EARLIER_OR_SAME = 3
    FIRST_EARLIER = 4


@dataclass(frozen=True)
class PersonTest:
    """One condition on a person; its days, if it has any, are columns of the table of days."""

    asks: Asks
    values: tuple[int, ...] = ()


@dataclass(frozen=True)
class Alternative:
    """What must hold together: bits that are needed or forbidden, tests, groups in and out of.

    `bit` is its own, set in the mask of what holds. `group` counts in the order of the rules.
    """

    group: int
    bit: int
    need: int = 0
    forbid: int = 0
    tests: tuple[int, ...] = ()
    inside: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()
    level: int = 0

    @property
    def is_simple(self) -> bool:
        """Its one condition has its very bit, so that nothing is left to work out."""
        return self.need == 1 << self.bit and not self.forbid and self.is_of_mask

    @property
    def is_of_mask(self) -> bool:
        """Whether the mask alone decides, so that nobody without a mask need be looked at."""
        return bool(self.need) and not (self.tests or self.inside or self.outside)


@dataclass(frozen=True)
class Asked:
    """Which branches the queries need; one that no selection needs is not in their text."""

    plain: bool = True
    places: bool = False
    close: bool = False
    daily: bool = False
    places_beyond: bool = False
    valued: bool = False
    bounded: bool = False
    units: bool = False
    derived: bool = False
    aged: bool = False
    paired: bool = False
    apart: bool = False
    several: bool = False
    few: bool = False
    first: bool = False
    last: bool = False
    pairs: bool = False
    undated: bool = False


@dataclass(frozen=True)
class Shape:
    """How the queries of one rule set are put together."""

    bits: int
    parts: int
    groups: int
    exclusions: int
    alternatives: tuple[Alternative, ...]
    tests: tuple[PersonTest, ...]
    asked: Asked
    alive: bool = True
    registered: bool = True
    registered_long: bool = False
    without_objectors: bool = True
    # Only who, and between which days: codes, sources and facts that hold nothing are not kept.
    bare: bool = False
    edition: int = EDITION

    @property
    def words(self) -> int:
        return max(1, -(-self.bits // WORD))

    @property
    def group_words(self) -> int:
        return max(1, -(-self.groups // WORD))

    @cached_property
    def levels(self) -> tuple[tuple[Alternative, ...], ...]:
        """Alternatives in the order in which they can be worked out."""
        top = max((each.level for each in self.alternatives), default=0)
        return tuple(
            tuple(each for each in self.alternatives if each.level == level)
            for level in range(top + 1)
        )

    def bits_of(self, group: int) -> int:
        """The bits of all alternatives of a group, counted in the order of the rules."""
        return sum(1 << each.bit for each in self.alternatives if each.group == group)

    def bits_of_groups(self) -> int:
        """The bits of every alternative that puts somebody in the cohort."""
        return sum(self.bits_of(group) for group in self.cohort_groups())

    def cohort_groups(self) -> range:
        return range(self.parts, self.parts + self.groups)

    def exclusion_groups(self) -> range:
        return range(self.parts + self.groups, self.parts + self.groups + self.exclusions)


def words_of(mask: int, count: int) -> Iterator[int]:
    """A mask of any length as words of WORD bits."""
    for word in range(count):
        yield (mask >> (word * WORD)) & BITS
