"""DuckDB as the records half uses it: within a memory limit, and spilling where records may lie."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

THREADS = 2
MEMORY = "4GB"


@contextmanager
def connected(spill: Path, *, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own. What does not fit in memory goes below `spill` and is removed.

    Records never spill to the machine's common temporary folder, which others may read.
    """
    spill.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="spill-", dir=spill) as folder, duckdb.connect() as sql:
        sql.execute(f"SET memory_limit = {quoted(memory)}")
        sql.execute(f"SET threads = {THREADS}")
        sql.execute(f"SET temp_directory = {quoted(folder)}")
        yield sql


def third_of_memory() -> str:
    """A third of this machine's memory, but never less than the usual limit.

    Sorting everything that was ever coded goes a fifth faster where it need not spill.
    """
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000_000
    return f"{max(4, gigabytes // 3)}GB"


def quoted(text: object) -> str:
    """Text of ours as SQL writes it, where no parameter may stand."""
    return "'" + str(text).replace("'", "''") + "'"


def parquet(paths: list[Path]) -> str:
    """These files as a table, in SQL."""
    return f"read_parquet([{', '.join(map(quoted, paths))}])"
