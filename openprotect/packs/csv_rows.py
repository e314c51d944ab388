"""Rows of a table a clinician keeps in a spreadsheet, with the place of every cell."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from openprotect.packs.problems import Reading, not_one_of

MOST_ROWS: Final = 1000
LONGEST_CELL: Final = 1000


@dataclass(frozen=True)
class Row:
    """One row; `number` is what a spreadsheet shows at its left."""

    reading: Reading
    file: str
    number: int
    cells: Mapping[str, str]

    def refuse(self, column: str, message: str) -> None:
        self.reading.refuse(self.file, self.number, column, message)

    def warn(self, column: str, message: str) -> None:
        self.reading.warn(self.file, self.number, column, message)

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def needed(self, column: str) -> str:
        if not self.cell(column):
            self.refuse(column, "is empty.")
        return self.cell(column)

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        word = self.needed(column)
        if word and word not in allowed:
            self.refuse(column, not_one_of(word, allowed))
        return word


def read_rows(
    reading: Reading, file: str, text: str, *, needed: Collection[str], allowed: Collection[str]
) -> list[Row]:
    """All rows that hold anything; a row of the wrong width is named and left out."""
    lines = _lines(reading, file, text)
    _, header = next(lines, (0, []))
    if not header:
        reading.refuse(file, 1, None, "is empty: the first row names the columns.")
        return []
    _check_header(reading, file, header, needed, allowed)
    rows: list[Row] = []
    for number, cells in lines:
        if len(rows) >= MOST_ROWS:
            reading.refuse(file, number, None, f"has more than {MOST_ROWS} rows.")
            break
        if len(cells) != len(header):
            message = f"has {len(cells)} cells; the first row names {len(header)} columns."
            reading.refuse(file, number, None, message)
        else:
            rows.append(Row(reading, file, number, dict(zip(header, cells, strict=True))))
    return rows


def _lines(reading: Reading, file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if any(len(cell) > LONGEST_CELL for cell in trimmed):
                longest = f"holds a cell of over {LONGEST_CELL} characters."
                reading.refuse(file, reader.line_num, None, longest)
            elif any(trimmed):
                yield reader.line_num, trimmed
    except csv.Error as why:
        reading.refuse(file, reader.line_num, None, f"cannot be read as CSV: {why}.")


def _check_header(
    reading: Reading,
    file: str,
    header: list[str],
    needed: Collection[str],
    allowed: Collection[str],
) -> None:
    for name in needed:
        if name not in header:
            reading.refuse(file, 1, name, "this column is missing.")
    for name in header:
        if header.count(name) > 1:
            reading.refuse(file, 1, name, "this column stands here twice.")
        elif name not in allowed and name not in needed:
            reading.refuse(file, 1, name, not_one_of(name, {*needed, *allowed}))
