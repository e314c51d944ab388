"""What a cohort rule can say. One meaning each, so that every engine finds the same people.

A rule set is read from inside out. A *selection* is some of a person's coded events. What it finds
of one person is a *fact*: first and last day, how many events and days, the latest value. A
*clause* asks something of a fact, or of the person. All clauses of an *alternative* must hold, and
any alternative of a *group* puts somebody in it. A *part* is a group that only other groups refer
to. An *exclusion* is a group that takes people out, with its reason.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from openprotect.cohorts.rules.measures import EVER, Ages, Days, Range, Span, Tie

ASKED_ABOUT = Ages(16, 120)
# dm+d is part of the UK drug extension of SNOMED CT: one code may come under either name.
FAMILIES = {"snomed": ("snomed", "dmd"), "dmd": ("snomed", "dmd")}


@dataclass(frozen=True)
class Codelist:
    """Codes of one system that mean one thing, with their terms."""

    key: str
    system: str
    terms: Mapping[str, str]

    @property
    def systems(self) -> tuple[str, ...]:
        return FAMILIES.get(self.system, (self.system,))

    def codes(self) -> Mapping[str, str]:
        """Every code that counts, with its term; an ICD-10 or OPCS-4 category holds its own."""
        return self._counted

    @cached_property
    def _counted(self) -> Mapping[str, str]:
        if self.system not in ("icd10", "opcs4"):
            return self.terms
        found: dict[str, str] = {}
        for code, term in self.terms.items():
            found |= dict.fromkeys(_below(code, self.system), term)
        return found


def _below(code: str, system: str) -> list[str]:
    """The code itself and what may be written for a part of it."""
    digits = "0123456789"
    if len(code) > 3:
        return [code, *(code + digit for digit in digits)] if system == "icd10" else [code]
    fourth = [code + each for each in (digits + "X" if system == "icd10" else digits)]
    fifth = [each + digit for each in fourth for digit in digits] if system == "icd10" else []
    return [code, *fourth, *fifth]


class Derived(StrEnum):
    """A published formula that turns a measured value into the one that is asked about.

    EGFR: CKD-EPI 2009 without ethnicity (Levey et al., Ann Intern Med 2009;150:604), from
    creatinine in umol/L, the age at the measurement and the sex, in mL/min/1.73 m2. Sex neither
    female nor male, or no birth date: no value.
    """

    EGFR = "egfr-ckd-epi-2009"


@dataclass(frozen=True)
class Conversion:
    """How a value in another unit becomes one in the unit asked for: value / divide + add."""

    unit: str
    divide: float = 1.0
    add: float = 0.0


@dataclass(frozen=True)
class Selection:
    """Some of a person's coded events: on these lists, in this time, with a value one can believe.

    `setting` narrows to where it was recorded (gp, hospital, social, list). `unit`: only values in
    this unit, or in one that is converted, are values; an event's own unit that is empty is taken
    for this unit. `plausible` is asked of the value after conversion, and before `derived`. When a
    value is needed, an event without one that stands up to all this does not count. `aged` is the
    age on the day of the event. `paired`: the event counts only when an event of these lists has
    the same person, the same day and, where either has an episode, the same episode.
    """

    codelists: tuple[str, ...]
    days: Days = EVER
    setting: str = ""
    plausible: Range | None = None
    has_value: bool = False
    unit: str = ""
    conversions: tuple[Conversion, ...] = ()
    derived: Derived | None = None
    aged: Ages | None = None
    paired: tuple[str, ...] = ()

    @property
    def needs_value(self) -> bool:
        return self.has_value or self.plausible is not None or self.derived is not None


@dataclass(frozen=True)
class Ender:
    """Events that end a clause when the last of them is later than the last of the clause's own."""

    select: Selection
    tie: Tie


@dataclass(frozen=True)
class Registration:
    """Registered with the present practice for so long, or since some day within so long."""

    at_least: Span | None = None
    within: Span | None = None


@dataclass(frozen=True)
class Clause:
    """One condition; everything that it names must hold.

    Of the fact of `select`: `at_least` and `at_most` events (or days), `apart` between the first
    and the last, `latest_value` on the last day (the highest of that day), `first` and `last` the
    stretches of days in which they must lie. `ended_by`: none of these is later (Tie.ENDS: or on
    the same day). `after`: each of these exists and is earlier (Tie.STANDS: or on the same day).
    `unless_before`: none of these has its first event on a day before the clause's own first.
    `is_absent`: there is no event of `select` at all, and nothing else of a fact can be asked.

    Of the person: `ages`, `sexes` (female, male, other, unknown), `deciles` of deprivation (1 is
    most deprived; unknown is none of them), `registration`, `care_home` (unknown is not in one).
    Of other groups and parts, earlier in the file: `in_group`, `not_in_group`.
    """

    select: Selection | None = None
    is_absent: bool = False
    at_least: int = 1
    at_most: int | None = None
    on_different_days: bool = False
    apart: Span | None = None
    latest_value: Range | None = None
    first: Days | None = None
    last: Days | None = None
    ended_by: tuple[Ender, ...] = ()
    after: tuple[Ender, ...] = ()
    unless_before: Selection | None = None
    ages: Ages | None = None
    sexes: tuple[str, ...] = ()
    deciles: tuple[int, ...] = ()
    registration: Registration | None = None
    care_home: bool | None = None
    in_group: str = ""
    not_in_group: str = ""

    def selections(self) -> Iterator[Selection]:
        """Every selection of which a fact is needed, the clause's own first."""
        if self.select:
            yield self.select
        yield from (each.select for each in (*self.ended_by, *self.after))
        if self.unless_before:
            yield self.unless_before


@dataclass(frozen=True)
class Group:
    """A reason to be in the cohort: any of its alternatives, each of which is all its clauses.

    The same shape serves a part, which only other groups refer to, and an exclusion, whose
    `handling` says what is done for its people instead, if anything.
    """

    name: str
    title: str
    source: str
    any_of: tuple[tuple[Clause, ...], ...]
    handling: str = ""


@dataclass(frozen=True)
class Population:
    """Who is asked about at all. Somebody who is not counts once, for the first reason of these:

    dead; not registered (with no practice, joining later, left, or not for so long; a registration
    without a day is not shown to be so long); not of these ages; objecting.
    """

    ages: Ages = ASKED_ABOUT
    registered: bool = True
    alive: bool = True
    registered_for: Span | None = None
    without_objectors: bool = True


@dataclass(frozen=True)
class CohortRules:
    """Every group of a pack, over its codelists. A reference goes to an earlier group or part."""

    title: str
    groups: tuple[Group, ...]
    codelists: Mapping[str, Codelist]
    population: Population = Population()
    parts: tuple[Group, ...] = ()
    exclusions: tuple[Group, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The same for rules that say the same, lists of codes included; worked out once."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    def in_order(self) -> tuple[Group, ...]:
        """The parts, then the groups, then the exclusions; each may refer to those before it."""
        return (*self.parts, *self.groups, *self.exclusions)

    def title_of(self, group: str) -> str:
        return next((each.title for each in self.in_order() if each.name == group), group)

    def clauses(self) -> Iterator[Clause]:
        """Every clause, in order."""
        for group in self.in_order():
            for alternative in group.any_of:
                yield from alternative

    def selections(self) -> list[Selection]:
        """Every selection that some clause asks for, once, in a stable order."""
        asked = (each for clause in self.clauses() for each in clause.selections())
        return list(dict.fromkeys(asked))


def listed_term(
    rules: CohortRules, codelists: tuple[str, ...], system: str, code: str
) -> str | None:
    """The term that the first list with this code gives it; None when it is on none of them."""
    for key in codelists:
        listed = rules.codelists[key]
        if system in listed.systems and code in listed.codes():
            return listed.codes()[code]
    return None


def coded(rules: CohortRules, codelists: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Every system and code that these lists count, with the term that a list gives it."""
    found: dict[tuple[str, str], str] = {}
    for key in codelists:
        listed = rules.codelists[key]
        for code, term in listed.codes().items():
            for system in listed.systems:
                found.setdefault((system, code), term)  # as listed_term: the first list's
    return found
