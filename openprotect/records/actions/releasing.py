"""Released rows, taken in by an import of their own, so that they can be undone like any other."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from openprotect.records import lake
from openprotect.records.actions.alone import alone
from openprotect.records.actions.importing import changeset_of, keep
from openprotect.records.actions.matching import INCOMING, match
from openprotect.records.models import Changeset, ChangesetProblem
from openprotect.records.readers import incoming
from openprotect.records.readers.incoming import NOTHING, Extract
from openprotect.records.rules.limits import USUAL, Limits
from openprotect.records.rules.values import Kind

Content = Mapping[str, object]
Settled = ChangesetProblem.Settled
PEOPLE_SCHEMA = pa.schema([*incoming.PEOPLE_SCHEMA, ("released", pa.bool_())])


def take_in_released(*, folder: Path, at: datetime, limits: Limits = USUAL) -> list[Changeset]:
    """An import for the released rows of each earlier import, by whoever released them.

    A row that would be held again, or contradicts another one, goes back to those that wait.
    """
    released = ChangesetProblem.objects.filter(settled_as=Settled.RELEASED).select_related(
        "changeset"
    )
    rows = released.order_by("changeset_id", "settled_by", "kind", "row", "id")
    made = []
    for (_, by), group in groupby(rows, key=lambda row: (row.changeset_id, row.settled_by)):
        made.append(_take_in(list(group), folder=folder, by=by, at=at, limits=limits))
    return made


def _take_in(
    problems: Sequence[ChangesetProblem],
    *,
    folder: Path,
    by: str,
    at: datetime,
    limits: Limits,
) -> Changeset:
    of = problems[0].changeset
    with alone():
        name = uuid.uuid4()
        into = lake.folder_of(folder, name) / INCOMING
        into.mkdir(mode=0o700, parents=True)
        held = _held(lake.folder_of(folder, of.place or of.pk) / lake.HELD)
        extract = _extract(of, problems, held, into)
        matched = match(extract, name, folder=folder, today=at.date(), limits=limits)
        changeset = changeset_of(extract, matched, by=by, at=at)
        with transaction.atomic():
            keep(changeset, matched, folder=folder, waits=bool(matched.stops), by=by, at=at)
            _mark(problems, held_again=matched.held_positions)
    return changeset


def _mark(problems: Sequence[ChangesetProblem], *, held_again: set[tuple[str, str, int]]) -> None:
    for problem in ChangesetProblem.objects.select_for_update().filter(
        pk__in=[each.pk for each in problems]
    ):
        waits = (problem.kind, problem.file, problem.row) in held_again
        problem.settled_as = "" if waits else Settled.TAKEN
        if waits:
            problem.settled_by, problem.settled_at = "", None
        problem.save(update_fields=["settled_as", "settled_by", "settled_at"])


def _held(path: Path) -> list[Content]:
    rows = pq.read_table(path).to_pylist()
    return [{**row, "content": json.loads(row["content"])} for row in rows]


def _extract(
    of: Changeset, problems: Iterable[ChangesetProblem], held: Sequence[Content], into: Path
) -> Extract:
    """The released rows as a reader would have left them; a person's events come along."""
    wanted = {(each.kind, each.file, each.row) for each in problems}
    people = [row for row in held if _place(row) in wanted and row["kind"] == Kind.PEOPLE]
    numbers = {str(_said(row)["nhs_number"]) for row in people}
    events = [
        row
        for row in held
        if row["kind"] == Kind.EVENTS
        and (
            _place(row) in wanted
            or (row["reason"] == "person-not-taken" and _said(row)["nhs_number"] in numbers)
        )
    ]
    extract = Extract(
        of.source,
        rows_by_file=Counter(str(row["file"]) for row in (*people, *events)),
        extract_on=of.extract_on,
        has_events=bool(events),
        replaces=NOTHING,
        folder=into,
    )
    _write(into / incoming.PEOPLE_FILE, PEOPLE_SCHEMA, _people(people))
    _write(into / incoming.EVENTS_FILE, incoming.EVENTS_SCHEMA, _events(events))
    extract.write()
    return extract


def _place(row: Content) -> tuple[str, str, int]:
    return str(row["kind"]), str(row["file"]), int(str(row["row"]))


def _said(row: Content) -> Content:
    content = row["content"]
    return content if isinstance(content, dict) else {}


def _people(rows: Iterable[Content]) -> Iterator[Content]:
    for row in rows:
        yield _as_read(row, lake.PEOPLE_SCHEMA) | {
            "notes": [],
            "asked": "",
            "partial": False,
            "released": True,
        }


def _events(rows: Iterable[Content]) -> Iterator[Content]:
    for row in rows:
        yield _as_read(row, lake.EVENTS_SCHEMA)


def _as_read(row: Content, schema: pa.Schema) -> dict[str, object]:
    said = {field.name: _typed(_said(row).get(field.name), field.type) for field in schema}
    place = {"who": said["nhs_number"], "file": row["file"], "row": row["row"]}
    return {**place, "outcome": "", "reason": "", **said}


def _typed(value: object, kind: pa.DataType) -> object:
    return date.fromisoformat(str(value)) if value and pa.types.is_date(kind) else value


def _write(path: Path, schema: pa.Schema, rows: Iterable[Content]) -> None:
    pq.write_table(pa.Table.from_pylist(list(rows), schema), path)
