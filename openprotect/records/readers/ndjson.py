"""FHIR resources a line each, as a system's export gives them: files of one kind, or all mixed.

People and what others refer to are met first, in a pass of their own over all files, since a line
may refer to one in a later file.
"""

import re
from collections.abc import Iterator, Sequence

from openprotect.records.readers import fhir_rows, strict_json
from openprotect.records.readers.fhir_record import REMEMBERED, Record, Resource
from openprotect.records.readers.sources import Document
from openprotect.records.readers.strict_json import BadJson, words
from openprotect.records.rules.reasons import FileRefused, in_words
from openprotect.records.rules.values import LeftOut, Position, Row

SCOPE = "export"
LONGEST_LINE = 10_000_000
REFERRED_TO = re.compile(
    rb'"resourceType"\s*:\s*"(?:' + "|".join(sorted(REMEMBERED)).encode() + rb')"'
)
PATIENT = re.compile(rb'"resourceType"\s*:\s*"Patient"')


def rows(documents: Sequence[Document], record: Record) -> Iterator[Row | LeftOut]:
    """Every resource of an export, people first. Raises FileRefused."""
    record.scope = SCOPE
    for document in documents:
        for number, line in _lines(document):
            if REFERRED_TO.search(line):
                resource = _resource(document, number, line)
                if not record.remember(resource):
                    words_ = in_words("two-patients")
                    raise FileRefused(document.name, words_, reason="two-patients", row=number)
    for are_people in (True, False):
        for document in documents:
            record.name = document.name
            yield from _rows(document, record, are_people=are_people)


def _rows(document: Document, record: Record, *, are_people: bool) -> Iterator[Row | LeftOut]:
    for number, line in _lines(document):
        if are_people and not PATIENT.search(line):
            continue
        resource = _resource(document, number, line)
        if (resource.get("resourceType") == "Patient") == are_people:
            yield from fhir_rows.rows_of(record, resource, Position(document.name, number))


def _lines(document: Document) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank. One too long, or one without an end, refuses the file."""
    number = 0
    with document.path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) >= LONGEST_LINE:
                words_ = f"a line of over {LONGEST_LINE:,} bytes"
                raise FileRefused(document.name, words_, reason="too-large", row=number)
            if line.strip():
                yield number, line


def _resource(document: Document, number: int, line: bytes) -> Resource:
    try:
        read = strict_json.read(line)
    except BadJson as why:
        raise FileRefused(
            document.name, in_words(why.reason), reason=why.reason, row=number, column=why.column
        ) from None
    if not isinstance(read, dict) or not words(read.get("resourceType")):
        raise FileRefused(document.name, in_words("entry"), reason="entry", row=number)
    return read
