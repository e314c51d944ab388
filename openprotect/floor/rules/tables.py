"""Reading a pasted or sent table: UTF-8 CSV with a heading, within limits; else said in words."""

import csv
import io
from collections.abc import Collection, Mapping

from openprotect.base.refusals import Refused

MOST_ROWS = 2000
LONGEST_FILE = 1_000_000


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
