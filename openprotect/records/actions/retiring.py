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
from openprotect.records.store import opening

UNDONE_WITHIN = timedelta(days=90)
OF_A_GENERATION = ("people", *KINDS)


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
    present = queries.present_generation()
    retired = []
    for generation in _all(folder):
        paths = list(_not_needed(lake.folder_of(folder, generation), generation, kept, present))
        paths = [path for path in paths if path not in needed]
        if paths:
            only = generation in kept
            retired.append(Retired(generation, sum(map(_bytes, paths)), only))
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


def _all(folder: Path) -> Iterator[UUID]:
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (place / lake.MANIFEST).is_file():
            yield UUID(place.name)


def _not_needed(
    place: Path, generation: UUID, kept: set[UUID], present: UUID | None
) -> Iterator[Path]:
    if generation != present and (place / opening.FOLDER).is_dir():
        yield place / opening.FOLDER
    if generation in kept:
        return
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
