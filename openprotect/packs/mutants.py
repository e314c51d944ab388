"""Slips of the pen in a triage table, each made on purpose: do the cards notice?

A rule is one row, and rows do not touch each other; so a slip is noticed when some card makes the
spoiled row fire where the right one is silent, or the other way round.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from openprotect.forms.items import Item
from openprotect.packs.cel import NotAnExpression, NotComputed, Test, compiled
from openprotect.packs.cells import (
    COMPARED,
    DAY,
    MENTIONS,
    NEGATED,
    NUMBER,
    NotACell,
    expression,
)
from openprotect.packs.facts import SHELF_OF, Laid
from openprotect.packs.triage import Rule, TriageTable

SIDEWAYS: Final = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
ABOUT: Final = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
A_TENTH: Final = Decimal("0.1")
NEVER: Final = "false"
ALWAYS: Final = "true"


@dataclass(frozen=True)
class Mutant:
    """One slip in one row, in words, and the row's test with it."""

    rule: Rule
    column: str
    words: str
    test: Test

    def __str__(self) -> str:
        place = f"row {self.rule.row} ({self.rule.name})"
        return (
            f"{place}, column {self.column}: {self.words}"
            if self.column
            else f"{place}: {self.words}"
        )

    def shows_on(self, laid: Laid) -> bool:
        """Whether somebody with these facts would be judged otherwise."""
        return holds(self.test, laid) is not holds(self.rule.test, laid)


def holds(test: Test, laid: Laid) -> bool | None:
    """None when it cannot be worked out."""
    try:
        return test.holds(laid.ready)
    except NotComputed:
        return None


def mutants(table: TriageTable) -> Iterator[Mutant]:
    """Every slip in every row of a table."""
    for rule in table.rules:
        yield Mutant(rule, "", "the row is left out", compiled(NEVER))
        for column, cell in rule.cells.items():
            yield _mutant(rule, column, f"{cell.text!r} is left out", "")
            for text in dict.fromkeys(_slips(cell.text, table.facts[column])):
                try:
                    spoiled = expression(text, table.facts[column])
                    yield _mutant(rule, column, f"{cell.text!r} becomes {text!r}", spoiled)
                except (NotACell, NotAnExpression):
                    continue  # a slip that is refused when the pack is read harms nobody


def _mutant(rule: Rule, column: str, words: str, spoiled: str) -> Mutant:
    tests = {name: cell.test.text for name, cell in rule.cells.items()} | {column: spoiled}
    whole = " && ".join(test for test in tests.values() if test) or ALWAYS
    return Mutant(rule, column, words, compiled(whole))


def _slips(cell: str, item: Item) -> Iterator[str]:
    """The cell with one thing wrong."""
    if cell == "any":
        yield "missing"
    elif cell == "missing":
        yield "any"
    elif found := NEGATED.fullmatch(cell):
        yield from _of_a_denial(found[1], found[2])
    elif cell.startswith(MENTIONS):
        yield from (MENTIONS + each for each in _without_one(_parts(cell.removeprefix(MENTIONS))))
    else:
        yield from _of_a_list(_parts(cell), item)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",")]


def _of_a_denial(listed: str, tail: str) -> Iterator[str]:
    other = "or missing" if tail == "and answered" else "and answered"
    yield listed
    yield f"not {listed} {other}"
    yield from (f"not {each} {tail}" for each in _without_one(_parts(listed)))


def _without_one(parts: Sequence[str]) -> Iterator[str]:
    if len(parts) > 1:
        for place in range(len(parts)):
            yield ", ".join([*parts[:place], *parts[place + 1 :]])


def _of_a_list(parts: Sequence[str], item: Item) -> Iterator[str]:
    yield from _without_one(parts)
    for place, part in enumerate(parts):
        for slip in _of_a_part(part, item):
            yield ", ".join([*parts[:place], slip, *parts[place + 1 :]])


def _of_a_part(part: str, item: Item) -> Iterator[str]:
    shelf = SHELF_OF.get(item.kind)
    if part == "missing" or shelf not in ("num", "day"):
        return
    if found := re.fullmatch(rf"({NUMBER})\s*\.\.\s*({NUMBER})", part):
        low, high = found.groups()
        yield from (f"{each}..{high}" for each in _beside(low, item))
        yield from (f"{low}..{each}" for each in _beside(high, item))
        return
    found = COMPARED.fullmatch(part)
    sign, bound = (found[1], found[2]) if found else ("", part)
    yield from (f"{sign} {each}".strip() for each in _beside(bound, item))
    if sign:
        yield f"{SIDEWAYS[sign]} {bound}"
        yield f"{ABOUT[sign]} {bound}"


def _beside(bound: str, item: Item) -> Iterator[str]:
    """The nearest bounds below and above: a day, one, or a tenth where decimals are read."""
    if re.fullmatch(DAY, bound):
        day = date.fromisoformat(bound)
        yield from ((day + timedelta(days=step)).isoformat() for step in (-1, 1))
    elif re.fullmatch(NUMBER, bound):
        step = least_step(item, Decimal(bound))
        yield from (f"{Decimal(bound) + each:f}" for each in (-step, step))


def least_step(item: Item, bound: Decimal) -> Decimal:
    if item.kind == "integer":
        return Decimal(1)
    exponent = bound.as_tuple().exponent
    written = Decimal((0, (1,), exponent)) if isinstance(exponent, int) else A_TENTH
    return min(A_TENTH, written)
