"""Letting go of past states of the lake that nothing asks for any more.

Kept are the present generation, those that a run cites (the caller says which), what waits for
approval, and what imports of the last ninety days stand on, so that they can be undone. Of every
other generation the files go that no kept one names. Rows held back, and what was shown of an
import before it was approved, stay with the import.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from openprotect.records import lake, queries
from openprotect.records.models import Changeset
from openprotect.records.parts import KINDS, is_of_kind

UNDONE_WITHIN = timedelta(days=90)
LEFT_ALONE_FOR = timedelta(hours=24)
OF_A_GENERATION = ("people", *KINDS)
DERIVED = ("store", "facts")  # what can be worked out again; made for the present generation alone


@dataclass(frozen=True)
class Retired:
    """Files of one generation that are not needed any more."""

    generation: UUID
    bytes: int
    is_store_only: bool


def retire(folder: Path, cited: frozenset[UUID], *, at: datetime, dry_run: bool) -> list[Retired]:
    """Remove them, or only say which. Raises LakeDamaged, and removes nothing, on any doubt."""
    kept = _kept(cited, at=at)
    needed = {
        path
        for each in sorted(kept)
        for path, _ in lake.all_files(lake.open_generation(folder, each))
    }
    retired = []
    for generation in _known(folder):
        paths = [*_derived(folder, generation, at=at)]
        if generation not in kept:
            place = lake.folder_of(folder, generation)
            paths += [path for path in _of_a_generation(place) if path not in needed]
        if paths:
            size = sum(map(_bytes, paths))
            retired.append(Retired(generation, size, generation in kept))
            if not dry_run:
                _remove(paths)
    return retired


def _kept(cited: frozenset[UUID], *, at: datetime) -> set[UUID]:
    wanted: set[UUID | None] = {queries.present_generation(), *cited}
    for each in Changeset.objects.all():
        if each.settled_at is None:
            wanted |= {each.base, each.staged}
        elif each.status == Changeset.Status.COMMITTED and each.settled_at > at - UNDONE_WITHIN:
            wanted |= {each.base, each.generation}
    return {each for each in wanted if each}


def _known(folder: Path) -> list[UUID]:
    """Generations that some import made; what a killed one left is for `sweep`."""
    made = Changeset.objects.filter(settled_at__isnull=False)
    found = {each for each in made.values_list("generation", flat=True) if each}
    return [
        each for each in sorted(found) if (lake.folder_of(folder, each) / lake.MANIFEST).exists()
    ]


def _derived(folder: Path, generation: UUID, *, at: datetime) -> Iterator[Path]:
    """A store or facts of the past that nobody made or used for a day."""
    if generation == queries.present_generation():
        return
    for name in DERIVED:
        path = lake.folder_of(folder, generation) / name
        if path.is_dir() and at.timestamp() - path.stat().st_mtime > LEFT_ALONE_FOR.total_seconds():
            yield path


def _of_a_generation(place: Path) -> Iterator[Path]:
    # The manifest goes first: what it names is then no generation that anybody could open.
    yield place / lake.MANIFEST
    for path in sorted(place.glob("*.parquet")):
        if any(is_of_kind(path.name, kind) for kind in OF_A_GENERATION):
            yield path


def _bytes(path: Path) -> int:
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
