"""Codelists as they are really published: a column of codes under one of many names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from openprotect.cohorts.rules import Codelist
from openprotect.packs.problems import Reading, not_one_of
from openprotect.records.readers.csv_text import fields_of
from openprotect.records.rules import codes
from openprotect.records.rules.reasons import RowFault

# Scores are asked for by model and version, never by a list.
SYSTEMS: Final = tuple(system for system in codes.SYSTEMS if system != "score")
# Best first: a drug list may have an identifier of its own beside the code.
CODE_COLUMNS: Final = (
    "code", "snomed_id", "dmd_id", "ctv3id", "ctv3code", "vpid", "id", "conceptid",
)  # fmt: skip
TERM_COLUMNS: Final = (
    "term", "dmd_name", "nm", "name", "description", "preferredterm", "ctv3preferredtermdesc",
    "ethnicity",
)  # fmt: skip
MOST_CODES: Final = 50_000
MOST_PROBLEMS: Final = 20
TAB: Final = "\t"
LOOKS_LIKE_A_CODE: Final = re.compile(r"[0-9]{6,18}|[A-Z][0-9]{2}[0-9A-Z.]{0,3}")
AS_A_NUMBER: Final = re.compile(r"[0-9]+[.][0-9]*([eE][+]?[0-9]+)?|[0-9]+[eE][+]?[0-9]+")
Cells = tuple[int, list[str]]
Where = Mapping[str, frozenset[str]]
EVERY_ROW: Final[Where] = MappingProxyType({})


@dataclass(frozen=True)
class Sheet:
    """The rows of one file, and where in them the code and the term stand."""

    reading: Reading
    file: str
    system: str
    header: list[str]
    body: list[Cells]
    code: int
    term: int | None

    def refuse(self, row: int, column: str | None, message: str) -> None:
        self.reading.refuse(self.file, row, column, message)


def read_codelist(
    reading: Reading,
    key: str,
    system: str,
    file: str,
    text: str,
    column: str = "",
    where: Where = EVERY_ROW,
) -> Codelist:
    """The codes of one file with their terms; each that cannot be one is refused at its row.

    `column` names the column of codes where it is not one of the usual; `where` keeps the rows
    that hold one of these values in each of these columns.
    """
    sheet = _sheet(reading, system, file, text, column)
    if sheet is None:
        return Codelist(key, system, {})
    terms = _terms(sheet, _chosen(sheet, where))
    if not terms:
        sheet.refuse(1, None, "holds no code.")
    return Codelist(key, system, terms)


def _sheet(reading: Reading, system: str, file: str, text: str, column: str) -> Sheet | None:
    lines = list(_lines(reading, file, text))
    if not lines:
        reading.refuse(file, 1, None, "is empty.")
        return None
    header, body = [cell.strip() for cell in lines[0][1]], lines[1:]
    if column not in header and _has_no_header(header, system):
        header, body = ["code", "term", *header[2:]][: len(header)], lines
    code = _place_of(header, (column,) if column else CODE_COLUMNS)
    if code is None:
        reading.refuse(file, 1, column or "code", not_one_of(column or "code", header))
        return None
    return Sheet(reading, file, system, header, body, code, _place_of(header, TERM_COLUMNS))


def _has_no_header(first: list[str], system: str) -> bool:
    """The first row is a code already, and none of its cells is a name of a column."""
    if _place_of(first, CODE_COLUMNS) is not None:
        return False
    if LOOKS_LIKE_A_CODE.fullmatch(first[0]):
        return True
    try:
        return bool(codes.read(first[0], system))
    except RowFault:
        return False


def _place_of(header: list[str], names: tuple[str, ...]) -> int | None:
    plain = [name.casefold() for name in header]
    return next((plain.index(each.casefold()) for each in names if each.casefold() in plain), None)


def _lines(reading: Reading, file: str, text: str) -> Iterator[Cells]:
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


def _chosen(sheet: Sheet, where: Where) -> list[Cells]:
    """The rows that a pack asks for; a value that no row holds is a slip of the pen."""
    body = sheet.body
    for name, values in where.items():
        place = _place_of(sheet.header, (name,))
        if place is None:
            sheet.refuse(1, name, not_one_of(name, sheet.header))
            continue
        present = {_cell(cells, place) for _, cells in sheet.body}
        for value in sorted(values - present):
            sheet.refuse(1, name, f"no row has {value[:60]!r} here.")
        body = [(row, cells) for row, cells in body if _cell(cells, place) in values]
    return body


def _cell(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _terms(sheet: Sheet, body: list[Cells]) -> dict[str, str]:
    terms: dict[str, str] = {}
    repeated: list[tuple[int, str]] = []
    bad = 0
    if len(body) > MOST_CODES:
        sheet.refuse(body[MOST_CODES][0], None, f"has more than {MOST_CODES} codes.")
    for row, cells in body[:MOST_CODES]:
        written = _cell(cells, sheet.code)
        try:
            code = codes.read(written, sheet.system)
        except RowFault:
            bad += 1
            if bad <= MOST_PROBLEMS:
                sheet.refuse(row, "code", _not_a_code(written, sheet.system))
            continue
        if code in terms:
            repeated.append((row, code))
        terms.setdefault(code, _cell(cells, sheet.term) if sheet.term is not None else "")
    if bad > MOST_PROBLEMS:
        sheet.refuse(1, "code", f"{bad - MOST_PROBLEMS} more are no codes either.")
    _warn_of_repeated(sheet, repeated)
    return terms


def _not_a_code(written: str, system: str) -> str:
    """What is wrong, and the usual cause: a spreadsheet that took a code for a number."""
    said = f"{written[:20]!r} is not a code of {codes.TITLES[system]}."
    if AS_A_NUMBER.fullmatch(written):
        said += " A spreadsheet has changed it into a number; keep codes as text."
    return said


def _warn_of_repeated(sheet: Sheet, repeated: list[tuple[int, str]]) -> None:
    if repeated:
        row, code = repeated[0]
        times = f"{len(repeated)} row{'s' if len(repeated) > 1 else ''}"
        message = f"{times} hold a code again; the first is {code}. The first term counts."
        sheet.reading.warn(sheet.file, row, "code", message)
