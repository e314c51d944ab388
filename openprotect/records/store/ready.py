"""The store of a generation, built when it is not there, once, however many ask."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from openprotect.records import lake
from openprotect.records.store.building import build
from openprotect.records.store.opening import Store, StoreDamaged, open_store

LOCK = "store.lock"


def ready_store(lake_folder: Path, generation: UUID) -> Store:
    """The store of this generation, built if there is none; two that ask at once build once."""
    try:
        return open_store(lake_folder, generation)
    except StoreDamaged:
        delivered = lake.open_generation(lake_folder, generation)
    with _alone(delivered.folder / LOCK):
        try:
            return open_store(lake_folder, generation)
        except StoreDamaged:
            return build(delivered)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait for whoever builds; a lock of the file system ends with its process."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
