"""A store as a value, and the manifest that says which file it is."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import duckdb

from openprotect.base.refusals import Refused
from openprotect.records import lake
from openprotect.records.columnar import quoted

FORMAT = 1  # of the tables; another number makes every store be built anew
FOLDER = "store"
STORE, EVIDENCE = "manifest.json", "evidence.json"
NAMES = {STORE: "store", EVIDENCE: "evidence"}
TABLES = ("people", "practices", "sources", "codes", "units", "coded")


class StoreDamaged(Refused):
    """There is no store of this generation, or not the one that was built."""


@dataclass(frozen=True)
class Store:
    """One generation sorted by code, checked, ready to be read; never written to.

    `deprivation` is the digest of the table that deciles were taken from, '' for none. Of an
    evidence store, `of` is the digest of the store that it was taken from and `codes` are those
    that it has; its tables and all numbers in them are the store's.
    """

    folder: Path
    generation_id: UUID
    name: str
    bytes: int
    sha256: str
    rows: Mapping[str, int]
    deprivation: str = ""
    of: str = ""
    codes: tuple[int, ...] = ()

    @property
    def database(self) -> Path:
        return self.folder / self.name

    def parquet(self, name: str) -> Path:
        """A table as a Parquet file, for engines that read no DuckDB; written when first asked."""
        if name not in TABLES:
            raise StoreDamaged(f"A store has no table {name[:20]!r}.")
        path = self.folder / f"parquet-{self.database.stem}" / f"{name}.parquet"
        if not path.is_file():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            with duckdb.connect(str(self.database), read_only=True) as sql:
                sql.execute(f"COPY {name} TO {quoted(draft)} (FORMAT parquet, COMPRESSION zstd)")
            draft.replace(path)
        return path


def folder_of(lake_folder: Path, generation: UUID) -> Path:
    return lake.folder_of(lake_folder, generation) / FOLDER


def open_store(lake_folder: Path, generation: UUID) -> Store:
    """The store of this generation, its file as large as it was written. Raises StoreDamaged."""
    return open_in(folder_of(lake_folder, generation), generation)


def open_in(folder: Path, generation: UUID, manifest: str = STORE) -> Store:
    """The store in this folder, when it is one of this generation and of this format."""
    what = f"The {'evidence ' if manifest == EVIDENCE else ''}store of {generation}"
    try:
        said = json.loads((folder / manifest).read_text())
        form = said.pop("format")
        named = UUID(said.pop("generation"))
        store = Store(folder, named, **said | {"codes": tuple(said["codes"])})
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreDamaged(f"{what} has not been built.") from None
    if (form, named) != (FORMAT, generation):
        raise StoreDamaged(f"{what} is of other records or another version: build it again.")
    if not store.database.is_file() or store.database.stat().st_size != store.bytes:
        raise StoreDamaged(f"{what} is missing or cut: build it again.")
    return store


def check(store: Store) -> None:
    """Read the whole file and hold it against the manifest. Raises StoreDamaged."""
    if lake.digest_of(store.database) != store.sha256:
        raise StoreDamaged(f"{store.name} of {store.generation_id} was changed: build it again.")
