"""Tables that people bring: UTF-8 CSV with a heading, within limits, every row accounted for."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from openprotect.base.refusals import Refused

MOST_ROWS = 2000
LONGEST_FILE = 1_000_000
Row = Mapping[str, str]


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken, and why; row 1 is the first below the heading."""

    row: int
    because: str


@dataclass(frozen=True)
class Brought:
    """What became of every row: rows = those of each way, in its words + refused."""

    rows: int
    ways: Sequence[str]
    became: Mapping[str, int]
    refused: tuple[RefusedRow, ...]

    @property
    def balances(self) -> bool:
        return self.rows == sum(self.became.values()) + len(self.refused)

    def __str__(self) -> str:
        parts = [f"{self.became.get(each, 0)} {each}" for each in self.ways]
        return f"{self.rows} rows = {' + '.join(parts)} + {len(self.refused)} refused"


def row_by_row(rows: Sequence[Row], take: Callable[[Row], str], *, ways: Sequence[str]) -> Brought:
    """Take each row by itself: `take` says what became of it, or raises Refused and undoes it."""
    became: Counter[str] = Counter()
    refused: list[RefusedRow] = []
    for number, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                became[take(row)] += 1
        except Refused as refusal:
            refused.append(RefusedRow(number, str(refusal)))
    return Brought(len(rows), ways, dict(became), tuple(refused))


def rows_of(content: bytes, *, needed: Collection[str]) -> list[dict[str, str]]:
    """The rows below the heading, by column; a column's name counts without case and blanks."""
    heading, rows = _read(_text_of(content))
    missing = [each for each in needed if each not in heading]
    if missing:
        raise Refused(f"The heading has no column “{missing[0]}”. It needs: {', '.join(needed)}.")
    if len(set(heading)) < len(heading):
        raise Refused("The heading names a column twice.")
    if len(rows) > MOST_ROWS:
        raise Refused(f"The table has more than {MOST_ROWS} rows. Send it in parts.")
    return rows


def _text_of(content: bytes) -> str:
    if len(content) > LONGEST_FILE:
        raise Refused("The table is larger than a megabyte. Send it in parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The table is not text in UTF-8. Save it as CSV UTF-8.") from None
    if "\0" in text:
        raise Refused("The table is not text. Save it as CSV UTF-8.")
    return text


def _read(text: str) -> tuple[list[str], list[dict[str, str]]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        heading = [(each or "").strip().lower() for each in reader.fieldnames or []]
        reader.fieldnames = heading
        return heading, [_row(each) for each in reader]
    except csv.Error:
        raise Refused("The table cannot be read: a quote is not closed.") from None


def _row(read: Mapping[str | None, object]) -> dict[str, str]:
    """A cell too many is kept under no name, so that its row is refused and not cut."""
    cells = {key: value.strip() for key, value in read.items() if key and isinstance(value, str)}
    return {**cells, "": "cell too many"} if None in read else cells
