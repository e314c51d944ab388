"""Tables of counts of people, with their totals, as far as they may be shown; and as a file."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openprotect.reports.rules.masking import Masked, masked, small

# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Line:
    """One row: what it is of, and a figure for each column. `key` names it in an address."""

    key: str
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """A table of counts of people. Without totals where one person can be counted twice."""

    title: str
    of: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    totals: tuple[str, ...] = ()


def tally(
    title: str,
    of: str,
    names: Mapping[str, str],
    columns: Mapping[str, Mapping[str, int]],
    *,
    exact: bool = False,
    adds_up: bool = True,
) -> Tally:
    """Counts by key, in the order of `names`; small ones are hidden unless `exact`.

    Columns are hidden each for itself: no table has totals of rows.
    """
    shown = [
        _shown([counts.get(key, 0) for key in names], exact=exact, adds_up=adds_up)
        for counts in columns.values()
    ]
    lines = tuple(
        Line(key, name, tuple(column.cells[place] for column in shown))
        for place, (key, name) in enumerate(names.items())
    )
    totals = tuple(column.total for column in shown) if adds_up else ()
    return Tally(title, of, tuple(columns), lines, totals)


def _shown(counts: Sequence[int], *, exact: bool, adds_up: bool) -> Masked:
    if exact:
        return Masked(tuple(f"{each:,}" for each in counts), f"{sum(counts):,}")
    return masked(counts) if adds_up else Masked(tuple(small(each) for each in counts), "")


def as_file(heading: str, tallies: Iterable[Tally]) -> str:
    """Tables as one CSV file: a line for each figure, and at its end how many lines there are.

    A last line that is missing or does not fit tells that the file was cut.
    """
    lines = [
        (each.title, each.of, line.name, column, cell)
        for each in tallies
        for line in each.lines
        for column, cell in zip(each.columns, line.cells, strict=True)
    ]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(["table", "of", "name", "figure", "people"])
    writer.writerows([safe(cell) for cell in line] for line in lines)
    writer.writerow(["rows", "", safe(heading), "", len(lines)])
    return written.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
