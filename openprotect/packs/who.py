"""Record cards: made-up records, and the groups that the cohort rules must find in each.

A record is written as codelist and day, such as `diabetes 2010-01-31; bmi-value 2020-05-01 = 41`.
A codelist stands for its first code; a code of it may be written after a slash. A value may have a
unit, and `in hospital` says where it was recorded, with the number of the admission after #:
`hba1c 2026-01-01 = 48 mmol/mol in gp; thymus 2020-01-02 in hospital#7`. A score is written with its
model and version: `score qcovid 4 2026-01-01 = 0.6`.

`expect` holds the groups, or `none`, or `out:` and what takes somebody out. A part that matters by
itself stands beside these, as `part:severe-asthma` or `no-part:severe-asthma`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from openprotect.base.nhs_number import synthetic_number
from openprotect.cohorts.rules import (
    AGE,
    DECEASED,
    OBJECTED,
    UNREGISTERED,
    Codelist,
    CohortRules,
    Judgement,
    judge,
)
from openprotect.packs.cohort_clauses import SETTINGS, SEXES
from openprotect.packs.csv_rows import Row, read_rows
from openprotect.packs.problems import PackRefused, Reading, not_one_of
from openprotect.records.rules import codes
from openprotect.records.rules.values import Event, Person

NEEDED: Final = ("card", "because", "as-of", "born", "record", "expect")
MAY: Final = ("died", "practice", "registered", "left", "sex", "care-home", "decile", "objects")
ENTRY: Final = re.compile(
    r"(?:score (?P<score>\S+ \S+)|(?P<list>[a-z][a-z0-9-]*)(?:/(?P<code>[0-9A-Za-z.-]+))?)"
    r" (?P<on>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?: = (?P<value>-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(?: (?P<unit>(?!in )[^ ]+))?)?"
    r"(?: in (?P<setting>[a-z]+)(?:#(?P<episode>[0-9A-Za-z-]+))?)?"
)
NOBODY: Final = frozenset({"none"})
OUT, PART, NO_PART = "out:", "part:", "no-part:"
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
    without one it does not matter why somebody is not found. `parts` says of some parts whether
    they must hold.
    """

    name: str
    because: str
    row: int
    as_of: date
    person: Person
    events: tuple[Event, ...]
    expected: frozenset[str]
    taken_out: str = ""
    parts: Mapping[str, bool] = field(default_factory=dict)

    def found(self, rules: CohortRules) -> frozenset[str]:
        """The groups that the rules find, none for somebody who is not asked about."""
        judged = self._judged(rules)
        return frozenset() if judged.excluded else frozenset(judged.groups)

    def difference(self, rules: CohortRules) -> str:
        """What is otherwise than expected; '' when nothing is."""
        judged, found = self._judged(rules), self.found(rules)
        if found != self.expected:
            said = f"expected {_groups(self.expected)}, found {_groups(found)}"
            return f"{said}; taken out: {judged.excluded}" if judged.excluded else said
        if self.taken_out and judged.excluded != self.taken_out:
            return f"expected out: {self.taken_out}, was {judged.excluded or 'in no group'}"
        wrong = [name for name, holds in self.parts.items() if holds != (name in judged.parts)]
        is_not = [f"{name} {'not ' if self.parts[name] else ''}to hold" for name in wrong]
        return f"found the part {', the part '.join(is_not)}" if wrong else ""

    def _judged(self, rules: CohortRules) -> Judgement:
        return judge(rules, self.person, self.events, self.as_of, AREAS, with_misses=False)


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
    person = _person(row, synthetic_number(f"card {row.needed('card')}"))
    groups, taken_out, parts = _expected(row, rules)
    return RecordCard(
        name=row.cell("card"),
        because=row.needed("because"),
        row=row.number,
        as_of=_day(row, "as-of", row.needed("as-of")) or date.min,
        person=person,
        events=tuple(_events(row, rules, person.nhs_number)),
        expected=groups,
        taken_out=taken_out,
        parts=parts,
    )


def _person(row: Row, number: str) -> Person:
    practice, decile = row.cell("practice") or "D82001", row.cell("decile")
    if decile and f"tenth {decile}" not in AREAS:
        row.refuse("decile", "must be 1, the most deprived, to 10, or empty when unknown.")
    born = row.needed("born")
    return Person(
        nhs_number=number,
        family=row.cell("card"),
        birth_date=None if born == "unknown" else _day(row, "born", born),
        sex=row.one_of("sex", SEXES) if row.cell("sex") else "unknown",
        practice_code="" if practice == "none" else practice,
        registered_on=_day(row, "registered", row.cell("registered")),
        left_on=_day(row, "left", row.cell("left")),
        deceased=bool(row.cell("died")),
        deceased_on=_day(row, "died", row.cell("died")),
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


def _day(row: Row, column: str, written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        row.refuse(column, f"{written[:20]!r} must be a day, such as 2026-01-31.")
        return None


def _events(row: Row, rules: CohortRules, number: str) -> Iterator[Event]:
    for place, written in enumerate(filter(None, row.cell("record").split(";"))):
        found = ENTRY.fullmatch(" ".join(written.split()))
        if found is None:
            row.refuse("record", f"{written.strip()[:60]!r} is not a codelist, a day, and a value.")
            continue
        listed, on = _listed(row, rules, found), _day(row, "record", found["on"])
        if found["setting"] and found["setting"] not in SETTINGS:
            row.refuse("record", not_one_of(found["setting"], SETTINGS))
        elif listed and on:
            yield _event(row, listed, found, on, f"{number}/{place}")


def _listed(row: Row, rules: CohortRules, found: re.Match[str]) -> Codelist | None:
    """The codelist of an entry; of a score, the list of one that a rule would ask for."""
    code = found["score"]
    if code:
        if not codes.SHAPES["score"].fullmatch(code):
            row.refuse("record", f"{code[:40]!r} is not a model and its version, such as qcovid 4.")
        return Codelist(code, "score", {code: code})
    if found["list"] not in rules.codelists:
        row.refuse("record", not_one_of(found["list"], rules.codelists))
    return rules.codelists.get(found["list"])


def _event(row: Row, listed: Codelist, found: re.Match[str], on: date, source_id: str) -> Event:
    code = found["code"] or next(iter(listed.terms), "")
    if code not in listed.codes():
        row.refuse("record", f"{code} is not on the list {listed.key}.")
    return Event(
        nhs_number=source_id.split("/")[0],
        kind="card",
        code=code,
        system=listed.system,
        term=listed.codes().get(code, ""),
        on=on,
        value=float(found["value"]) if found["value"] else None,
        unit=found["unit"] or "",
        source="card",
        source_id=source_id,
        setting=found["setting"] or "",
        episode=found["episode"] or "",
    )


def _expected(row: Row, rules: CohortRules) -> tuple[frozenset[str], str, dict[str, bool]]:
    """The groups, or the one reason why somebody is out; and what must be true of parts."""
    words = row.needed("expect").split()
    parts = {word: word.startswith(PART) for word in words if word.startswith((PART, NO_PART))}
    others = [word for word in words if word not in parts]
    named = {word.partition(":")[2]: holds for word, holds in parts.items()}
    _refuse_unknown(row, set(named), {part.name for part in rules.parts})
    if len(others) == 1 and others[0].startswith(OUT):
        name = others[0].removeprefix(OUT)
        allowed = {each.name: each.name for each in rules.exclusions} | REASONS
        _refuse_unknown(row, {name}, set(allowed))
        return frozenset(), allowed.get(name, ""), named
    _refuse_unknown(row, set(others), {group.name for group in rules.groups} | NOBODY)
    return frozenset(others) - NOBODY, "", named


def _refuse_unknown(row: Row, names: set[str], known: set[str]) -> None:
    for name in sorted(names - known):
        row.refuse("expect", not_one_of(name, known))
