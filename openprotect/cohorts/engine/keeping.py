"""What a run worked out, kept: facts and masks, and the events behind them, sorted by person.

A rule that is changed then asks only for what the change touches, and one person is explained in
milliseconds. A file is for one generation, day and rule set; it is written whole, and stays so.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from uuid import uuid4

import duckdb
import pyarrow as pa

from openprotect.cohorts.engine.duck import DuckDB
from openprotect.cohorts.engine.opened import KEPT, opened, quoted
from openprotect.cohorts.engine.resolving import Store
from openprotect.cohorts.engine.shape import EDITION
from openprotect.cohorts.rules import CohortRules

FOLDER: Final = "facts"
LISTED: Final = """
    SELECT code FROM wanted UNION SELECT code FROM closely
    UNION SELECT code FROM daily UNION SELECT code FROM mates
"""
QUERIES: Final = {
    "facts": "FROM facts ORDER BY person, selection",
    "masks": "FROM masks ORDER BY person",
    "found": "FROM outcome ORDER BY person",
    "counts": "FROM counted",
    "codes": LISTED,
    "events": f"""
        SELECT person, code, "on", value, unit, source, setting, episode FROM coded
        SEMI JOIN ({LISTED}) listed USING (code) ORDER BY person, code, "on"
    """,  # noqa: S608 - names of our own
}


@dataclass(frozen=True)
class Facts:
    """The file of what one run worked out."""

    path: Path


def kept_facts(rules: CohortRules, store: Store, as_of: date) -> Facts | None:
    """What a run of just these rules, as of this day, kept of this store; None when none did.

    A damaged file is as good as none.
    """
    path = path_of(rules, store, as_of)
    return Facts(path) if path.is_file() and _is_whole(store, path) else None


def kept_events(rules: CohortRules, store: Store) -> Facts | None:
    """The latest that a run of these rules kept, as of any day: its events do not depend on it."""
    paths = sorted(_folder(store).glob(f"*-{_key(rules, store)}.duckdb"), reverse=True)
    return next((Facts(path) for path in paths if _is_whole(store, path)), None)


def _is_whole(store: Store, path: Path) -> bool:
    try:
        opened(store.database).attached(path)
    except duckdb.Error:
        return False
    return True


def path_of(rules: CohortRules, store: Store, as_of: date) -> Path:
    return _folder(store) / f"{as_of}-{_key(rules, store)}.duckdb"


def _folder(store: Store) -> Path:
    return store.database.parent.parent / FOLDER


def _key(rules: CohortRules, store: Store) -> str:
    whole = f"{EDITION}\n{store.database.name}\n{rules.digest}"
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


def keep(
    machine: DuckDB,
    rules: CohortRules,
    store: Store,
    as_of: date,
    found: str,
    counts: Mapping[str, int],
) -> Facts:
    """Keep what the run in hand worked out; of two that do so at once, either leaves it whole.

    `found` is the query for the groups of everybody found.
    """
    path = path_of(rules, store, as_of)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"keeping_{uuid4().hex}"
    fresh = path.with_suffix(f".{name}.new")
    machine.load("counted", _counted(counts))
    machine.keep("outcome", found)
    sql = machine.connection
    sql.execute(f"ATTACH {quoted(fresh)} AS {name}")
    try:
        for table in KEPT:
            sql.execute(f"CREATE TABLE {name}.{table} AS {QUERIES[table]}")
    finally:
        sql.execute(f"DETACH {name}")
    fresh.replace(path)
    return Facts(path)


def _counted(counts: Mapping[str, int]) -> pa.Table:
    return pa.table(
        {
            "name": pa.array(list(counts), pa.string()),
            "people": pa.array(list(counts.values()), pa.int64()),
        }
    )
