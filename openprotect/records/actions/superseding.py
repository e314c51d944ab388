"""One NHS number read as another from now on, and taken back again: an import like any other."""

import os
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from openprotect.events.actions import record
from openprotect.records import lake, queries
from openprotect.records.actions.alone import alone, hold_the_pointer
from openprotect.records.actions.reviewing import LakeMoved, take
from openprotect.records.lake import Generation
from openprotect.records.models import Changeset, ChangesetCount
from openprotect.records.queries import NoRecords
from openprotect.records.rules import superseding

SOURCE, KIND = "identity", "identities"
Pair = tuple[str, str]


def supersede(
    pairs: Sequence[Pair],
    *,
    folder: Path,
    by: str,
    at: datetime,
    source: str = SOURCE,
    parted: Sequence[str] = (),
    user: UUID | None = None,
) -> Changeset | None:
    """Read each old number as its new one, and the `parted` ones as themselves again.

    No record is rewritten, so taking it back, or undoing this import, gives what was there before.
    None when all of it was so already.
    """
    with alone():
        present = _present(folder)
        known = _known(present)
        wanted = dict(superseding.part(known, parted))
        for old, new in pairs:
            wanted = superseding.join(wanted, old, new)
        if wanted == known:
            return None
        name = uuid.uuid4()
        _write(present, lake.folder_of(folder, name), known, wanted, source, at)
        lake.seal_onto(lake.folder_of(folder, name), name, present, source="")
        changeset = Changeset(
            id=name, place=name, staged=name, base=present.id, source=source, started_at=at, by=by
        )
        joined = len(wanted.keys() - known.keys())
        return _keep(changeset, joined, len(known.keys() - wanted.keys()), folder, user, at)


def _present(folder: Path) -> Generation:
    base = queries.present_generation()
    if base is None:
        raise NoRecords("No records have been imported yet: there is nobody to read otherwise.")
    return lake.open_generation(folder, base)


def _known(present: Generation) -> dict[str, str]:
    with duckdb.connect() as sql:
        found = sql.execute(f"SELECT old, new FROM ({present.superseded})")  # noqa: S608 - ours
        return dict(found.fetchall())


def _write(
    present: Generation,
    into: Path,
    known: dict[str, str],
    wanted: dict[str, str],
    source: str,
    at: datetime,
) -> None:
    """The files of the present generation under a second name, and the pairs anew."""
    into.mkdir(mode=0o700, parents=True)
    for name in present.files:
        if name.startswith("people"):
            os.link(present.folder / name, into / name)
    with duckdb.connect() as sql:
        rows = sql.sql(f"FROM ({present.superseded})").to_arrow_table().to_pylist()
    kept = [row for row in rows if wanted.get(row["old"]) == row["new"]]
    new = [
        {"old": old, "new": current, "source": source, "on": at.date()}
        for old, current in sorted(wanted.items())
        if known.get(old) != current
    ]
    table = pa.Table.from_pylist([*kept, *new], lake.SUPERSEDED_SCHEMA)
    pq.write_table(table, into / lake.SUPERSEDED)


@transaction.atomic
def _keep(
    changeset: Changeset, joined: int, parted: int, folder: Path, user: UUID | None, at: datetime
) -> Changeset:
    hold_the_pointer()
    if changeset.base != queries.present_generation():
        raise LakeMoved("Another import was taken meanwhile: do this again.")
    newest = Changeset.objects.newest_first().first()
    changeset.number = newest.number + 1 if newest else 1
    changeset.move_to(Changeset.Status.MATCHED)
    changeset.save(force_insert=True)
    none = dict.fromkeys(("unchanged", "duplicate", "held", "rejected"), 0)
    ChangesetCount.objects.create(
        changeset=changeset, kind=KIND, rows=joined + parted, added=joined, changed=parted, **none
    )
    number, by = changeset.number, changeset.by
    record("import.matched", changeset.pk, at=at, by=user, by_name=by, number=number, joined=joined)
    return take(changeset, folder=folder, by=by, user=user, at=at)
