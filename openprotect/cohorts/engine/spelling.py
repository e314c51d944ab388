"""What the numbers of one store stand for: practices, sources, units and codes, as written."""

from collections.abc import Collection, Mapping
from typing import Final

import duckdb

SMALL: Final = {
    "practices": "SELECT practice, code FROM store.practices",
    "sources": "SELECT source, name FROM store.sources",
    "units": "SELECT unit, name FROM store.units",
}
CODES: Final = """
    SELECT code, system, written, term FROM store.codes WHERE code IN (SELECT unnest(?))
"""
Code = tuple[str, str, str]


class Spelling:
    """The small tables of a store, read once, and of its codes those that were ever asked for."""

    def __init__(self, sql: duckdb.DuckDBPyConnection) -> None:
        read = {name: dict(sql.execute(query).fetchall()) for name, query in SMALL.items()}
        self.practices: Mapping[int, str] = read["practices"]
        self.sources: Mapping[int, str] = read["sources"]
        self.units: Mapping[int, str] = read["units"]
        self._codes: dict[int, Code] = {}

    def codes(self, sql: duckdb.DuckDBPyConnection, wanted: Collection[int]) -> Mapping[int, Code]:
        """At least these codes, each with its system, as written, with its term."""
        missing = [code for code in wanted if code not in self._codes]
        if missing:
            found = sql.execute(CODES, [missing]).fetchall()
            self._codes.update({code: (*rest,) for code, *rest in found})
        return self._codes
