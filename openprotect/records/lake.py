"""The lake: coded records of the whole population, in Parquet, in generations.

A generation is everybody, in a file of its own, and the parts that imports delivered of events: its
own part and earlier ones, which it names and does not copy. It is written before anything points
to it, and never changed afterwards. Its manifest holds rows, bytes and digest of every file, so
that one that is missing, cut or changed is found before it is used.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openprotect.base.refusals import Refused
from openprotect.records import columnar, current, parts
from openprotect.records.parts import File, Part
from openprotect.records.rules.values import Event, Person

PEOPLE, EVENTS, HELD = "people.parquet", "events.parquet", "held.parquet"
COVERS, REPLACED = "covers.parquet", "replaced.parquet"
SUPERSEDED = "superseded.parquet"
MANIFEST = "manifest.json"
FORMAT = 2
BATCH = 50_000
ROWS_IN_A_GROUP = 122_880  # few enough that one person is found fast, many enough to pack well

PEOPLE_SCHEMA = pa.schema(
    [
        ("nhs_number", pa.string()),
        ("given", pa.string()),
        ("family", pa.string()),
        ("birth_date", pa.date32()),
        ("birth_precision", pa.string()),
        ("sex", pa.string()),
        ("mobile", pa.string()),
        ("phone", pa.string()),
        ("phone_shared", pa.bool_()),
        ("email", pa.string()),
        ("address", pa.string()),
        ("postcode", pa.string()),
        ("practice_code", pa.string()),
        ("registered_on", pa.date32()),
        ("left_on", pa.date32()),
        ("deceased", pa.bool_()),
        ("deceased_on", pa.date32()),
        ("restricted", pa.bool_()),
        ("opted_out", pa.bool_()),
        ("care_home", pa.bool_()),
        ("lsoa", pa.string()),
        ("updated_at", pa.string()),
        ("source", pa.string()),
        ("subject", pa.string()),
    ]
)
EVENTS_SCHEMA = pa.schema(
    [
        ("nhs_number", pa.string()),
        ("kind", pa.string()),
        ("code", pa.string()),
        ("system", pa.string()),
        ("term", pa.string()),
        ("on", pa.date32()),
        ("value", pa.float64()),
        ("unit", pa.string()),
        ("source", pa.string()),
        ("source_id", pa.string()),
        ("subject", pa.string()),
        ("setting", pa.string()),
        ("episode", pa.string()),
    ]
)
HELD_SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("reason", pa.string()),
        ("content", pa.string()),
    ]
)
COVERS_SCHEMA = pa.schema([("source", pa.string()), ("nhs_number", pa.string())])
REPLACED_SCHEMA = pa.schema([*COVERS_SCHEMA, ("source_id", pa.string())])
SUPERSEDED_SCHEMA = pa.schema(
    [("old", pa.string()), ("new", pa.string()), ("source", pa.string()), ("on", pa.date32())]
)
SCHEMAS = {
    PEOPLE: PEOPLE_SCHEMA,
    EVENTS: EVENTS_SCHEMA,
    HELD: HELD_SCHEMA,
    COVERS: COVERS_SCHEMA,
    REPLACED: REPLACED_SCHEMA,
    SUPERSEDED: SUPERSEDED_SCHEMA,
}


# Of a generation in which nothing coded is known of anybody yet.
_SQL_TYPES = {pa.string(): "VARCHAR", pa.date32(): "DATE", pa.float64(): "DOUBLE"}
NO_EVENTS = "SELECT {} WHERE false".format(
    ", ".join(f'NULL::{_SQL_TYPES[each.type]} AS "{each.name}"' for each in EVENTS_SCHEMA)
)


class LakeDamaged(Refused):
    """A generation that is not, byte for byte, the one that was written."""


@dataclass(frozen=True)
class Generation:
    """One whole state of the lake, checked, ready to be read. The newest part comes last."""

    id: UUID
    folder: Path
    files: Mapping[str, File]
    parts: tuple[Part, ...]

    @property
    def rows(self) -> Mapping[str, int]:
        return {name: file.rows for name, file in self.files.items()}

    @property
    def people(self) -> Path:
        return self.folder / PEOPLE

    @property
    def live_people(self) -> str:
        """Everybody under their current number, a row each, as a query in DuckDB's SQL."""
        return current.people(self.delivered_people, self._pairs)

    @property
    def live_events(self) -> str:
        """Everything coded about them, under their current number, as a query in DuckDB's SQL."""
        return current.events(self.delivered_events, self._pairs)

    @property
    def delivered_people(self) -> str:
        """People under the numbers that they came with: what the next import is held against."""
        names = [name for name in sorted(self.files) if parts.is_of_kind(name, "people")]
        return f"SELECT * FROM {columnar.parquet([self.folder / name for name in names])}"  # noqa: S608

    @property
    def delivered_events(self) -> str:
        """Everything coded, under the numbers that it came with."""
        return parts.live_events(self.parts) or NO_EVENTS

    @property
    def superseded(self) -> str:
        """NHS numbers that others replaced, as a query; empty where the generation knows none."""
        if SUPERSEDED not in self.files:
            return "SELECT '' AS old, '' AS new, '' AS source, NULL::DATE AS \"on\" WHERE false"
        return f"SELECT * FROM {columnar.parquet([self.folder / SUPERSEDED])}"  # noqa: S608 - ours

    @property
    def _pairs(self) -> str:
        return self.superseded if self.rows.get(SUPERSEDED) else ""


def folder_of(lake: Path, generation: UUID) -> Path:
    return lake / str(generation)


def open_generation(lake: Path, generation: UUID) -> Generation:
    """The generation, after every file's size and end were looked at. Raises LakeDamaged."""
    folder = folder_of(lake, generation)
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise LakeDamaged(f"The lake has no readable manifest for {generation}.") from None
    if manifest.get("format") != FORMAT:
        raise LakeDamaged(f"{generation} was written by another version: import the records again.")
    named = tuple(_part(lake, said) for said in manifest["parts"])
    opened = Generation(generation, folder, _files(manifest["files"]), named)
    for path, file in all_files(opened):
        _look_at(path, file)
    return opened


def _part(lake: Path, said: Mapping[str, Any]) -> Part:
    name = UUID(said["id"])
    return Part(name, folder_of(lake, name), said["source"], _files(said["files"]))


def _files(said: Mapping[str, Any]) -> dict[str, File]:
    return {name: File(**each) for name, each in said.items()}


def all_files(generation: Generation) -> Iterator[tuple[Path, File]]:
    """Every file that this generation needs, once."""
    needed = {generation.folder / name: file for name, file in generation.files.items()}
    for part in generation.parts:
        needed |= {part.folder / name: file for name, file in part.files.items()}
    yield from needed.items()


def _look_at(path: Path, file: File) -> None:
    """Quick, so that it can be done every time: a whole Parquet file says its rows at its end."""
    where = f"{path.name} of {path.parent.name}"
    if not path.is_file() or path.stat().st_size != file.bytes:
        raise LakeDamaged(f"{where} is missing or cut: restore it from a backup.")
    try:
        rows = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowException):
        rows = None
    if rows != file.rows:
        raise LakeDamaged(f"{where} was changed: restore it from a backup.")


def check(generation: Generation) -> None:
    """Read every file whole and hold it against its digest. Raises LakeDamaged."""
    for path, file in all_files(generation):
        if digest_of(path) != file.sha256:
            where = f"{path.name} of {path.parent.name}"
            raise LakeDamaged(f"{where} was changed: restore it from a backup.")


def seal(folder: Path, generation: UUID) -> None:
    """Make what lies in the folder a generation of its own, which needs no other."""
    seal_onto(folder, generation, None, source="")


def seal_onto(folder: Path, generation: UUID, present: Generation | None, *, source: str) -> None:
    """Make what lies in the folder the generation after this one, with the part that it adds.

    The manifest is written last of all, and everything seen to the disk.
    """
    files = {path.name: _sealed(path) for path in sorted(folder.glob("*.parquet"))}
    own = {
        name: file
        for name, file in files.items()
        if any(parts.is_of_kind(name, kind) for kind in parts.KINDS)
    }
    named = [*(present.parts if present else ())]
    if own:
        named.append(Part(generation, folder, source, own))
    manifest = folder / MANIFEST
    said = {
        "format": FORMAT,
        "generation": str(generation),
        "files": {name: asdict(file) for name, file in files.items()},
        "parts": [part.said() for part in _still_counting(named)],
    }
    manifest.write_text(json.dumps(said, indent=1))
    to_disk(manifest)
    to_disk(folder)
    to_disk(folder.parent)


def _sealed(path: Path) -> File:
    to_disk(path)
    metadata = pq.read_metadata(path)
    between = _between(metadata, "nhs_number")
    return File(metadata.num_rows, path.stat().st_size, digest_of(path), *between)


def _between(metadata: pq.FileMetaData, column: str) -> tuple[str, str]:
    """The least and the greatest value of a column of text, as the file itself says; '' unsaid."""
    if column not in metadata.schema.names:
        return "", ""
    at = metadata.schema.names.index(column)
    groups = [metadata.row_group(each).column(at) for each in range(metadata.num_row_groups)]
    found = [each.statistics for each in groups if each.is_stats_set]
    if not found or len(found) < len(groups) or not all(each.has_min_max for each in found):
        return "", ""
    return min(each.min for each in found), max(each.max for each in found)


def _still_counting(named: Sequence[Part]) -> Iterator[Part]:
    """A part of which nothing counts any more, as after a whole new extract, is named no more."""
    with duckdb.connect() as sql:
        for place, part in enumerate(named):
            query = parts.remaining(part, named[place + 1 :])
            if not query or sql.execute(query).fetchall():
                yield part


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_disk(path: Path) -> None:
    """Wait until the file or folder would outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Writer:
    """Writes one Parquet file in batches, so that memory does not grow with the extract."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.schema = schema
        self.rows: list[dict[str, object]] = []
        self.writer = pq.ParquetWriter(path, schema, compression="zstd")

    def add(self, row: dict[str, object]) -> None:
        self.rows.append(row)
        if len(self.rows) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self.writer.write_table(pa.Table.from_pylist(self.rows, self.schema))
        self.rows = []

    def close(self) -> None:
        self._flush()
        self.writer.close()


def people_table(people: Iterable[Person]) -> pa.Table:
    return pa.Table.from_pylist([asdict(person) for person in people], PEOPLE_SCHEMA)


def events_table(events: Iterable[Event]) -> pa.Table:
    return pa.Table.from_pylist([asdict(event) for event in events], EVENTS_SCHEMA)


def write_generation(
    lake: Path, generation: UUID, people: Iterable[Person], events: Iterable[Event]
) -> Generation:
    """A generation from values in hand, for examples and tests."""
    folder = folder_of(lake, generation)
    folder.mkdir(mode=0o700, parents=True)
    pq.write_table(people_table(people), folder / PEOPLE)
    pq.write_table(events_table(events), folder / EVENTS)
    seal(folder, generation)
    return open_generation(lake, generation)
