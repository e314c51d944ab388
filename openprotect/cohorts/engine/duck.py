"""DuckDB, in this process, over a store's file: where cohorts run unless a site says otherwise."""

from pathlib import Path
from typing import Final, Self

import pyarrow as pa

from openprotect.cohorts.engine.opened import KEPT, opened


class DuckDB:
    """A cursor of its own, which only reads the store and forgets what it worked out."""

    dialect: Final = "duckdb"

    def __init__(self, database: Path) -> None:
        self._opened = opened(database)
        self.connection = self._opened.cursor()
        self.spelling = self._opened.spelling

    def attach(self, facts: Path) -> None:
        """Have the tables that an earlier run kept, under their names with kept_ before them."""
        name = self._opened.attached(facts)
        for table in KEPT:
            self.connection.execute(f"CREATE TEMP VIEW kept_{table} AS FROM {name}.{table}")

    def load(self, name: str, table: pa.Table) -> None:
        """Have a small table under a name."""
        self.connection.register("arriving", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM arriving")
        self.connection.unregister("arriving")

    def keep(self, name: str, query: str) -> None:
        """Work a query out and have the result under a name."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def show(self, name: str, query: str) -> None:
        """Have a query under a name, worked out whenever it is read."""
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def has_any(self, name: str) -> bool:
        """Whether a table has a row."""
        return bool(self.connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall())  # noqa: S608

    def read(self, query: str) -> pa.Table:
        return self.connection.sql(query).to_arrow_table()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
