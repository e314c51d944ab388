"""Whether everything that people read is there in every language of a pack, and says the same.

FHIR's translation extension stands beside each text. A caller's wording is for staff, in English.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openprotect.packs.languages import ENGLISH, named
from openprotect.packs.problems import Reading

TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
FOR_STAFF: Final = "caller-wording"
OF_A_UNIT: Final = "http://unitsofmeasure.org"
NUMBERS: Final = ("999", "111", "116 123")
READ: Final = ("title", "text")
OF_PARTS: Final = ("display", "valueString")
SHOWN: Final = 40


@dataclass(frozen=True)
class Written:
    """One text that people read: in English, in other languages, and of which item it is."""

    item: str
    option_of: str
    english: str
    others: Mapping[str, str]

    @property
    def named(self) -> str:
        return f"{self.english[:SHOWN]!r}"


def check_translations(reading: Reading, file: str, text: str, languages: Sequence[str]) -> None:
    """Refuse what is missing (bad input N11) or dangerous, warn of what is said in two ways."""
    try:
        form = json.loads(text)
    except (ValueError, RecursionError):
        return  # said already, by whoever reads the form
    rows = _rows(text)
    written = list(_written(form, "", ""))
    for language in (each for each in languages if each != ENGLISH):
        for item, words in (*_lacking(written, language), *_alike(written, language)):
            reading.refuse(file, rows.get(item), f"item {item}" if item else None, words)
        for item, words in _in_two_ways(written, language):
            reading.warn(file, rows.get(item), f"item {item}" if item else None, words)


def _rows(text: str) -> dict[str, int]:
    rows: dict[str, int] = {}
    for row, line in enumerate(text.splitlines(), start=1):
        for found in re.finditer(r'"linkId"\s*:\s*"([^"\\]*)"', line):
            rows.setdefault(found[1], row)
    return rows


def _written(node: object, item: str, option_of: str) -> Iterator[Written]:
    """Every text that people read, wherever it stands in the form."""
    if isinstance(node, list):
        for each in node:
            yield from _written(each, item, option_of)
    if isinstance(node, dict) and not _is_for_staff(node):
        item = str(node.get("linkId", item))
        yield from _own(node, item, option_of)
        for key, value in node.items():
            if not key.startswith("_"):
                yield from _written(value, item, item if key == "answerOption" else option_of)


def _is_for_staff(node: Mapping[str, object]) -> bool:
    """A caller's wording, or the sign of a unit."""
    return str(node.get("url", "")).endswith(FOR_STAFF) or node.get("system") == OF_A_UNIT


def _own(node: Mapping[str, object], item: str, option_of: str) -> Iterator[Written]:
    has_words = "linkId" in node or node.get("resourceType") == "Questionnaire"
    for key in READ if has_words else OF_PARTS:
        english = node.get(key)
        if isinstance(english, str):
            yield Written(item, option_of, english, _translations(node.get(f"_{key}")))


def _translations(beside: object) -> dict[str, str]:
    found: dict[str, str] = {}
    listed = beside.get("extension", []) if isinstance(beside, dict) else []
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and each.get("url") == TRANSLATION:
            parts = {part.get("url"): part for part in each.get("extension", [])}
            language = parts.get("lang", {}).get("valueCode")
            content = parts.get("content", {})
            found[str(language)] = str(
                content.get("valueString") or content.get("valueMarkdown") or ""
            )
    return found


def _lacking(written: Sequence[Written], language: str) -> Iterator[tuple[str, str]]:
    for each in written:
        theirs = each.others.get(language, "").strip()
        if not theirs:
            yield each.item, f"{each.named} is not translated into {named(language)}."
        elif lost := [n for n in NUMBERS if n in each.english and n not in theirs]:
            yield each.item, f"{each.named} in {named(language)} must name {', '.join(lost)}."


def _alike(written: Sequence[Written], language: str) -> Iterator[tuple[str, str]]:
    """Two answers that read the same cannot be told apart."""
    seen: dict[tuple[str, str], str] = {}
    for each in written:
        theirs = each.others.get(language, "").strip().casefold()
        if not each.option_of or not theirs:
            continue
        other = seen.setdefault((each.item, theirs), each.english)
        if other != each.english:
            yield each.item, f"{other!r} and {each.english!r} are the same in {named(language)}."


def _in_two_ways(written: Sequence[Written], language: str) -> Iterator[tuple[str, str]]:
    """The same English in two ways may be a slip, above all where yes and no changed places."""
    first: dict[str, str] = {}
    for each in written:
        theirs = each.others.get(language, "").strip()
        before = first.setdefault(each.english, theirs) if theirs else ""
        if theirs and before != theirs:
            words = f"{each.named} is {theirs[:SHOWN]!r} here and {before[:SHOWN]!r} before"
            yield each.item, f"{words}, in {named(language)}."
