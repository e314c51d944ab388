"""Cohort rules as a table that a clinician reads, signs, or takes to a meeting."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from openprotect.cohorts.rules import Clause, CohortRules, Group, Population
from openprotect.cohorts.rules.wording import lists_in_words, person_asked, record_asked

COLUMNS: Final = ("group", "any of", "asks", "source")
NARROWEST: Final = 72
GAP: Final = "  "


@dataclass(frozen=True)
class Line:
    """One clause: of which group, over which codelists, what it asks, and on whose word.

    Only the first line of a group names it and its source; `or` begins another way into the
    group, `and` something that must be true as well.
    """

    group: str
    any_of: str
    asks: str
    source: str

    def cells(self) -> tuple[str, str, str, str]:
        return self.group, self.any_of, self.asks, self.source


@dataclass(frozen=True)
class Section:
    """Lines of one kind under a heading."""

    heading: str
    lines: tuple[Line, ...]


def sections(rules: CohortRules) -> tuple[Section, ...]:
    """Every rule in plain words: the parts, the groups, and who is taken out."""
    kinds = (
        ("Used by the groups below", rules.parts),
        ("Groups: who is found, and why", rules.groups),
        ("Taken out of these, for the first reason that is true", rules.exclusions),
    )
    return tuple(
        Section(heading, tuple(line for group in groups for line in _lines(rules, group)))
        for heading, groups in kinds
        if groups
    )


def _lines(rules: CohortRules, group: Group) -> Iterator[Line]:
    title = f"{group.title}: {group.handling}" if group.handling else group.title
    for place, alternative in enumerate(group.any_of):
        for number, clause in enumerate(alternative):
            first = title if place == 0 else "or"
            source = group.source if place == number == 0 else ""
            yield _line(rules, clause, "and" if number else first, source)


def _line(rules: CohortRules, clause: Clause, group: str, source: str) -> Line:
    any_of = lists_in_words(clause.select.codelists) if clause.select else ""
    asked = "; ".join([*record_asked(clause), *person_asked(rules, clause)])
    return Line(group, any_of, asked, source)


def asked_about(population: Population) -> str:
    """Whom the rules look at, in one sentence."""
    told = [str(population.ages)]
    if population.alive:
        told.append("alive")
    if population.registered:
        long = f" for at least {population.registered_for}" if population.registered_for else ""
        told.append(f"registered with a practice{long}")
    if population.without_objectors:
        told.append("without a recorded objection")
    return f"Asked about are people {', '.join(told)}."


def as_text(rules: CohortRules, width: int) -> list[str]:
    """The table in columns for a screen of this width."""
    lines = [rules.title, asked_about(rules.population)]
    for section in sections(rules):
        lines += ["", section.heading, ""]
        lines += _in_columns(COLUMNS, _widths(width))
        for line in section.lines:
            lines += [""] if line.source else []
            lines += _in_columns(line.cells(), _widths(width))
    return lines


def _widths(width: int) -> tuple[int, ...]:
    whole = max(width, NARROWEST) - len(GAP) * (len(COLUMNS) - 1)
    parts = (whole * 2 // 10, whole * 2 // 10, whole * 3 // 10)
    return (*parts, whole - sum(parts))


def _in_columns(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [textwrap.wrap(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    for shown in zip_longest(*wrapped, fillvalue=""):
        padded = (cell.ljust(wide) for cell, wide in zip(shown, widths, strict=True))
        yield GAP.join(padded).rstrip()


def as_markdown(rules: CohortRules) -> list[str]:
    """The table for a document."""
    lines = [f"# {rules.title}", "", asked_about(rules.population)]
    for section in sections(rules):
        lines += ["", f"## {section.heading}", "", _row(COLUMNS), _row(["---"] * len(COLUMNS))]
        lines += [_row(line.cells()) for line in section.lines]
    return lines


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
