"""Codelists as they are really published: a column of codes under one of many names."""

import re
from collections.abc import Iterator
from typing import Final

from openprotect.cohorts.rules import Codelist
from openprotect.packs.problems import Reading, not_one_of
from openprotect.records.readers.csv_text import fields_of
from openprotect.records.rules import codes
from openprotect.records.rules.reasons import RowFault

SYSTEMS: Final = codes.SYSTEMS
# Best first: a drug list may have an identifier of its own beside the code.
CODE_COLUMNS: Final = ("code", "snomed_id", "dmd_id", "vpid", "id", "conceptid")
TERM_COLUMNS: Final = ("term", "dmd_name", "nm", "name", "description", "preferredterm")
MOST_CODES: Final = 50_000
MOST_PROBLEMS: Final = 20
LOOKS_LIKE_A_CODE: Final = re.compile(r"[0-9]{6,18}|[A-Z][0-9]{2}[0-9A-Z.]{0,3}")
TAB: Final = "\t"


def read_codelist(
    reading: Reading, key: str, system: str, file: str, text: str, column: str = ""
) -> Codelist:
    """The codes of one file with their terms; each that cannot be one is refused at its row."""
    lines = list(_lines(reading, file, text))
    if not lines:
        reading.refuse(file, 1, None, "is empty.")
        return Codelist(key, system, {})
    header = [cell.strip().casefold() for cell in lines[0][1]]
    if LOOKS_LIKE_A_CODE.fullmatch(lines[0][1][0].strip()):
        header, body = ["code", "term"], lines
    else:
        body = lines[1:]
    place = _place_of(header, (column.casefold(),) if column else CODE_COLUMNS)
    if place is None:
        reading.refuse(file, 1, column or "code", not_one_of(column or "code", header))
        return Codelist(key, system, {})
    terms = _terms(reading, file, system, body, place, _place_of(header, TERM_COLUMNS))
    if not terms:
        reading.refuse(file, 1, None, "holds no code.")
    return Codelist(key, system, terms)


def _place_of(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _lines(reading: Reading, file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that holds any; separated by tabs when the first line is."""
    tabbed = TAB in text.split("\n", 1)[0]
    for row, line in enumerate(text.replace("\r", "").split("\n"), start=1):
        if not line.strip():
            continue
        cells = line.split(TAB) if tabbed else fields_of(line)
        if cells:
            yield row, cells
        else:
            reading.refuse(file, row, None, "has a quotation mark where none may stand.")


def _terms(
    reading: Reading,
    file: str,
    system: str,
    body: list[tuple[int, list[str]]],
    place: int,
    term: int | None,
) -> dict[str, str]:
    terms: dict[str, str] = {}
    bad = 0
    for row, cells in body[:MOST_CODES]:
        written = cells[place].strip() if place < len(cells) else ""
        try:
            code = codes.read(written, system)
        except RowFault:
            bad += 1
            if bad <= MOST_PROBLEMS:
                named = codes.TITLES[system]
                reading.refuse(file, row, "code", f"{written[:20]!r} is not a code of {named}.")
            continue
        words = cells[term].strip() if term is not None and term < len(cells) else ""
        terms.setdefault(code, words)
    return terms
