"""Who is not reached? By deprivation, age and practice: how many, of how many; never who."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from openprotect.programmes.models import Programme
from openprotect.reports.queries.naming import fifths, practices
from openprotect.reports.rules.masking import LEAST, SMALL, column, rounded

AGES = {
    "00": "Under 18",
    "18": "18 to 39",
    "40": "40 to 64",
    "65": "65 to 74",
    "75": "75 to 84",
    "85": "85 and over",
    "": "Not known",
}
COUNTS = "SELECT kind, key, people, missed, found FROM reach_counts(%s, %s)"
NOT_TOLD = "not told"


@dataclass(frozen=True)
class Line:
    """People of one kind: how many take part, are not reached, and were found again."""

    key: str
    name: str
    people: str
    missed: str
    found: str
    share: str
    percent: int | None

    @property
    def is_told(self) -> bool:
        return self.percent is not None


@dataclass(frozen=True)
class Table:
    """Everybody in a programme, split one way; totals as far as the figures shown allow."""

    title: str
    of: str
    lines: tuple[Line, ...]
    people: str
    missed: str
    found: str

    @property
    def is_empty(self) -> bool:
        return not self.lines


@dataclass(frozen=True)
class Reached:
    """Who is not reached, split three ways."""

    by_fifth: Table
    by_age: Table
    by_practice: Table


def reached(programme: Programme, *, on: date) -> Reached:
    """The counts that this session may have; none at all where it may have none."""
    found: dict[str, dict[str, tuple[int, int, int]]] = {"fifth": {}, "age": {}, "practice": {}}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [programme.pk, on])
        for kind, key, people, missed, again in cursor.fetchall():
            found[kind][key] = (people, missed, again)
    named = _worst_first(found["practice"], practices)
    return Reached(
        by_fifth=_table("By deprivation of the area", "Fifth of England", fifths(), found["fifth"]),
        by_age=_table("By age", "Age", AGES, found["age"]),
        by_practice=_table("By practice", "Practice", named, found["practice"]),
    )


def _worst_first(
    counts: Mapping[str, tuple[int, int, int]],
    names: Callable[[Iterable[str]], Mapping[str, str]],
) -> Mapping[str, str]:
    """Practices by their figure as shown, so that their order tells no more than it does."""
    named = names(counts)
    return dict(
        sorted(named.items(), key=lambda each: (-(_percent(counts[each[0]]) or 0), each[1]))
    )


def _table(
    title: str, of: str, names: Mapping[str, str], counts: Mapping[str, tuple[int, int, int]]
) -> Table:
    shown = [key for key in names if counts.get(key, (0, 0, 0))[0]]
    people, missed, found = (column([counts[key][place] for key in shown]) for place in range(3))
    lines = tuple(
        Line(
            key,
            names[key],
            people.cells[place],
            missed.cells[place],
            found.cells[place],
            _share(counts[key]),
            _percent(counts[key]),
        )
        for place, key in enumerate(shown)
    )
    return Table(title, of, lines, people.total, missed.total, found.total)


def _percent(counts: tuple[int, int, int]) -> int | None:
    """Worked out from the rounded figures; None where one of them is small."""
    people, missed, _ = counts
    if people < LEAST or 0 < missed < LEAST:
        return None
    return round(100 * rounded(missed) / rounded(people))


def _share(counts: tuple[int, int, int]) -> str:
    percent = _percent(counts)
    return NOT_TOLD if percent is None else f"{percent}%"


__all__ = ["SMALL", "Line", "Reached", "Table", "reached"]
