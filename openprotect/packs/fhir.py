"""JSON as FHIR uses it: read strictly, with the extensions that OpenProtect understands."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from openprotect.packs.entry import Entry
from openprotect.packs.problems import Reading

OWN: Final = "https://openprotect.example/fhir/StructureDefinition/"
HELP: Final = OWN + "help"
CALLER_WORDING: Final = OWN + "caller-wording"
EMERGENCY: Final = OWN + "emergency"
HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
HIDDEN: Final = HL7 + "questionnaire-hidden"
MIN_VALUE: Final = HL7 + "minValue"
MAX_VALUE: Final = HL7 + "maxValue"
UNIT: Final = HL7 + "questionnaire-unit"
ORDINAL: Final = HL7 + "ordinalValue"
OPTION_PREFIX: Final = HL7 + "questionnaire-optionPrefix"
DEEPEST: Final = 40


class _Unfit(ValueError):
    """JSON that other readers would silently read in another way."""


def read_json(reading: Reading, file: str, text: str) -> Entry | None:
    """A JSON object; a repeated key, NaN, or absurd depth or number refuses the file."""
    try:
        found = json.loads(
            text, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_float=Decimal
        )
        if not isinstance(found, dict):
            raise _Unfit("must be one JSON object.")
        _not_too_deep(found)
    except json.JSONDecodeError as why:
        reading.refuse(file, why.lineno, str(why.colno), f"is not JSON: {why.msg}.")
    except RecursionError:
        reading.refuse(file, None, None, f"is nested deeper than {DEEPEST} levels.")
    except ValueError as why:
        known = isinstance(why, _Unfit)
        reading.refuse(file, None, None, str(why) if known else "holds a number too long to read.")
    else:
        return Entry(reading, file, found)
    return None


def extensions(entry: Entry, url: str) -> Iterator[Entry]:
    return (each for each in entry.listed("extension") if each.values.get("url") == url)


def extension(entry: Entry, url: str) -> Entry | None:
    return next(extensions(entry, url), None)


def extension_text(entry: Entry, url: str, *, longest: int) -> str:
    found = extension(entry, url)
    return found.text("valueString", longest=longest) if found else ""


def only_known_extensions(entry: Entry, known: frozenset[str]) -> None:
    """An extension nobody reads is named; a modifier changes meaning, so it refuses the form."""
    for each in entry.listed("extension"):
        url = each.values.get("url")
        if url not in known:
            entry.warn("extension", f"{str(url)[:100]} is not understood here and has no effect.")
    if entry.has("modifierExtension"):
        entry.refuse("modifierExtension", "changes the meaning in ways not understood here.")


def at_link(entry: Entry, lines: Mapping[str, int]) -> Entry:
    """The same entry, placed at the line where its linkId stands."""
    link_id = entry.values.get("linkId")
    if not isinstance(link_id, str):
        return entry
    place = (lines[link_id], None) if link_id in lines else entry.place
    return replace(entry, path=f"item {link_id[:64]}", place=place)


def lines_of_links(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for row, line in enumerate(text.splitlines(), start=1):
        for found in re.finditer(r'"linkId"\s*:\s*"([^"\\]*)"', line):
            lines.setdefault(found[1], row)
    return lines


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise _Unfit(f"has the key {twice[:40]!r} twice in one object.")
    return values


def _no_constant(word: str) -> float:
    raise _Unfit(f"{word} is not a number that JSON allows.")


def _not_too_deep(value: object, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise _Unfit(f"is nested deeper than {DEEPEST} levels.")
    children = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    )
    for child in children:
        _not_too_deep(child, depth + 1)
