"""Answers as a FHIR R4 QuestionnaireResponse, and the check of one that comes from elsewhere."""

from collections.abc import Iterable, Mapping
from typing import Final

from openprotect.packs.items import Item, as_code
from openprotect.packs.stored import Value, kept

ANSWER_KEYS: Final[Mapping[str, str]] = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "string": "valueString",
    "text": "valueString",
}


def nested(shown: Iterable[tuple[Item, Value | None]]) -> list[dict[str, object]]:
    """Answered items under the groups they belong to, as the Questionnaire nests them."""
    top: list[dict[str, object]] = []
    groups: dict[str, list[dict[str, object]]] = {}
    for item, value in shown:
        home = groups[item.groups[-1]] if item.groups else top
        if item.kind == "group":
            children: list[dict[str, object]] = []
            groups[item.link_id] = children
            home.append({"linkId": item.link_id, "text": item.text, "item": children})
        elif value is not None:
            home.append(
                {"linkId": item.link_id, "text": item.text, "answer": [_answer(item, value)]}
            )
    return _without_empty(top)


def _answer(item: Item, value: Value) -> dict[str, object]:
    if item.kind == "choice":
        option = item.option(as_code(value))
        system = {"system": option.system} if option and option.system else {}
        display = {"display": option.display} if option else {}
        return {"valueCoding": {**system, "code": as_code(value), **display}}
    answer = kept(value)
    if item.kind == "decimal":
        # FHIR wants a JSON number; the exact text stays with the stored answer.
        return {"valueDecimal": float(answer)}
    return {ANSWER_KEYS[item.kind]: answer}


def _without_empty(items: list[dict[str, object]]) -> list[dict[str, object]]:
    full = []
    for each in items:
        children = each.get("item")
        if isinstance(children, list):
            each = {**each, "item": _without_empty(children)}
        if each.get("item", True):
            full.append(each)
    return full
