"""A store as a value, and the manifest that says which files it is."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from openprotect.base.refusals import Refused
from openprotect.records import lake

FORMAT = 1  # of the tables; another number makes every store be built anew
FOLDER, MANIFEST = "store", "manifest.json"


class StoreDamaged(Refused):
    """There is no store of this generation, or not the one that was built."""


@dataclass(frozen=True)
class Store:
    """One generation sorted by code, checked, ready to be read; never written to."""

    folder: Path
    generation_id: UUID
    name: str
    sha256: str
    rows: Mapping[str, int]
    bytes: int

    @property
    def database(self) -> Path:
        return self.folder / self.name


def folder_of(lake_folder: Path, generation: UUID) -> Path:
    return lake.folder_of(lake_folder, generation) / FOLDER


def open_store(lake_folder: Path, generation: UUID) -> Store:
    """The store of this generation, its file as large as it was written. Raises StoreDamaged."""
    return open_in(folder_of(lake_folder, generation), generation)


def open_in(folder: Path, generation: UUID) -> Store:
    """The store in this folder, when it is one of this generation and of this format."""
    try:
        said = json.loads((folder / MANIFEST).read_text())
        store = Store(
            folder, UUID(said["generation"]), said["name"], said["sha256"], said["rows"],
            said["bytes"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError):
        raise StoreDamaged(f"No store of {generation} has been built.") from None
    if (said["format"], store.generation_id) != (FORMAT, generation):
        raise StoreDamaged(
            f"The store of {generation} was built for other records or by another version."
        )
    if not store.database.is_file() or store.database.stat().st_size != store.bytes:
        raise StoreDamaged(f"The store of {generation} is missing or cut: build it again.")
    return store


def check(store: Store) -> None:
    """Read the whole file and hold it against the manifest. Raises StoreDamaged."""
    if lake.digest_of(store.database) != store.sha256:
        raise StoreDamaged(f"The store of {store.generation_id} was changed: build it again.")


def swap_in(made: Path, folder: Path, generation: UUID, rows: Mapping[str, int]) -> Store:
    """Make a finished file the store of this folder, in one rename of the manifest.

    Until that rename the folder holds the store of before, and after it this one; whoever has the
    old file open reads on. Files that no manifest names are cleared away by the next build.
    """
    digest = lake.digest_of(made)
    name = f"store-{digest[:16]}.duckdb"
    folder.mkdir(mode=0o700, exist_ok=True)
    lake.to_disk(made)
    made.replace(folder / name)
    said = {
        "format": FORMAT,
        "generation": str(generation),
        "name": name,
        "sha256": digest,
        "bytes": (folder / name).stat().st_size,
        "rows": dict(rows),
    }
    draft = folder / f"{MANIFEST}.{os.getpid()}"
    draft.write_text(json.dumps(said, indent=1))
    lake.to_disk(draft)
    lake.to_disk(folder)
    draft.replace(folder / MANIFEST)
    lake.to_disk(folder)
    lake.to_disk(folder.parent)
    return open_in(folder, generation)
