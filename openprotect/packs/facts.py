"""What a triage rule may look at: the answers, and the few things known about the person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from openprotect.forms.items import Item, Option
from openprotect.forms.values import NotUnderstood, Quantity, Value, as_code
from openprotect.packs.cel import ready
from openprotect.packs.spoken import normalised

Shelf = Literal["code", "num", "day", "said", "codes", "nums", "days"]
SHELVES: Final[tuple[Shelf, ...]] = ("code", "num", "day", "said", "codes", "nums", "days")
SHELF_OF: Final[Mapping[str, Shelf]] = {
    "choice": "code",
    "open-choice": "code",
    "quantity": "num",
    "boolean": "code",
    "integer": "num",
    "decimal": "num",
    "date": "day",
    "string": "said",
    "text": "said",
}
# Where several answers to one question stand; words are put together and read as one.
SEVERAL: Final[Mapping[Shelf, Shelf]] = {"code": "codes", "num": "nums", "day": "days"}
# The code of an answer in words of one's own: it is answered, and is none of those to choose.
OWN_WORDS: Final = ""

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
    shelves: dict[str, dict[str, Any]] = {shelf: {} for shelf in SHELVES}
    unreadable: set[str] = set()
    strange: list[str] = []
    ours = {item.link_id: item for item in beside}
    for item, stored in ((ours[name], known[name]) for name in ours if name in known):
        _read_in(shelves, unreadable, item, stored)
    for name, stored in answers.items():
        asked_for = asked.get(name) or asked.get(_link_id(name))
        if asked_for is not None:
            _read_in(shelves, unreadable, asked_for, stored)
        elif name not in ours:
            strange.append(_link_id(name))
    strangers = bool(strange) and not _turns_of_groups(asked).issuperset(strange)
    return Laid(shelves, ready(shelves), frozenset(unreadable), strangers)


def _read_in(
    shelves: dict[str, dict[str, Any]], unreadable: set[str], item: Item, stored: object
) -> None:
    try:
        for value in _understood(item, stored):
            _lay(shelves, item, value)
    except NotUnderstood:
        unreadable.add(item.link_id)


def _understood(item: Item, stored: object) -> tuple[Value, ...]:
    if item.is_repeated:
        return item.all_understood(stored)
    value = item.understood(stored)
    return () if value is None else (value,)


def shelf_of(item: Item) -> Shelf | None:
    """Where the answers to a question stand; None for kinds that no rule can look at."""
    shelf = SHELF_OF.get(item.kind)
    return SEVERAL.get(shelf, shelf) if shelf and item.is_plural else shelf


def _lay(shelves: dict[str, dict[str, Any]], item: Item, value: Value) -> None:
    shelf, name = shelf_of(item), item.link_id
    if shelf is None:
        return
    if isinstance(value, str) and shelf in ("code", "codes"):
        shelves["said"][name] = f"{shelves['said'].get(name, '')} {normalised(value)}".strip()
        value = OWN_WORDS
    laid = _laid(shelf, value)
    if shelf in SEVERAL.values():
        shelves[shelf].setdefault(name, []).append(laid)
    elif shelf == "said" and name in shelves["said"]:
        shelves["said"][name] += f" {laid}"
    else:
        shelves[shelf][name] = laid


def _link_id(key: str) -> str:
    return key.rpartition("@")[0] or key


def _turns_of_groups(asked: Mapping[str, Item]) -> frozenset[str]:
    """The groups around questions; how many turns one has is kept beside the answers."""
    return frozenset(group for item in asked.values() for group in item.groups)


def _laid(shelf: Shelf, value: Value) -> object:
    number = value.value if isinstance(value, Quantity) else value
    if shelf in ("num", "nums") and isinstance(number, Decimal):
        return float(number)
    if shelf == "said":
        return normalised(str(value))
    return as_code(value)
