"""Record cards: made-up records, and the groups that the cohort rules must find in each.

A record is written as codelist and day, such as `diabetes 2010-01-31; bmi-value 2020-05-01 = 41`.
A codelist stands for its first code; a code of it may be written after a slash.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from openprotect.base.nhs_number import synthetic_number
from openprotect.cohorts.rules import CohortRules, judge
from openprotect.packs.csv_rows import Row, read_rows
from openprotect.packs.problems import PackRefused, Reading, not_one_of
from openprotect.records.rules.values import Event, Person

NEEDED: Final = ("card", "because", "as-of", "born", "record", "expect")
MAY: Final = ("died", "practice")
ENTRY: Final = re.compile(
    r"([a-z][a-z0-9-]+)(?:/([0-9A-Z.-]+))? ([0-9]{4}-[0-9]{2}-[0-9]{2})(?: = ([0-9.]+))?"
)
NOBODY: Final = frozenset({"none"})


@dataclass(frozen=True)
class RecordCard:
    """One made-up record on one day; `expected` has no group when nobody should be found."""

    name: str
    because: str
    row: int
    as_of: date
    person: Person
    events: tuple[Event, ...]
    expected: frozenset[str]

    def found(self, rules: CohortRules) -> frozenset[str]:
        """The groups that the rules find, none for somebody who is not asked about."""
        judged = judge(rules, self.person, self.events, self.as_of)
        return frozenset() if judged.excluded else frozenset(judged.groups)


def read_cards(text: str, rules: CohortRules, file: str = "examples/who.csv") -> list[RecordCard]:
    """Every card; raises PackRefused with each thing that cannot be read, at its cell."""
    reading = Reading()
    rows = read_rows(reading, file, text, needed=NEEDED, allowed=MAY)
    cards = [_card(row, rules) for row in rows]
    if reading.is_refused:
        raise PackRefused(reading.problems)
    return cards


def _card(row: Row, rules: CohortRules) -> RecordCard:
    name = row.needed("card")
    number = synthetic_number(f"card {name}")
    born, died = _day(row, "born"), row.cell("died")
    person = Person(
        nhs_number=number,
        family=name,
        birth_date=born,
        practice_code=row.cell("practice") or "D82001",
        deceased=bool(died),
        deceased_on=_day(row, "died") if died else None,
        source="card",
    )
    if row.cell("practice") == "none":
        person = Person(nhs_number=number, family=name, birth_date=born, source="card")
    return RecordCard(
        name=name,
        because=row.needed("because"),
        row=row.number,
        as_of=_day(row, "as-of"),
        person=person,
        events=tuple(_events(row, rules, number)),
        expected=_expected(row, rules),
    )


def _day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row.needed(column))
    except ValueError:
        row.refuse(column, "must be a day, such as 2026-01-31.")
        return date(1, 1, 1)


def _events(row: Row, rules: CohortRules, number: str) -> Iterator[Event]:
    for place, written in enumerate(filter(None, row.cell("record").split(";"))):
        found = ENTRY.fullmatch(written.strip())
        if found is None:
            row.refuse("record", f"{written.strip()[:60]!r} is not a codelist, a day, and a value.")
        elif found[1] not in rules.codelists:
            row.refuse("record", not_one_of(found[1], rules.codelists))
        else:
            listed = rules.codelists[found[1]]
            code = found[2] or next(iter(listed.terms))
            if code not in listed.codes():
                row.refuse("record", f"{code} is not on the list {found[1]}.")
            yield Event(
                nhs_number=number,
                kind="card",
                code=code,
                system=listed.system,
                term=listed.codes().get(code, ""),
                on=date.fromisoformat(found[3]),
                value=float(found[4]) if found[4] else None,
                source="card",
                source_id=f"{number}/{place}",
            )


def _expected(row: Row, rules: CohortRules) -> frozenset[str]:
    expected = frozenset(row.needed("expect").split())
    known = {group.name for group in rules.groups}
    for name in expected - known - NOBODY:
        row.refuse("expect", not_one_of(name, known | NOBODY))
    return expected - NOBODY
