"""Record cards: made-up records, and the groups that the cohort rules must find in each.

A record is written as codelist and day, such as `diabetes 2010-01-31; bmi-value 2020-05-01 = 41`.
A codelist stands for its first code; a code of it may be written after a slash. A value may have a
unit, and `in hospital` says where it was recorded, with the number of the admission after #:
`hba1c 2026-01-01 = 48 mmol/mol in gp; thymus 2020-01-02 in hospital#7`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from openprotect.base.nhs_number import synthetic_number
from openprotect.cohorts.rules import AGE, DECEASED, OBJECTED, UNREGISTERED, CohortRules, judge
from openprotect.packs.cohort_clauses import SETTINGS, SEXES
from openprotect.packs.csv_rows import Row, read_rows
from openprotect.packs.problems import PackRefused, Reading, not_one_of
from openprotect.records.rules.values import Event, Person

NEEDED: Final = ("card", "because", "as-of", "born", "record", "expect")
MAY: Final = ("died", "practice", "registered", "left", "sex", "care-home", "decile", "objects")
ENTRY: Final = re.compile(
    r"(?P<list>[a-z][a-z0-9-]+)(?:/(?P<code>[0-9A-Z.-]+))? (?P<on>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?: = (?P<value>[0-9.]+)(?: (?P<unit>(?!in )[^ ]+))?)?"
    r"(?: in (?P<setting>[a-z]+)(?:#(?P<episode>[0-9]+))?)?"
)
NOBODY: Final = frozenset({"none"})
OUT: Final = "out:"
# What the population of the rules leaves out, in the words of a card.
REASONS: Final = {
    "deceased": DECEASED,
    "unregistered": UNREGISTERED,
    "age": AGE,
    "objected": OBJECTED,
}
ANSWERS: Final = {"": None, "yes": True, "no": False}
# A card names a tenth of deprivation; the rules look one up by area.
AREAS: Final[Mapping[str, int]] = MappingProxyType({f"tenth {n}": n for n in range(1, 11)})


@dataclass(frozen=True)
class RecordCard:
    """One made-up record on one day; `expected` has no group when nobody should be found.

    `taken_out` is the reason of the population, or the exclusion, that must keep the person out;
    without one it does not matter why somebody is not found.
    """

    name: str
    because: str
    row: int
    as_of: date
    person: Person
    events: tuple[Event, ...]
    expected: frozenset[str]
    taken_out: str = ""

    def found(self, rules: CohortRules) -> frozenset[str]:
        """The groups that the rules find, none for somebody who is not asked about."""
        judged = judge(rules, self.person, self.events, self.as_of, AREAS)
        return frozenset() if judged.excluded else frozenset(judged.groups)

    def difference(self, rules: CohortRules) -> str:
        """What is otherwise than expected; '' when nothing is."""
        judged = judge(rules, self.person, self.events, self.as_of, AREAS)
        found = self.found(rules)
        if found != self.expected:
            said = f"expected {_groups(self.expected)}, found {_groups(found)}"
            return f"{said}; taken out: {judged.excluded}" if judged.excluded else said
        if self.taken_out and judged.excluded != self.taken_out:
            return f"expected out: {self.taken_out}, was {judged.excluded or 'in no group'}"
        return ""


def _groups(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"


def read_cards(text: str, rules: CohortRules, file: str = "examples/who.csv") -> list[RecordCard]:
    """Every card; raises PackRefused with each thing that cannot be read, at its cell."""
    reading = Reading()
    rows = read_rows(reading, file, text, needed=NEEDED, allowed=MAY)
    cards = [_card(row, rules) for row in rows]
    _refuse_twice(rows)
    if reading.is_refused:
        raise PackRefused(reading.problems)
    return cards


def _refuse_twice(rows: list[Row]) -> None:
    """A name stands for one made-up person; a second of that name would be the same one."""
    seen: set[str] = set()
    for row in rows:
        if row.cell("card") in seen:
            row.refuse("card", "is the second card of this name.")
        seen.add(row.cell("card"))


def _card(row: Row, rules: CohortRules) -> RecordCard:
    name = row.needed("card")
    person = _person(row, synthetic_number(f"card {name}"))
    events = tuple(_events(row, rules, person.nhs_number))
    expected, taken_out = _expected(row, rules)
    return RecordCard(
        name=name,
        because=row.needed("because"),
        row=row.number,
        as_of=_day(row, "as-of"),
        person=person,
        events=events,
        expected=expected,
        taken_out=taken_out,
    )


def _person(row: Row, number: str) -> Person:
    practice, decile = row.cell("practice") or "D82001", row.cell("decile")
    if decile and f"tenth {decile}" not in AREAS:
        row.refuse("decile", "must be 1, the most deprived, to 10, or empty when unknown.")
    return Person(
        nhs_number=number,
        family=row.cell("card"),
        birth_date=_day(row, "born"),
        sex=row.one_of("sex", SEXES) if row.cell("sex") else "unknown",
        practice_code="" if practice == "none" else practice,
        registered_on=_day(row, "registered") if row.cell("registered") else None,
        left_on=_day(row, "left") if row.cell("left") else None,
        deceased=bool(row.cell("died")),
        deceased_on=_day(row, "died") if row.cell("died") else None,
        opted_out=_answer(row, "objects"),
        care_home=_answer(row, "care-home"),
        lsoa=f"tenth {decile}" if decile else "",
        source="card",
    )


def _answer(row: Row, column: str) -> bool | None:
    written = row.cell(column)
    if written not in ANSWERS:
        row.refuse(column, "must be yes, no, or empty when unknown.")
    return ANSWERS.get(written)


def _day(row: Row, column: str) -> date:
    return _as_day(row, column, row.needed(column))


def _as_day(row: Row, column: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        row.refuse(column, f"{written[:20]!r} must be a day, such as 2026-01-31.")
        return date(1, 1, 1)


def _events(row: Row, rules: CohortRules, number: str) -> Iterator[Event]:
    for place, written in enumerate(filter(None, row.cell("record").split(";"))):
        found = ENTRY.fullmatch(written.strip())
        if found is None:
            row.refuse("record", f"{written.strip()[:60]!r} is not a codelist, a day, and a value.")
        elif found["list"] not in rules.codelists:
            row.refuse("record", not_one_of(found["list"], rules.codelists))
        elif found["setting"] and found["setting"] not in SETTINGS:
            row.refuse("record", not_one_of(found["setting"], SETTINGS))
        else:
            yield _event(row, rules, found, number, place)


def _event(row: Row, rules: CohortRules, found: re.Match[str], number: str, place: int) -> Event:
    listed = rules.codelists[found["list"]]
    codes = listed.codes()
    code = found["code"] or next(iter(listed.terms))
    if code not in codes:
        row.refuse("record", f"{code} is not on the list {found['list']}.")
    return Event(
        nhs_number=number,
        kind="card",
        code=code,
        system=listed.system,
        term=codes.get(code, ""),
        on=_as_day(row, "record", found["on"]),
        value=float(found["value"]) if found["value"] else None,
        unit=found["unit"] or "",
        source="card",
        source_id=f"{number}/{place}",
        setting=found["setting"] or "",
        episode=found["episode"] or "",
    )


def _expected(row: Row, rules: CohortRules) -> tuple[frozenset[str], str]:
    """The groups, or the one reason why somebody is out: `none`, or `out:` and its name."""
    words = row.needed("expect").split()
    if len(words) == 1 and words[0].startswith(OUT):
        name = words[0].removeprefix(OUT)
        allowed = {each.name: each.name for each in rules.exclusions} | REASONS
        if name not in allowed:
            row.refuse("expect", not_one_of(name, allowed))
        return frozenset(), allowed.get(name, "")
    known = {group.name for group in rules.groups}
    for name in set(words) - known - NOBODY:
        row.refuse("expect", not_one_of(name, known | NOBODY))
    return frozenset(words) - NOBODY, ""
