"""A triage rule as a reader says it: the questions by their words, the answers by theirs."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from openprotect.forms.items import Item
from openprotect.packs.cells import COMPARED, MENTIONS, NEGATED
from openprotect.packs.facts import SHELF_OF
from openprotect.packs.triage import Rule

OF_NUMBERS: Final = {
    ">=": "{} or more",
    ">": "more than {}",
    "<=": "{} or less",
    "<": "less than {}",
}
OF_DAYS: Final = {
    ">=": "on or after {}", ">": "after {}", "<=": "on or before {}", "<": "before {}",
}  # fmt: skip
ANY: Final = "any answer"
MISSING: Final = "no answer"


def when(rule: Rule, facts: Mapping[str, Item]) -> tuple[str, ...]:
    """What must be true for a rule to raise its concern; all of it."""
    return tuple(told(facts[column], cell.text) for column, cell in rule.cells.items())


def told(item: Item, cell: str) -> str:
    """One condition: the question, and which answers to it count."""
    asked = item.text if item.text.endswith("?") else f"{item.text}:"
    return f"{asked} {cell_in_words(item, cell)}"


def cell_in_words(item: Item, cell: str) -> str:
    """The answers that one filled cell matches."""
    cell = " ".join(cell.split())
    if cell == "any":
        return ANY
    if found := NEGATED.fullmatch(cell):
        silent = ", or no answer" if found[2] == "or missing" else ""
        return f"any answer but {_either(found[1], item, 'or')}{silent}"
    if cell.startswith(MENTIONS):
        words = [f"“{each.strip()}”" for each in cell.removeprefix(MENTIONS).split(",")]
        return f"words such as {', '.join(words)}"
    return _either(cell, item, "or")


def _either(cell: str, item: Item, between: str) -> str:
    parts = list(_parts(cell, item))
    return f" {between} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _parts(cell: str, item: Item) -> Iterator[str]:
    words = _WORDS.get(SHELF_OF.get(item.kind, "code"), _code)
    for part in (each.strip() for each in cell.split(",")):
        yield MISSING if part == "missing" else words(part, item)


def _code(part: str, item: Item) -> str:
    option = item.option(part)
    if option:
        return option.display
    return {"yes": "yes", "no": "no"}.get(part, part)


def _number(part: str, item: Item) -> str:
    unit = f" {item.unit}" if item.unit else ""
    if found := COMPARED.fullmatch(part):
        return OF_NUMBERS[found[1]].format(found[2] + unit)
    between = re.sub(r"\s*\.\.\s*", " to ", part)
    return f"{between}{unit}"


def _day(part: str, item: Item) -> str:
    found = COMPARED.fullmatch(part)
    try:
        day = date.fromisoformat(found[2] if found else part)
    except ValueError:
        return part
    said = f"{day.day} {day:%B %Y}"
    return OF_DAYS[found[1]].format(said) if found else said


_WORDS: Final[Mapping[str, Callable[[str, Item], str]]] = {
    "code": _code,
    "num": _number,
    "day": _day,
}
