"""A pack's FHIR Questionnaire: read as any form is, then held to what may be published."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from openprotect.forms.addresses import EMERGENCY
from openprotect.forms.documents import Resource, read_document
from openprotect.forms.element import Element
from openprotect.forms.items import EmergencyText
from openprotect.forms.notes import FormRefused, Grade, Note, Notes
from openprotect.forms.reading import examine_form
from openprotect.packs.form_rules import Fault, faults_of
from openprotect.packs.problems import Problem, Reading
from openprotect.packs.questionnaire import Questionnaire

LONGEST_EMERGENCY: Final = 1000
# A pack's author can mend what is broken, so nothing of it is let pass.
REFUSED: Final = (Grade.REFUSED, Grade.BROKEN, Grade.UNTRANSLATED)


def read_questionnaire(reading: Reading, file: str, text: str) -> Questionnaire | None:
    """The questionnaire, with every fault named at the line of its item.

    The same text is read once: whoever writes a pack mostly changes its other files.
    """
    found, problems = _read(file, text)
    reading.problems += problems
    return found


@lru_cache(maxsize=16)
def _read(file: str, text: str) -> tuple[Questionnaire | None, tuple[Problem, ...]]:
    reading = Reading()
    return _read_anew(reading, file, text), tuple(reading.problems)


def _read_anew(reading: Reading, file: str, text: str) -> Questionnaire | None:
    place = _Place(reading, file, lines_of_links(text))
    try:
        resource = read_document(text.encode("utf-8", "surrogateescape"))
        found = examine_form(resource)
    except FormRefused as why:
        place.say(why.notes)
        return None
    place.say(found.notes)
    for fault in faults_of(found.form):
        place.fault(fault)
    spoken = {
        language: Questionnaire(
            examine_form(resource, language=language).form,
            _emergency_text(resource, place, language),
        )
        for language in found.form.languages
    }
    return Questionnaire(found.form, _emergency_text(resource, place), spoken)


class _Place:
    """Says each thing at the line where its item stands."""

    def __init__(self, reading: Reading, file: str, lines: Mapping[str, int]) -> None:
        self.reading, self.file, self.lines = reading, file, lines

    def say(self, notes: "tuple[Note, ...]") -> None:
        for note in notes:
            row = self.lines.get(note.item) or _line_in(note.words)
            where = f"item {note.item[:64]}" if note.item else note.where or None
            words = note.words if note.words.endswith(".") else f"{note.words}."
            if note.grade in REFUSED:
                self.reading.refuse(self.file, row, where, words)
            elif note.grade is not Grade.REMARK:
                self.reading.warn(self.file, row, where, words)

    def fault(self, fault: Fault) -> None:
        row = self.lines.get(fault.item)
        where = f"item {fault.item[:64]}" if fault.item else None
        say = self.reading.warn if fault.is_warning else self.reading.refuse
        say(self.file, row, where, fault.words)


def lines_of_links(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for row, line in enumerate(text.splitlines(), start=1):
        for found in re.finditer(r'"linkId"\s*:\s*"([^"\\]*)"', line):
            lines.setdefault(found[1], row)
    return lines


def _line_in(words: str) -> int | None:
    found = re.search(r"line (\d+)", words)
    return int(found[1]) if found else None


def _emergency_text(resource: Resource, place: _Place, language: str = "") -> EmergencyText:
    """The text shown before the first question: hazard H19, a form used instead of 999."""
    root = Element(resource, Notes(), language=language)
    found = root.extension(EMERGENCY)
    if found is None:
        place.fault(Fault("", f"no emergency text: add {EMERGENCY} with words that name 999."))
        return EmergencyText("999", "")
    parts = {part.text("url"): part for part in found.listed("extension")}
    text = parts["text"].words("valueString") if "text" in parts else ""
    if "999" not in text:
        place.fault(Fault("", "the emergency text must tell people when to ring 999."))
    if len(text) > LONGEST_EMERGENCY:
        place.fault(Fault("", f"the emergency text has more than {LONGEST_EMERGENCY} characters."))
    return EmergencyText("999", text)
