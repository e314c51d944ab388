"""What readers hand over: two Parquet files and a summary, beside the lake, in one folder.

Readers write them in a process of their own; matching and staging read them, and nothing else.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openprotect.records import lake
from openprotect.records.rules.reasons import FileRefused
from openprotect.records.rules.values import Kind, LeftOut, Outcome, Person, Position, Row

PEOPLE_FILE, EVENTS_FILE = "incoming-people.parquet", "incoming-events.parquet"
SUMMARY_FILE = "summary.json"
FILES = (PEOPLE_FILE, EVENTS_FILE, SUMMARY_FILE)
PLACE = (
    ("who", pa.string()),
    ("file", pa.string()),
    ("row", pa.int64()),
    ("outcome", pa.string()),
    ("reason", pa.string()),
)
PEOPLE_SCHEMA = pa.schema(
    [
        *PLACE,
        ("notes", pa.list_(pa.string())),
        ("asked", pa.string()),
        ("partial", pa.bool_()),
        *lake.PEOPLE_SCHEMA,
    ]
)
EVENTS_SCHEMA = pa.schema([*PLACE, *lake.EVENTS_SCHEMA])
REPEATED = [
    "file", "outcome", "reason", "kind", "code", "system", "term", "on", "unit", "source",
    "setting", "sex", "practice_code", "birth_precision",
]  # fmt: skip
# Which of a person's events an import takes the place of.
WHOLE_RECORDS, NOTHING = "all", "nothing"


@dataclass
class Extract:
    """All that was read of one import but its rows, before anything was decided about it."""

    source: str
    rows_by_file: Counter[str] = field(default_factory=Counter)
    misshapen: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    bundles_read: int = 0
    refused: list[FileRefused] = field(default_factory=list)
    extract_on: date | None = None
    is_whole: bool = False
    has_events: bool = False
    replaces: str = WHOLE_RECORDS
    kinds: list[str] = field(default_factory=list)
    superseded: list[tuple[str, str]] = field(default_factory=list)
    folder: Path = Path()

    @property
    def people(self) -> list[Row]:
        """Every person's row, in the order read."""
        return list(people_rows(self.folder))

    def write(self) -> None:
        said = vars(self) | {"refused": [_in_parts(each) for each in self.refused]}
        said["extract_on"] = self.extract_on.isoformat() if self.extract_on else ""
        del said["folder"]
        (self.folder / SUMMARY_FILE).write_text(json.dumps(said, ensure_ascii=False))


def open_extract(folder: Path) -> Extract:
    """The summary that a reader left in this folder."""
    said = json.loads((folder / SUMMARY_FILE).read_text())
    for name in ("rows_by_file", "left_out", "notes"):
        said[name] = Counter(said[name])
    said["refused"] = [refusal(each) for each in said["refused"]]
    said["superseded"] = [(asked, current) for asked, current in said["superseded"]]
    said["extract_on"] = date.fromisoformat(said["extract_on"]) if said["extract_on"] else None
    return Extract(**said, folder=folder)


def clear(folder: Path) -> None:
    """Remove what readers left, once it is decided about."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def refusal(parts: Mapping[str, object]) -> FileRefused:
    """A refusal put together again from its parts."""
    return FileRefused(
        str(parts["file"]),
        str(parts["words"]),
        reason=str(parts["reason"]),
        row=int(str(parts["row"])),
        column=int(str(parts["column"])),
    )


def _in_parts(why: FileRefused) -> dict[str, object]:
    return {
        "file": why.file,
        "words": why.words,
        "reason": why.reason,
        "row": why.row,
        "column": why.column,
    }


def in_parts(why: FileRefused) -> str:
    """A refusal as one line, to be said from one process to another."""
    return json.dumps(_in_parts(why))


class Writer:
    """Writes one Parquet file in batches, row by row or many at a time, in the order given."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.rows: list[dict[str, object]] = []
        # Written to be read once: quick to write counts for more than small.
        self.file = pq.ParquetWriter(
            path, schema, compression="lz4", use_dictionary=REPEATED, write_statistics=False
        )

    def add(self, row: dict[str, object]) -> None:
        self.rows.append(row)
        if len(self.rows) >= lake.BATCH:
            self._flush()

    def add_table(self, rows: pa.Table) -> None:
        self._flush()
        self.file.write_table(rows)

    def _flush(self) -> None:
        if self.rows:
            self.file.write_table(pa.Table.from_pylist(self.rows, self.schema))
            self.rows = []

    def close(self) -> None:
        self._flush()
        self.file.close()


class Incoming:
    """The folder being filled: rows are counted as they are written."""

    def __init__(self, extract: Extract) -> None:
        self.extract = extract
        self.people = Writer(extract.folder / PEOPLE_FILE, PEOPLE_SCHEMA)
        self.events = Writer(extract.folder / EVENTS_FILE, EVENTS_SCHEMA)

    def close(self) -> None:
        self.people.close()
        self.events.close()

    def take(
        self, kind: Kind, rows: pa.Table, *, file: str, misshapen: int, notes: Counter[str]
    ) -> None:
        """Rows of one file that were read together, column by column."""
        self.extract.rows_by_file[file] += len(rows)
        self.extract.misshapen += misshapen
        self.extract.notes.update(notes)
        (self.people if kind is Kind.PEOPLE else self.events).add_table(rows)

    def reject(self, kind: Kind, file: str, row: int, reason: str, *, shape: bool = False) -> None:
        """A row of which nothing can be kept but where it stood."""
        place = Position(file, row)
        self.add(Row(kind, place, outcome=Outcome.REJECTED, reason=reason, shape=shape))

    def add(self, row: Row | LeftOut) -> None:
        extract = self.extract
        if isinstance(row, LeftOut):
            extract.left_out[row.what] += row.count
            return
        extract.rows_by_file[row.position.file] += 1
        extract.misshapen += row.shape
        extract.notes.update(row.notes)
        if row.kind is Kind.PEOPLE:
            self.people.add(_person(row))
        else:
            self.events.add(_event(row))


def key_of(file: str, subject: str, number: str) -> str:
    """How an event finds its person's row: by the bundle's own id, or by NHS number."""
    return f"{file}|{subject}" if subject else number


def _place_of(row: Row, subject: str, number: str) -> dict[str, object]:
    return {
        "who": key_of(row.scope or row.position.file, subject, number),
        "file": row.position.file,
        "row": row.position.row,
        "outcome": row.outcome or "",
        "reason": row.reason,
    }


def _person(row: Row) -> dict[str, object]:
    person = row.person
    return {
        **_place_of(
            row, person.subject if person else row.subject, person.nhs_number if person else ""
        ),
        "notes": list(row.notes),
        "asked": row.asked,
        "partial": row.partial,
        **(asdict(person) if person else {}),
    }


def _event(row: Row) -> dict[str, object]:
    event = row.event
    return {
        **_place_of(row, event.subject if event else "", event.nhs_number if event else ""),
        **(asdict(event) if event else {}),
    }


def people_rows(folder: Path) -> Iterator[Row]:
    """The people of an import as rows, in the order read."""
    with pq.ParquetFile(folder / PEOPLE_FILE) as file:
        for batch in file.iter_batches():
            yield from (_row(each) for each in batch.to_pylist())


def _row(written: dict[str, object]) -> Row:
    names = lake.PEOPLE_SCHEMA.names
    has_person = written["nhs_number"] is not None
    outcome = str(written["outcome"])
    notes = written["notes"]
    return Row(
        Kind.PEOPLE,
        Position(str(written["file"]), int(str(written["row"]))),
        person=Person(**{name: written[name] for name in names}) if has_person else None,  # type: ignore[arg-type]
        outcome=Outcome(outcome) if outcome else None,
        reason=str(written["reason"]),
        notes=tuple(notes) if isinstance(notes, list) else (),
        asked=str(written["asked"]),
        partial=bool(written["partial"]),
        scope=str(written["who"]).rpartition("|")[0],
    )
