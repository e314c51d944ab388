"""The store of a generation, built when it is not there, once, however many ask."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from openprotect.records import lake, reference
from openprotect.records.store.building import build
from openprotect.records.store.opening import Store, StoreDamaged, folder_of, open_store
from openprotect.records.store.swapping import alone, clear


def ready_store(lake_folder: Path, generation: UUID, *, at: datetime | None = None) -> Store:
    """The store of this generation, built if there is none; two that ask at once build once.

    With `at`, deprivation is that of the table which was in use then: a run that is repeated finds
    what it found.
    """
    table = reference.deprivation(lake_folder, at=at)
    digest = table.sha256 if table else ""
    try:
        return _fitting(lake_folder, generation, digest)
    except StoreDamaged:
        delivered = lake.open_generation(lake_folder, generation)
    with alone(delivered.folder):
        try:
            return _fitting(lake_folder, generation, digest)
        except StoreDamaged:
            clear(folder_of(lake_folder, generation), _any(lake_folder, generation))
            return build(delivered, deprivation=table)


def _any(lake_folder: Path, generation: UUID) -> Store | None:
    try:
        return open_store(lake_folder, generation)
    except StoreDamaged:
        return None


def _fitting(lake_folder: Path, generation: UUID, deprivation: str) -> Store:
    store = open_store(lake_folder, generation)
    if store.deprivation != deprivation:
        raise StoreDamaged(f"The store of {generation} has another table of deprivation.")
    return store
