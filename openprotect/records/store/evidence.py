"""The evidence store: the store's tables with the codes alone that some live pack uses.

A run reads everything that its rules look at; here nothing else is in the way. Codes that it has
already are copied, newly wanted ones fetched from the sorted store, where each is one short range.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from openprotect.records import columnar
from openprotect.records.columnar import quoted
from openprotect.records.store.building import CODED_TABLE
from openprotect.records.store.opening import (
    EVIDENCE,
    TABLES,
    Store,
    StoreDamaged,
    open_in,
)
from openprotect.records.store.swapping import SCRATCH, alone, clear, swap_in


def evidence_store(store: Store, codes: Iterable[int]) -> Store:
    """A store with at least these codes of it, made or extended when there is none."""
    wanted = frozenset(codes)
    try:
        return _with(store, wanted)
    except StoreDamaged:
        pass
    with alone(store.folder):
        try:
            return _with(store, wanted)
        except StoreDamaged:
            clear(store.folder, _kept(store), EVIDENCE)
            return _make(store, wanted)


def _with(store: Store, wanted: frozenset[int]) -> Store:
    kept = _kept(store)
    if kept is None or not wanted <= set(kept.codes):
        raise StoreDamaged("The evidence store lacks codes that are wanted.")
    return kept


def _kept(store: Store) -> Store | None:
    """The evidence store that was taken from exactly this store, if there is one."""
    try:
        kept = open_in(store.folder, store.generation_id, EVIDENCE)
    except StoreDamaged:
        return None
    return kept if kept.of == store.sha256 else None


def _make(store: Store, wanted: frozenset[int]) -> Store:
    kept = _kept(store)
    with TemporaryDirectory(prefix=SCRATCH, dir=store.folder) as scratch:
        made = Path(scratch) / "evidence.duckdb"
        with columnar.connected(Path(scratch)) as sql:
            sql.execute(f"ATTACH {quoted(made)} AS made")
            sql.execute(f"ATTACH {quoted(store.database)} AS store (READ_ONLY)")
            _fetch(sql, kept, wanted)
            rows = {name: _count(sql, name) for name in TABLES}
            sql.execute("DETACH made")
        evidence = replace(store, rows=rows, of=store.sha256, codes=tuple(sorted(wanted)))
        return swap_in(made, evidence, EVIDENCE)


def _fetch(sql: duckdb.DuckDBPyConnection, kept: Store | None, wanted: frozenset[int]) -> None:
    for name in TABLES:
        if name != "coded":
            sql.execute(f"CREATE TABLE made.{name} AS FROM store.{name}")
    sql.execute(CODED_TABLE.format(schema="made"))
    here = wanted.intersection(kept.codes) if kept else frozenset()
    _register(sql, "fetched", wanted - here)
    rows = "FROM store.coded SEMI JOIN fetched USING (code)"
    if kept:
        sql.execute(f"ATTACH {quoted(kept.database)} AS kept (READ_ONLY)")
        _register(sql, "copied", here)
        rows = f"{rows} UNION ALL FROM kept.coded SEMI JOIN copied USING (code)"
    sql.execute(f'INSERT INTO made.coded FROM ({rows}) ORDER BY code, person, "on"')


def _register(sql: duckdb.DuckDBPyConnection, name: str, codes: frozenset[int]) -> None:
    sql.register(name, pa.table({"code": pa.array(sorted(codes), pa.int32())}))


def _count(sql: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(sql.execute(f"SELECT count(*) FROM made.{table}").fetchall()[0][0])  # noqa: S608
