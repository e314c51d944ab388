"""The present lake, and what imports say about themselves."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow as pa

from openprotect.base.refusals import Refused
from openprotect.records import lake
from openprotect.records.lake import Generation
from openprotect.records.models import Changeset
from openprotect.records.rules import superseding
from openprotect.records.rules.values import Outcome, Person
from openprotect.records.store import Store, ready_store


class NoRecords(Refused):
    """Nothing has been imported yet."""


def present_generation() -> UUID | None:
    """The generation of the import that was taken last, of those not undone."""
    taken = Changeset.objects.committed().filter(generation__isnull=False)
    last = taken.last_taken_first().first()
    return last.generation if last else None


def present_lake(folder: Path) -> Generation:
    """The lake as it is now, checked. Raises NoRecords or LakeDamaged."""
    generation = present_generation()
    if generation is None:
        raise NoRecords("No records have been imported yet: openprotect import FILE…")
    return lake.open_generation(folder, generation)


def present_store(folder: Path) -> Store:
    """The store of the lake as it is now; built first if there is none."""
    return ready_store(folder, present_lake(folder).id)


def demographics(generation: Generation, numbers: Iterable[str]) -> Iterator[Person]:
    """These people as the lake holds them, in order of NHS number."""
    wanted = pa.table({"nhs_number": pa.array(list(numbers), pa.string())})
    with duckdb.connect() as sql:
        sql.register("wanted", wanted)
        people = generation.live_people
        found = sql.sql(f"FROM ({people}) SEMI JOIN wanted USING (nhs_number) ORDER BY 1")
        for row in found.to_arrow_table().to_pylist():
            yield Person(**row)


def current_numbers(generation: Generation) -> dict[str, str]:
    """Each NHS number that was replaced, with the one that counts in this generation."""
    with duckdb.connect() as sql:
        pairs = sql.sql(f"SELECT old, new FROM ({generation.superseded})").fetchall()  # noqa: S608
    return superseding.current(dict(pairs))


def last_extract_on(source: str) -> date | None:
    """The date of the newest extract of this source that was taken."""
    taken = Changeset.objects.committed().filter(source=source, extract_on__isnull=False)
    newest = taken.order_by("-extract_on", "-taken_as").first()
    return newest.extract_on if newest else None


def ages() -> list[tuple[str, date | None, date | None]]:
    """For each source: the date of its last extract and of the newest event in it."""
    taken = Changeset.objects.committed().order_by("source", "-taken_as").distinct("source")
    return [(each.source, each.extract_on, each.newest_event_on) for each in taken]


def import_totals() -> tuple[int, int]:
    """Rows read, and rows with an outcome, over all imports: equal, or something was lost."""
    rows = outcomes = 0
    for changeset in Changeset.objects.prefetch_related("counts"):
        for each in changeset.counts.all():
            rows += each.rows
            outcomes += (
                each.added + each.changed + each.unchanged
                + each.duplicate + each.held + each.rejected
            )  # fmt: skip
    return rows, outcomes


def said_of(changeset: Changeset) -> dict[str, object]:
    """What the present preview of an import says, to be held against the next one."""
    counts = {
        each.kind: {name: getattr(each, name) for name in ("rows", *Outcome, "removed")}
        for each in changeset.counts.all()
    }
    return {
        "preview": changeset.preview,
        "counts": counts,
        "reasons": changeset.reasons,
        "stops": changeset.stops,
    }
