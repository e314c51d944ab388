"""What a triage rule may look at: the answers, and the few things known about the person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from openprotect.packs.cel import ready
from openprotect.packs.items import Item, Option, as_code
from openprotect.packs.spoken import normalised
from openprotect.packs.stored import NotUnderstood, Value

Shelf = Literal["code", "num", "day", "said"]
SHELVES: Final[tuple[Shelf, ...]] = ("code", "num", "day", "said")
SHELF_OF: Final[Mapping[str, Shelf]] = {
    "choice": "code",
    "boolean": "code",
    "integer": "num",
    "decimal": "num",
    "date": "day",
    "string": "said",
    "text": "said",
}

KNOWN_OF_THE_PERSON: Final = (
    Item("age", "Age in whole years on the day of the answer", "integer", low=Decimal(0)),
    Item("days_silent", "Days since the last answer", "integer", low=Decimal(0)),
    Item(
        "answered_by",
        "Who answered",
        "choice",
        options=(
            Option("self", "The person"),
            Option("carer", "A carer"),
            Option("caller", "A call"),
        ),
    ),
)


@dataclass(frozen=True)
class Laid:
    """Facts on typed shelves for the rules; what is not there is missing or unreadable."""

    shelves: Mapping[str, Mapping[str, object]]
    ready: Any
    unreadable: frozenset[str]
    has_strangers: bool


def lay_out(
    items: Mapping[str, Item], answers: Mapping[str, object], known: Mapping[str, object]
) -> Laid:
    """Typed facts; one that cannot be read is named, so that it is never taken for missing."""
    shelves: dict[str, dict[str, object]] = {shelf: {} for shelf in SHELVES}
    unreadable = set()
    for name, stored in _given(items, answers, known):
        shelf = SHELF_OF[items[name].kind]
        try:
            value = items[name].understood(stored)
        except NotUnderstood:
            unreadable.add(name)
        else:
            if value is not None:
                shelves[shelf][name] = _laid(shelf, value)
    strangers = any(name not in items for name in answers)
    return Laid(shelves, ready(shelves), frozenset(unreadable), strangers)


def _given(
    items: Mapping[str, Item], answers: Mapping[str, object], known: Mapping[str, object]
) -> Iterable[tuple[str, object]]:
    """Each fact once; nothing in the answers can stand for what we know of the person."""
    ours = {each.link_id for each in KNOWN_OF_THE_PERSON}
    yield from ((name, answers[name]) for name in items if name in answers and name not in ours)
    yield from ((name, known[name]) for name in ours if name in known)


def _laid(shelf: Shelf, value: Value) -> object:
    if shelf == "num" and isinstance(value, Decimal):
        return float(value)
    if shelf == "said":
        return normalised(str(value))
    return as_code(value)
