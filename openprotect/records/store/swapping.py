"""Putting a finished store in the place of the one before, whole or not at all."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from openprotect.records import lake
from openprotect.records.store.opening import EVIDENCE, FORMAT, NAMES, STORE, Store

LOCK = "store.lock"
SCRATCH = ".building-"


def swap_in(made: Path, store: Store, manifest: str = STORE) -> Store:
    """Make a finished file the store of its folder, in one rename of the manifest.

    Until that rename the folder holds the store of before, and after it this one. Whoever has the
    file of before open reads on.
    """
    digest = lake.digest_of(made)
    name = f"{NAMES[manifest]}-{digest[:16]}.duckdb"
    store = replace(store, name=name, sha256=digest, bytes=made.stat().st_size)
    store.folder.mkdir(mode=0o700, exist_ok=True)
    lake.to_disk(made)
    made.replace(store.database)
    said = asdict(store) | {"format": FORMAT, "generation": str(store.generation_id)}
    del said["folder"], said["generation_id"]
    draft = store.folder / f"{manifest}.{os.getpid()}"
    draft.write_text(json.dumps(said, indent=1))
    lake.to_disk(draft)
    lake.to_disk(store.folder)
    draft.replace(store.folder / manifest)
    lake.to_disk(store.folder)
    lake.to_disk(store.folder.parent)
    return store


def clear(folder: Path, kept: Store | None, manifest: str = STORE) -> None:
    """Before a build, remove what earlier ones left. Only whoever is alone may.

    The store that is named now stays, and after the build too: somebody may be about to open it.
    """
    kind = NAMES[manifest]
    names = {kept.name, f"parquet-{kept.database.stem}"} if kept else set()
    for path in folder.iterdir() if folder.is_dir() else ():
        is_old = path.name.startswith((f"{kind}-", f"parquet-{kind}-", f"{manifest}."))
        if is_old and path.name not in names:
            _remove(path)
    for path in (folder if manifest == EVIDENCE else folder.parent).glob(SCRATCH + "*"):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait for whoever builds here; a lock of the file system ends with its process."""
    with (folder / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
