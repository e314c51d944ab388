"""Store files that stay open in this process, with what was read of them still in memory.

Opening a file costs more than explaining a person, and reading its columns from disk a third of a
run. Each file has one DuckDB in this process, and every use of it a cursor of its own, with tables
of its own: so threads do not meet. A file that was replaced is another file. Nothing is detached
that somebody may still be reading: a DuckDB with too many files is let go whole, and closes when
the last of its cursors does.
"""

import os
import shutil
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import duckdb

from openprotect.cohorts.engine.layout import STORE
from openprotect.cohorts.engine.spelling import Spelling

# Of an ordinary machine's memory; more than this goes to a folder that is removed afterwards.
MEMORY: Final = "1GB"
MOST_STORES: Final = 3
MOST_ATTACHED: Final = 12
# The tables of kept facts, in the order in which they are written.
KEPT: Final = ("facts", "masks", "found", "counts", "codes", "events")
MOST_RECALLED: Final = 8
T = TypeVar("T")
Identity = tuple[str, int, int, int]


def quoted(path: Path) -> str:
    """A path as a string of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def identity(path: Path) -> Identity:
    """The file itself, whatever else may lie under its name before or afterwards."""
    there = path.stat()
    return str(path.resolve()), there.st_ino, there.st_size, there.st_mtime_ns


class Opened:
    """One store's file, open only to be read, and files of kept facts beside it."""

    def __init__(self, database: Path) -> None:
        scratch = tempfile.mkdtemp(prefix="openprotect-cohort-")
        weakref.finalize(self, shutil.rmtree, scratch, ignore_errors=True)
        self._lock = Lock()
        self._attached: dict[Path, str] = {}
        self._connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "temp_directory": scratch,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self._connection.execute(f"ATTACH {quoted(database)} AS store (READ_ONLY)")
        for name in (*STORE, "codes", "units"):
            self._connection.execute(f"CREATE VIEW {name} AS FROM store.{name}")
        self.spelling = Spelling(self._connection)
        self._recalled: OrderedDict[str, Any] = OrderedDict()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the same file, with temporary tables of its own."""
        with self._lock:
            return self._connection.cursor()

    def recalled(self, key: str, read: Callable[[], T]) -> T:
        """What was read of this file under a key before, or else now; the file stays as it is."""
        if key not in self._recalled:
            self._recalled[key] = read()
            while len(self._recalled) > MOST_RECALLED:
                self._recalled.popitem(last=False)
        found: T = self._recalled[key]
        return found

    def attached(self, facts: Path) -> str:
        """The name under which all cursors have the tables of kept facts.

        What lies under one path is always the same, whoever writes it again. Raises duckdb.Error
        when the file is damaged: it does not open, or lacks the table that is written last.
        """
        with self._lock:
            if facts not in self._attached:
                self._attached[facts] = self._attach(facts, f"kept_{len(self._attached)}")
            return self._attached[facts]

    def _attach(self, facts: Path, name: str) -> str:
        self._connection.execute(f"ATTACH {quoted(facts)} AS {name} (READ_ONLY)")
        try:
            self._connection.execute(f"SELECT count(*) FROM {name}.{KEPT[-1]}").fetchall()  # noqa: S608
        except duckdb.Error:
            self._connection.execute(f"DETACH {name}")
            raise
        return name

    @property
    def is_full(self) -> bool:
        return len(self._attached) >= MOST_ATTACHED


class _Stock:
    """The files open in this process, the one used last at the end."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.by_file: OrderedDict[Identity, Opened] = OrderedDict()


_stock = _Stock()
_of_parents: list[_Stock] = []


def opened(database: Path) -> Opened:
    """This file, opened now or earlier."""
    key = identity(database)
    with _stock.lock:
        found = _stock.by_file.pop(key, None)
        if found is None or found.is_full:
            found = Opened(database)
        _stock.by_file[key] = found
        while len(_stock.by_file) > MOST_STORES:
            _stock.by_file.popitem(last=False)
        return found


def _leave_to_parent() -> None:
    """A forked process has none of the threads of what its parent opened: it opens its own.

    What the parent had is never closed here, since closing waits for those threads.
    """
    global _stock
    _of_parents.append(_stock)
    _stock = _Stock()


os.register_at_fork(after_in_child=_leave_to_parent)
