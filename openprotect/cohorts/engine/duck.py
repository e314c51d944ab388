"""DuckDB, in this process, over a store's file: where cohorts run unless a site says otherwise."""

import tempfile
from pathlib import Path
from typing import Final, Self

import duckdb
import pyarrow as pa

from openprotect.cohorts.engine.layout import STORE

# Of an ordinary machine's memory; more than this goes to a folder that is removed afterwards.
MEMORY: Final = "1GB"


def quoted(path: Path) -> str:
    """A path as a string of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


class DuckDB:
    """A connection of its own, which only reads the store and forgets what it worked out."""

    dialect: Final = "duckdb"

    def __init__(self, database: Path) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="openprotect-cohort-")
        self.connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "temp_directory": self._scratch.name,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self.attach(database, "store")
        for name in (*STORE, "codes", "units"):
            self.connection.execute(f"CREATE TEMP VIEW {name} AS FROM store.{name}")

    def attach(self, database: Path, name: str) -> None:
        """Have another file's tables, only to be read."""
        self.connection.execute(f"ATTACH {quoted(database)} AS {name} (READ_ONLY)")

    def load(self, name: str, table: pa.Table) -> None:
        """Have a small table under a name."""
        self.connection.register("arriving", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM arriving")
        self.connection.unregister("arriving")

    def keep(self, name: str, query: str) -> None:
        """Work a query out and have the result under a name."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def read(self, query: str) -> pa.Table:
        return self.connection.sql(query).to_arrow_table()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self._scratch.cleanup()
