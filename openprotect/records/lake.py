"""The lake: coded records of the whole population, one folder of Parquet for each generation.

A generation is written whole before anything points to it, and never changed afterwards. Its
manifest holds the rows and the digest of each file, so that a damaged or missing file is found
before it is used.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from openprotect.base.refusals import Refused
from openprotect.records import columnar
from openprotect.records.rules.values import Event, Person

PEOPLE, EVENTS, HELD = "people.parquet", "events.parquet", "held.parquet"
MANIFEST = "manifest.json"
BATCH = 50_000

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
SCHEMAS = {PEOPLE: PEOPLE_SCHEMA, EVENTS: EVENTS_SCHEMA, HELD: HELD_SCHEMA}


class LakeDamaged(Refused):
    """A generation that is not, byte for byte, the one that was written."""


@dataclass(frozen=True)
class Generation:
    """One whole state of the lake, checked, ready to be read."""

    id: UUID
    folder: Path
    rows: Mapping[str, int]

    @property
    def people(self) -> Path:
        return self.folder / PEOPLE

    @property
    def events(self) -> Path:
        return self.folder / EVENTS

    @property
    def live_people(self) -> str:
        """Everybody, a row each, as a query in DuckDB's SQL."""
        return f"SELECT * FROM {columnar.parquet(self._files('people'))}"  # noqa: S608 - our files

    @property
    def live_events(self) -> str:
        """Everything coded about them, as a query in DuckDB's SQL."""
        return f"SELECT * FROM {columnar.parquet(self._files('events'))}"  # noqa: S608 - our files

    def _files(self, kind: str) -> list[Path]:
        return [self.folder / name for name in sorted(self.rows) if name.startswith(kind)]


def folder_of(lake: Path, generation: UUID) -> Path:
    return lake / str(generation)


def open_generation(lake: Path, generation: UUID) -> Generation:
    """The generation, after every file was held against its manifest. Raises LakeDamaged."""
    folder = folder_of(lake, generation)
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise LakeDamaged(f"The lake has no readable manifest for {generation}.") from None
    for name, said in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != said["bytes"]:
            raise LakeDamaged(
                f"{name} of {generation} is missing or cut: restore it from a backup."
            )
        if digest_of(path) != said["sha256"]:
            raise LakeDamaged(f"{name} of {generation} was changed: restore it from a backup.")
    rows = {name: said["rows"] for name, said in manifest["files"].items()}
    return Generation(generation, folder, rows)


def seal(folder: Path, generation: UUID) -> None:
    """Write the manifest, last of all, and see everything to the disk."""
    files = {}
    for path in sorted(folder.glob("*.parquet")):
        to_disk(path)
        files[path.name] = {
            "rows": pq.read_metadata(path).num_rows,
            "bytes": path.stat().st_size,
            "sha256": digest_of(path),
        }
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps({"generation": str(generation), "files": files}, indent=1))
    to_disk(manifest)
    to_disk(folder)
    to_disk(folder.parent)


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
