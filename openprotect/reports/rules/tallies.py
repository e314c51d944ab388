"""Tables of counts of people, with their totals, as they may be shown; and as a file."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openprotect.reports.rules.masking import column

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
    """Counts by key, in the order of `names`; rounded and small ones not told, unless `exact`."""
    shown = [
        column([counts.get(key, 0) for key in names], exact=exact) for counts in columns.values()
    ]
    lines = tuple(
        Line(key, name, tuple(each.cells[place] for each in shown))
        for place, (key, name) in enumerate(names.items())
    )
    totals = tuple(each.total for each in shown) if adds_up else ()
    return Tally(title, of, tuple(columns), lines, totals)


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
