"""Values as FHIR writes them: `value[x]` of answers, options, conditions and limits."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from openprotect.forms.values import (
    Attachment,
    Coding,
    NotUnderstood,
    PartDay,
    Quantity,
    Reference,
    Value,
    moment_of,
    number_of,
    part_day_of,
    time_of,
)

# The types that answers to a question of each kind have, the first being the one written here.
TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "boolean": ("Boolean",),
    "integer": ("Integer",),
    "decimal": ("Decimal",),
    "date": ("Date",),
    "dateTime": ("DateTime",),
    "time": ("Time",),
    "string": ("String",),
    "text": ("String",),
    "url": ("Uri",),
    "choice": ("Coding",),
    "open-choice": ("Coding", "String"),
    "quantity": ("Quantity",),
    "reference": ("Reference",),
    "attachment": ("Attachment",),
}
URN: Final = re.compile(
    r"urn:(uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|oid:[0-2](\.(0|[1-9][0-9]*))+)"
)


def value_of(key: str, raw: object) -> Value:
    """The value under a key such as valueCoding; NotUnderstood when it is not of that type."""
    name = re.sub(r"^(value|answer|initial)", "", key)
    if name not in _READERS:
        raise NotUnderstood
    return _READERS[name](raw)


def as_fhir(value: Value, kind: str) -> tuple[str, object]:
    """The type's name and the JSON of a value, for a question of a kind."""
    if isinstance(value, bool):
        return "Boolean", value
    if isinstance(value, Decimal):
        whole = kind == "integer" or (kind not in TYPES and value == value.to_integral_value())
        return ("Integer", int(value)) if whole else ("Decimal", _json_number(value))
    if isinstance(value, str):
        return ("Uri" if kind == "url" else "String"), value
    if isinstance(value, time):
        return "Time", value.isoformat()
    if isinstance(value, date | PartDay):
        return ("DateTime" if kind == "dateTime" else "Date"), _day(value, kind)
    return type(value).__name__, _WRITERS[type(value)](value)


def _day(value: date | PartDay, kind: str) -> str:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.isoformat() if kind == "dateTime" else moment.date().isoformat()
    return str(value)


def _json_number(value: Decimal) -> int | float:
    """FHIR wants a JSON number; the exact text stays with the stored answer."""
    return int(value) if value == value.to_integral_value() else float(value)


def _coding(value: Value) -> dict[str, object]:
    if not isinstance(value, Coding):
        raise NotUnderstood
    return _filled({"system": value.system, "code": value.code, "display": value.display})


def _quantity(value: Value) -> dict[str, object]:
    if not isinstance(value, Quantity):
        raise NotUnderstood
    parts = {"unit": value.unit, "system": value.system, "code": value.code}
    return {"value": _json_number(value.value), **_filled(parts)}


def _reference(value: Value) -> dict[str, object]:
    if not isinstance(value, Reference):
        raise NotUnderstood
    return _filled({"reference": value.reference, "display": value.display})


def _attachment(value: Value) -> dict[str, object]:
    if not isinstance(value, Attachment):
        raise NotUnderstood
    return _filled(
        {
            "contentType": value.content_type,
            "data": value.content,
            "url": value.url,
            "size": value.size,
            "title": value.title,
        }
    )


def _filled(parts: Mapping[str, object]) -> dict[str, object]:
    return {name: part for name, part in parts.items() if part not in ("", None)}


def _parts(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise NotUnderstood
    return raw


def _word(parts: Mapping[str, object], name: str) -> str:
    found = parts.get(name, "")
    if not isinstance(found, str):
        raise NotUnderstood
    return found


def _read_coding(raw: object) -> Value:
    parts = _parts(raw)
    found = Coding(_word(parts, "code"), _word(parts, "display"), _word(parts, "system"))
    if not found.code and not found.display:
        raise NotUnderstood
    return found


def _read_concept(raw: object) -> Value:
    """A concept by its first code, or else by its words."""
    parts = _parts(raw)
    codings = parts.get("coding")
    if isinstance(codings, list) and codings:
        return _read_coding(codings[0])
    return _read_coding({"display": parts.get("text")})


def _read_quantity(raw: object) -> Value:
    parts = _parts(raw)
    return Quantity(
        number_of(_not_text(parts.get("value")), whole=False),
        _word(parts, "unit"),
        _word(parts, "code"),
        _word(parts, "system"),
    )


def _read_reference(raw: object) -> Value:
    parts = _parts(raw)
    found = Reference(_word(parts, "reference"), _word(parts, "display"))
    if not found.reference and not found.display and "identifier" not in parts:
        raise NotUnderstood
    return found


def _read_attachment(raw: object) -> Value:
    parts = _parts(raw)
    size = parts.get("size")
    found = Attachment(
        _word(parts, "contentType"),
        _word(parts, "title"),
        _word(parts, "data"),
        _word(parts, "url"),
        size if isinstance(size, int) and not isinstance(size, bool) else None,
    )
    if not parts or (found.content and not found.content_type):
        raise NotUnderstood  # FHIR att-1: content must say of which kind it is
    return found


def _read_boolean(raw: object) -> Value:
    if not isinstance(raw, bool):
        raise NotUnderstood
    return raw


def _read_words(raw: object) -> Value:
    if not isinstance(raw, str) or not raw.strip():
        raise NotUnderstood
    return raw


def _read_uri(raw: object) -> Value:
    """An address: no blanks, no backslash, and a name of numbers written as it must be."""
    if not isinstance(raw, str) or not raw or re.search(r"[\s\\<>\"]", raw):
        raise NotUnderstood
    if raw.startswith(("urn:uuid:", "urn:oid:")) and not URN.fullmatch(raw):
        raise NotUnderstood
    return raw


def _not_text(raw: object) -> object:
    """A number in quotes is no number in FHIR's JSON."""
    if isinstance(raw, str):
        raise NotUnderstood
    return raw


_READERS: Final[Mapping[str, Callable[[object], Value]]] = {
    "Boolean": _read_boolean,
    "Integer": lambda raw: number_of(_not_text(raw), whole=True),
    "Decimal": lambda raw: number_of(_not_text(raw), whole=False),
    "Date": part_day_of,
    "DateTime": moment_of,
    "Instant": moment_of,
    "Time": time_of,
    "String": _read_words,
    "Markdown": _read_words,
    "Code": _read_words,
    "Id": _read_words,
    "Uri": _read_uri,
    "Url": _read_uri,
    "Canonical": _read_uri,
    "Coding": _read_coding,
    "CodeableConcept": _read_concept,
    "Quantity": _read_quantity,
    "Reference": _read_reference,
    "Attachment": _read_attachment,
}
_WRITERS: Final[Mapping[type, Callable[[Value], dict[str, object]]]] = {
    Coding: _coding,
    Quantity: _quantity,
    Reference: _reference,
    Attachment: _attachment,
}
