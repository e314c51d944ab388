"""What a triage rule may look at: the answers, and the few things known about the person."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from openprotect.forms.items import Item, Option
from openprotect.forms.values import NotUnderstood, Value, as_code
from openprotect.packs.cel import ready
from openprotect.packs.spoken import normalised

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
    asked: Mapping[str, Item],
    beside: Collection[Item],
    answers: Mapping[str, object],
    known: Mapping[str, object],
) -> Laid:
    """Typed facts; one that cannot be read is named, so that it is never taken for missing.

    Nothing in the answers can stand for what is known beside them.
    """
    shelves: dict[str, dict[str, object]] = {shelf: {} for shelf in SHELVES}
    unreadable = set()
    for item, stored in _given(asked, beside, answers, known):
        shelf = SHELF_OF[item.kind]
        try:
            value = item.understood(stored)
        except NotUnderstood:
            unreadable.add(item.link_id)
        else:
            if value is not None:
                shelves[shelf][item.link_id] = _laid(shelf, value)
    ours = {item.link_id for item in beside}
    strangers = any(name not in asked and name not in ours for name in answers)
    return Laid(shelves, ready(shelves), frozenset(unreadable), strangers)


def _given(
    asked: Mapping[str, Item],
    beside: Iterable[Item],
    answers: Mapping[str, object],
    known: Mapping[str, object],
) -> Iterable[tuple[Item, object]]:
    yield from ((asked[name], stored) for name, stored in answers.items() if name in asked)
    yield from ((item, known[item.link_id]) for item in beside if item.link_id in known)


def _laid(shelf: Shelf, value: Value) -> object:
    if shelf == "num" and isinstance(value, Decimal):
        return float(value)
    if shelf == "said":
        return normalised(str(value))
    return as_code(value)
