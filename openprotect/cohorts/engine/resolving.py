"""What one store knows of the codes and units that a plan names."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from openprotect.cohorts.engine.opened import opened
from openprotect.cohorts.engine.parameters import Known, Lists
from openprotect.cohorts.engine.plan import Plan
from openprotect.cohorts.engine.spelling import Spelling
from openprotect.cohorts.rules import CohortRules, Selection, coded
from openprotect.cohorts.rules.measures import unit_as_compared

RESOLVED = """
    SELECT asked.place, codes.code, codes.written,
           CASE WHEN asked.term = '' THEN codes.term ELSE asked.term END AS term
    FROM store.codes JOIN asked ON codes.system = asked.system AND codes.written = asked.written
    ORDER BY asked.place, codes.code
"""


class Store(Protocol):
    """One generation of the records, sorted for cohorts: a DuckDB file, and Parquet beside it."""

    @property
    def database(self) -> Path:
        """The DuckDB file."""

    def parquet(self, name: str) -> Path:
        """The same table as Parquet, for engines that do not read that file."""


def known_to(store: Store, asked: Plan, only: Collection[int] | None = None) -> Known:
    """The store's own numbers for the codes and units that the plan, or some of it, names."""
    selections = [
        each for number, each in enumerate(asked.selections) if only is None or number in only
    ]
    file = opened(store.database)

    def read() -> Known:
        with file.cursor() as sql:
            codes = _codes(sql, asked.rules, selections)
        return Known(codes, _units(file.spelling), _no_practice(file.spelling))

    return read() if only is not None else file.recalled(asked.rules.digest, read)


def _codes(
    sql: duckdb.DuckDBPyConnection, rules: CohortRules, selections: Sequence[Selection]
) -> Mapping[Lists, pa.Table]:
    """For each combination of lists, those of their codes that the store has ever seen."""
    places = {lists: place for place, lists in enumerate(_combinations(selections))}
    if not places:
        return {}
    sql.register("asked", _listed(rules, places))
    resolved = sql.sql(RESOLVED).to_arrow_table()
    starts = pc.index_in(pa.array(range(len(places)), pa.int32()), resolved.column("place"))
    found = starts.to_pylist()
    counts = dict(zip(*_counted(resolved), strict=True))
    return {
        lists: resolved.slice(found[place] or 0, counts.get(place, 0)).drop_columns("place")
        for lists, place in places.items()
    }


def _counted(resolved: pa.Table) -> tuple[list[int], list[int]]:
    counts = pc.value_counts(resolved.column("place").combine_chunks())
    return counts.field("values").to_pylist(), counts.field("counts").to_pylist()


def _combinations(selections: Sequence[Selection]) -> list[Lists]:
    named = (
        lists
        for selection in selections
        for lists in (selection.codelists, selection.paired)
        if lists
    )
    return list(dict.fromkeys(named))


def _listed(rules: CohortRules, places: Mapping[Lists, int]) -> pa.Table:
    columns: dict[str, list[object]] = {"place": [], "system": [], "written": [], "term": []}
    for lists, place in places.items():
        for (system, written), term in coded(rules, lists).items():
            columns["place"].append(place)
            columns["system"].append(system)
            columns["written"].append(written)
            columns["term"].append(term)
    types = {"place": pa.int32()} | dict.fromkeys(("system", "written", "term"), pa.string())
    return pa.table({name: pa.array(listed, types[name]) for name, listed in columns.items()})


def _units(spelling: Spelling) -> Mapping[str, tuple[int, ...]]:
    """Every number of a unit, by its name as names of units are compared."""
    found: dict[str, list[int]] = defaultdict(list)
    for unit, name in sorted(spelling.units.items()):
        found[unit_as_compared(name)].append(unit)
    return {name: tuple(numbers) for name, numbers in found.items()}


def _no_practice(spelling: Spelling) -> int:
    return next((number for number, code in spelling.practices.items() if code == ""), -1)
