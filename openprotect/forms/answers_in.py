"""The answers that a QuestionnaireResponse holds, by place, as they would be kept here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openprotect.forms.fhir_values import value_of
from openprotect.forms.form import Form
from openprotect.forms.items import Item
from openprotect.forms.places import Place
from openprotect.forms.values import Kept, NotUnderstood

Json = Mapping[str, object]


@dataclass(frozen=True)
class Entry:
    """One item of a response: the item of the form that it answers, its place, and where it stands.

    `item` is None when the form has no such item there. `parent`: the entry around it.
    """

    node: Json
    item: Item | None
    place: Place
    where: str

    @property
    def link_id(self) -> str:
        return str(self.node.get("linkId", ""))


@dataclass
class Answered:
    """A response taken apart: its entries in order, and the answers in them that can be read."""

    entries: list[Entry] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)


def answers_in(form: Form, response: Json) -> Answered:
    found = Answered()
    _take(found, form.items, response, (), "item")
    return found


def children(node: Json, key: str = "item") -> list[tuple[int, Json]]:
    """The objects listed under a key, each with its number."""
    listed = node.get(key)
    return [
        (number, each)
        for number, each in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(each, dict)
    ]


def _take(
    found: Answered, items: tuple[Item, ...], node: Json, turns: tuple[int, ...], where: str
) -> None:
    by_id: dict[str, list[Item]] = {}
    for known in items:
        by_id.setdefault(known.fhir_id, []).append(known)
    counted: dict[str, int] = {}
    for number, each in children(node):
        twins = by_id.get(str(each.get("linkId")), [])
        left = [twin for twin in twins if twin.link_id not in counted]
        item = next(iter(left or twins), None)
        at = f"{where}[{number}]"
        if item is None:
            found.entries.append(Entry(each, None, Place(str(each.get("linkId")), turns), at))
            continue
        counted[item.link_id] = counted.get(item.link_id, 0) + 1
        if item.kind == "group":
            _take_group(found, item, each, turns, counted[item.link_id], at)
        else:
            _take_question(found, item, each, turns, at)


def _take_group(
    found: Answered, item: Item, node: Json, turns: tuple[int, ...], turn: int, where: str
) -> None:
    group = Place(item.link_id, turns)
    place = group.in_turn(turn) if item.is_repeated else group
    if item.is_repeated:
        found.answers[str(group)] = turn
    found.entries.append(Entry(node, item, place, where))
    _take(found, item.items, node, place.turns, f"{where}.item")


def _take_question(
    found: Answered, item: Item, node: Json, turns: tuple[int, ...], where: str
) -> None:
    place = Place(item.link_id, turns)
    found.entries.append(Entry(node, item, place, where))
    kept = list(_kept(item, node))
    if kept:
        found.answers[str(place)] = kept if item.is_repeated else kept[0]
    for number, answer in children(node, "answer"):
        inner = (*turns, number + 1) if item.is_repeated and item.items else turns
        _take(found, item.items, answer, inner, f"{where}.answer[{number}].item")


def _kept(item: Item, node: Json) -> Iterator[Kept]:
    for _, answer in children(node, "answer"):
        key = next((each for each in answer if each.startswith("value")), "")
        try:
            kept = item.kept(value_of(key, answer.get(key)))
            item.understood(kept)
        except NotUnderstood:
            continue
        yield kept
