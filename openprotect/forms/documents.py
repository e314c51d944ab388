"""A file as one FHIR resource in its JSON shape, or the plain reason why it is none."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from openprotect.forms.notes import FormRefused, refused
from openprotect.forms.xml_shape import NotFhirXml, json_shape

LARGEST: Final = 20_000_000
DEEPEST: Final = 120

Resource = Mapping[str, object]


class _Unfit(ValueError):
    """JSON that other readers would silently read in another way."""


def read_document(content: bytes) -> Resource:
    """The resource that these bytes are, in JSON or in FHIR's XML."""
    if len(content) > LARGEST:
        raise refused(f"is larger than {LARGEST // 1_000_000} MB")
    text = _text(content)
    if text.lstrip().startswith("<"):
        return _from_xml(text)
    return _from_json(text)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("is not text in UTF-8") from None
    if not text.strip():
        raise refused("is empty")
    if "\x00" in text:
        raise refused("holds binary content")
    return text


def _from_xml(text: str) -> Resource:
    try:
        return json_shape(text)
    except NotFhirXml as why:
        raise refused(str(why)) from None


def _from_json(text: str) -> Resource:
    try:
        found = json.loads(
            text, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_float=_decimal
        )
        if not isinstance(found, dict):
            raise _Unfit("is JSON, but not one JSON object")
        not_too_deep(found)
    except json.JSONDecodeError as why:
        raise refused(f"is not JSON: {why.msg}, line {why.lineno} column {why.colno}") from None
    except RecursionError:
        raise _too_deep() from None
    except _Unfit as why:
        raise refused(str(why)) from None
    except ValueError:
        raise refused("holds a number too long to read") from None
    return found


def not_too_deep(found: object) -> None:
    """Refuse what is nested deeper than anybody nests a form."""
    level: list[object] = [found]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> FormRefused:
    return refused(f"is nested deeper than {DEEPEST} levels")


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = min(key for key in keys if keys.count(key) > 1)
        raise _Unfit(f"has the key {twice[:60]!r} twice in one object")
    return found


def _no_constant(name: str) -> object:
    raise _Unfit(f"holds {name}, which is not JSON")


def _decimal(text: str) -> Decimal:
    if len(text) > 40:
        raise _Unfit("holds a number too long to read")
    found = Decimal(text)
    if abs(found.adjusted()) > 30:
        raise _Unfit("holds a number of absurd size")
    return found
