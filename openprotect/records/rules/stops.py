"""When a whole import waits for a second person, however good its rows look one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# 65,536 and 1,048,576 lines: what old and new spreadsheets hold, with and without a header.
SPREADSHEET_LIMITS = {65_535, 65_536, 1_048_575, 1_048_576}
MOST_MISSHAPEN = 0.01
FEW_MISSHAPEN = 10
MOST_CHANGE = 0.05


@dataclass(frozen=True)
class Extract:
    """One extract in numbers, and what the lake held of its source before."""

    rows: Sequence[int]
    misshapen: int
    people: int
    people_before: int
    practices_missing: Sequence[str]
    extract_on: date | None
    last_extract_on: date | None
    is_whole: bool


def reasons(extract: Extract) -> list[str]:
    """Why this import waits; none when it may go on. Counts and codes of practices only."""
    found = [
        f"{rows:,} rows is exactly what a spreadsheet holds: the rest may be missing"
        for rows in extract.rows
        if rows in SPREADSHEET_LIMITS
    ]
    total = sum(extract.rows)
    if extract.misshapen > max(total * MOST_MISSHAPEN, FEW_MISSHAPEN):
        found.append(f"{extract.misshapen:,} of {total:,} rows do not have the types agreed")
    last = extract.last_extract_on
    if extract.extract_on and last and extract.extract_on < last:
        found.append(f"the extract is older than the last one, of {last}")
    return found + (_of_whole(extract) if extract.is_whole else [])


def _of_whole(extract: Extract) -> list[str]:
    """An extract declared whole says that nobody else is left: so who is missing matters."""
    found = []
    before, now = extract.people_before, extract.people
    if before and abs(now - before) > before * MOST_CHANGE:
        found.append(f"{now:,} people where there were {before:,}: a change of over 5%")
    if extract.practices_missing:
        named = ", ".join(sorted(extract.practices_missing)[:10])
        found.append(f"nobody of these practices, known before: {named}")
    return found
