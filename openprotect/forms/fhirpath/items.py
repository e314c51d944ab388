"""What an expression walks over: FHIRPath's values, and elements of FHIR with their type."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from openprotect.forms.fhirpath import model
from openprotect.forms.fhirpath.values import Date, DateTime, Quantity, System, Time

JSON = Any  # a part of a document as `json` reads it
UCUM = "http://unitsofmeasure.org"
_ENDING = re.compile(r"[A-Z]\w*")
_WRITTEN: dict[str, type[Date | DateTime | Time]] = {
    "date": Date,
    "dateTime": DateTime,
    "instant": DateTime,
    "time": Time,
}
_NUMBERS = frozenset({"integer", "positiveInt", "unsignedInt"})


@dataclass(frozen=True)
class Element:
    """A part of a resource: its JSON, its type, where its own parts are described."""

    value: JSON
    kind: str = ""  # without namespace; empty when no model knows it
    path: str = ""
    beside: Mapping[str, JSON] | None = None  # id and extensions of a primitive element
    parent: "Element | None" = field(default=None, repr=False, compare=False)

    @property
    def is_complex(self) -> bool:
        """Whether it has parts."""
        return isinstance(self.value, Mapping)


Item = System | Element


def element(value: JSON, path: str = "") -> Element:
    """A resource, or a part of one that stands at `path` (as in Questionnaire.item)."""
    if isinstance(value, Mapping) and isinstance(kind := value.get("resourceType"), str):
        return Element(value, kind, kind)
    if not path and isinstance(value, Mapping) and "linkId" in value:
        path = "Questionnaire.item" if "type" in value else "QuestionnaireResponse.item"
    kind = "BackboneElement" if "." in path else path
    return Element(value, kind, path)


def children(of: Item) -> Iterator[Element]:
    """Every part of an element, one level down, in the order of the document."""
    if not isinstance(of, Element):
        return
    parts = of.value if of.is_complex else of.beside or {}
    for name in dict.fromkeys(name.removeprefix("_") for name in parts):
        if name != "resourceType":
            yield from _named(of, parts, name)


def member(of: Item, name: str) -> Iterator[Element]:
    """The parts of an element that have a name; a choice by its common name."""
    if not isinstance(of, Element):
        return
    parts = of.value if of.is_complex else of.beside or {}
    if not isinstance(parts, Mapping):
        return
    if name in parts or f"_{name}" in parts:
        if name != "resourceType":
            yield from _named(of, parts, name)
    else:
        for full in _choice_names(of, parts, name):
            yield from _named(of, parts, full)


def _choice_names(of: Element, parts: Mapping[str, JSON], name: str) -> list[str]:
    endings: Sequence[str] = model.choices(of.path, name)
    if not endings and not model.knows(of.path):
        endings = _any_endings(parts, name)
    wanted = [name + ending for ending in endings]
    return [full for full in wanted if full in parts or f"_{full}" in parts]


def _any_endings(parts: Mapping[str, JSON], name: str) -> list[str]:
    found = (full.removeprefix("_") for full in parts)
    rests = (full[len(name) :] for full in found if full.startswith(name))
    kinds = (rest for rest in rests if _ENDING.fullmatch(rest))
    return [kind for kind in kinds if model.is_type(model.choice_type("", name, kind))]


def _named(of: Element, parts: Mapping[str, JSON], name: str) -> Iterator[Element]:
    kind, path = _described(of, name)
    values, besides = _listed(parts.get(name)), _listed(parts.get(f"_{name}"))
    for place in range(max(len(values), len(besides))):
        value = values[place] if place < len(values) else None
        beside = besides[place] if place < len(besides) else None
        if value is not None or beside:
            yield _made(of, value, beside if isinstance(beside, Mapping) else None, kind, path)


def _described(of: Element, name: str) -> tuple[str, str]:
    path = of.path if of.is_complex else "Element"
    if known := model.child(path, name):
        return known
    if not model.knows(path) and name.startswith("value") and name[5:6].isupper():
        kind = model.choice_type(path, "value", name[5:])
        return (kind, kind) if model.is_type(kind) else ("", "")
    return "", ""


def _listed(value: JSON) -> list[JSON]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _made(
    of: Element, value: JSON, beside: Mapping[str, JSON] | None, kind: str, path: str
) -> Element:
    if isinstance(value, Mapping) and isinstance(own := value.get("resourceType"), str):
        kind = path = own
    if kind in model.PRIMITIVES and isinstance(value, Mapping):  # written out, as some tools do
        value, beside = value.get("value"), value
    return Element(value, kind, path, beside, of)


def kind_of(item: Item) -> str:
    """The type's name with its namespace."""
    if isinstance(item, Element):
        if item.kind or item.is_complex:
            return item.kind if "." in item.kind else f"FHIR.{item.kind}"
        item = plain(item) or ""
    for kind, name in _SYSTEM_KINDS:
        if isinstance(item, kind):
            return f"System.{name}"
    return ""


_SYSTEM_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"),
    (int, "Integer"),
    (Decimal, "Decimal"),
    (str, "String"),
    (Quantity, "Quantity"),
    (Date, "Date"),
    (DateTime, "DateTime"),
    (Time, "Time"),
)


def plain(item: Item) -> Item | None:
    """An element that stands for a value, as that value; none when it holds none; others stay."""
    if not isinstance(item, Element):
        return item
    if item.is_complex:
        return quantity_of(item) if "Quantity" in model.lineage(item.kind) else item
    return _read(item.value, item.kind)


def _read(value: JSON, kind: str) -> System | None:
    if value is None or isinstance(value, bool):
        return value
    if kind == "decimal" or isinstance(value, float):
        return _decimal(value)
    if kind in _NUMBERS and isinstance(value, str):
        return int(value) if re.fullmatch(r"[+-]?\d{1,18}", value) else value
    if kind == "boolean" and value in {"true", "false"}:
        return bool(value == "true")
    if kind in _WRITTEN and isinstance(value, str):
        return _WRITTEN[kind].read(value) or value
    return value if isinstance(value, int | Decimal | str) else str(value)


def _decimal(value: JSON) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def quantity_of(item: Element) -> Item | None:
    """FHIR's quantity as FHIRPath's; itself when it has no number."""
    number = _decimal(item.value.get("value"))
    if number is None:
        return item
    code, system = item.value.get("code"), item.value.get("system")
    unit = code if code and system in {UCUM, None} else item.value.get("unit") or code
    return Quantity(number, str(unit) if unit else "1")


def as_json(item: Item) -> JSON:
    """An item as JSON would have it; numbers with a fraction as Decimal."""
    if isinstance(item, Element):
        plainly = plain(item) if not item.is_complex else item.value
        return plainly if item.is_complex else as_json(plainly) if plainly is not None else None
    if isinstance(item, Quantity):
        return {"value": item.value, "unit": item.unit, "system": UCUM, "code": item.unit}
    if isinstance(item, Date | DateTime | Time):
        return str(item)
    return item
