"""What a cohort rule can say. One meaning each, so that every engine finds the same people."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# dm+d is part of the UK drug extension of SNOMED CT: one code may come under either name.
FAMILIES = {"snomed": ("snomed", "dmd"), "dmd": ("snomed", "dmd")}


class Tie(StrEnum):
    """When a group's code and the code that ends it fall on one day."""

    ENDS = "ends"
    STANDS = "stands"


@dataclass(frozen=True)
class Span:
    """A length of time back from the day asked about: whole months, then days."""

    months: int = 0
    days: int = 0

    def before(self, day: date) -> date:
        """The day so long before; the last of the month where that day does not exist."""
        months = day.year * 12 + day.month - 1 - self.months
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) - timedelta(days=self.days)

    def __str__(self) -> str:
        months = f"{self.months} month{'s' if self.months != 1 else ''}" if self.months else ""
        days = f"{self.days} day{'s' if self.days != 1 else ''}" if self.days else ""
        return " and ".join(part for part in (months, days) if part)


@dataclass(frozen=True)
class Range:
    """Values from a bound to a bound; an open bound is not itself inside."""

    low: float | None = None
    high: float | None = None
    low_is_open: bool = False
    high_is_open: bool = False

    def holds(self, value: float) -> bool:
        over = self.low is None or value > self.low or (value == self.low and not self.low_is_open)
        under = (
            self.high is None or value < self.high or (value == self.high and not self.high_is_open)
        )
        return over and under

    def __str__(self) -> str:
        low = (
            "" if self.low is None else f"{'over' if self.low_is_open else 'at least'} {self.low:g}"
        )
        high = (
            ""
            if self.high is None
            else f"{'under' if self.high_is_open else 'at most'} {self.high:g}"
        )
        return " and ".join(part for part in (low, high) if part)


@dataclass(frozen=True)
class Ages:
    """Whole years of age on the day asked about, both ends included.

    Somebody born on 29 February is a year older on 1 March of a year without that day.
    """

    low: int = 0
    high: int = 200

    def born_by(self, as_of: date) -> date:
        """Born on this day or earlier: old enough."""
        return _years_before(as_of, self.low)

    def born_after(self, as_of: date) -> date:
        """Born on this day or earlier: too old."""
        return _years_before(as_of, min(self.high + 1, as_of.year - 1))

    def holds(self, born: date, as_of: date) -> bool:
        return self.born_after(as_of) < born <= self.born_by(as_of)

    def reached_on(self, born: date) -> date:
        """The birthday on which the youngest of these ages was reached."""
        try:
            return born.replace(year=born.year + self.low)
        except ValueError:
            return date(born.year + self.low, 3, 1)

    def __str__(self) -> str:
        return f"aged {self.low} or over" if self.high >= 200 else f"aged {self.low} to {self.high}"


def _years_before(day: date, years: int) -> date:
    return Span(months=12 * years).before(day)


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


@dataclass(frozen=True)
class Selection:
    """Some of a person's events: on these lists, in this time, with a value one can believe."""

    codelists: tuple[str, ...]
    within: Span | None = None
    until: Span | None = None
    plausible: Range | None = None
    has_value: bool = False

    def since(self, as_of: date) -> date | None:
        return self.within.before(as_of) if self.within else None

    def last_day(self, as_of: date) -> date:
        return self.until.before(as_of) if self.until else as_of


@dataclass(frozen=True)
class Clause:
    """One condition: enough events, the latest value, not ended since, an age. All must hold."""

    select: Selection | None = None
    at_least: int = 1
    on_different_days: bool = False
    latest_value: Range | None = None
    ended_by: Selection | None = None
    tie: Tie = Tie.ENDS
    ages: Ages | None = None


@dataclass(frozen=True)
class Group:
    """A reason to be in the cohort: any of its alternatives, each of which is all its clauses."""

    name: str
    title: str
    source: str
    any_of: tuple[tuple[Clause, ...], ...]


@dataclass(frozen=True)
class Population:
    """Who is asked about at all."""

    ages: Ages = Ages(16, 120)
    registered: bool = True
    alive: bool = True


@dataclass(frozen=True)
class CohortRules:
    """Every group of a pack, over its codelists."""

    title: str
    groups: tuple[Group, ...]
    codelists: Mapping[str, Codelist]
    population: Population = Population()

    def title_of(self, group: str) -> str:
        return next((each.title for each in self.groups if each.name == group), group)


def coded(rules: CohortRules, selection: Selection) -> dict[tuple[str, str], str]:
    """Every system and code that a selection counts, with the term its codelist gives it."""
    found: dict[tuple[str, str], str] = {}
    for key in selection.codelists:
        listed = rules.codelists[key]
        for code, term in listed.codes().items():
            for system in listed.systems:
                found.setdefault((system, code), term)
    return found
