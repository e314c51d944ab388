"""Reading an extract whole: people's rows kept in hand, events' rows written beside the lake."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from openprotect.records import lake
from openprotect.records.readers import csv_contract, fhir, sources
from openprotect.records.readers.csv_contract import Table
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.sources import Caps, Document
from openprotect.records.rules.reasons import FileRefused
from openprotect.records.rules.values import Kind, LeftOut, Person, Row

INCOMING = "incoming.parquet"
INCOMING_SCHEMA = pa.schema(
    [
        ("who", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        *lake.EVENTS_SCHEMA,
    ]
)


@dataclass
class Extract:
    """All that was read of one import, before anything was decided about it."""

    source: str
    people: list[Row] = field(default_factory=list)
    rows_by_file: Counter[str] = field(default_factory=Counter)
    misshapen: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    bundles_read: int = 0
    refused: list[FileRefused] = field(default_factory=list)
    extract_on: date | None = None
    is_whole: bool = False
    has_events: bool = False


@dataclass(frozen=True)
class Reading:
    """How to read: what the sender declared, and what is allowed here."""

    paths: Sequence[Path]
    source: str
    declared: Declared
    today: date
    synthetic: bool
    identify: Callable[[Person], Person] | None = None
    caps: Caps = field(default_factory=Caps)


def read(reading: Reading, folder: Path) -> Extract:
    """Read every file. Events go to `incoming.parquet` in the folder. Raises FileRefused."""
    found = sources.find(reading.paths, reading.caps)
    kind = "fhir" if found.bundles else "csv"
    extract = Extract(reading.source or kind, extract_on=_day(reading.declared.extract_on))
    extract.is_whole = reading.declared.whole
    extract.notes.update(f"passed over: {name}" for name in found.passed_over)
    writer = lake.Writer(folder / INCOMING, INCOMING_SCHEMA)
    try:
        for row in _all_rows(found, reading, extract):
            _take(row, extract, writer, reading.identify)
    finally:
        writer.close()
    if extract.refused and not extract.bundles_read:
        raise extract.refused[0]
    return extract


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _all_rows(found: sources.Found, reading: Reading, extract: Extract) -> Iterator[Row | LeftOut]:
    tables = [_recognised(document, reading, extract) for document in found.tables]
    if tables and all(table.kind is Kind.EVENTS for table in tables):
        words = "events without the people they are about: import both files together"
        raise FileRefused(tables[0].document.name, words, reason="people-missing")
    for table in sorted(tables, key=lambda each: each.kind is Kind.EVENTS):
        yield from csv_contract.rows(
            table, source=extract.source, today=reading.today, synthetic=reading.synthetic
        )
    for document in found.bundles:
        yield from _bundle(document, reading, extract)


def _recognised(document: Document, reading: Reading, extract: Extract) -> Table:
    declared = Declared(dates=reading.declared.dates, encoding=reading.declared.encoding)
    table = csv_contract.recognise(document, declared)
    extract.notes.update(f"column not known: {column[:40]}" for column in table.unknown)
    extract.has_events |= table.kind is Kind.EVENTS
    extract.extract_on = extract.extract_on or _day(declared.extract_on)
    extract.is_whole |= declared.whole
    if declared.rows is None:
        extract.notes["row count not declared: a cut at a line's end would not be noticed"] += 1
    return table


def _bundle(document: Document, reading: Reading, extract: Extract) -> Iterator[Row | LeftOut]:
    """A refused bundle is counted and the others go on; nothing of it is taken."""
    extract.has_events = True
    try:
        yield from fhir.rows(
            document,
            source=extract.source,
            today=reading.today,
            synthetic=reading.synthetic,
            caps=reading.caps,
        )
    except fhir.BundleRefused as why:
        extract.refused.append(why)
    else:
        extract.bundles_read += 1


def _take(
    row: Row | LeftOut,
    extract: Extract,
    writer: lake.Writer,
    identify: Callable[[Person], Person] | None,
) -> None:
    if isinstance(row, LeftOut):
        extract.left_out[row.what] += row.count
        return
    extract.rows_by_file[row.position.file] += 1
    extract.misshapen += row.shape
    extract.notes.update(row.notes)
    if row.kind is Kind.PEOPLE:
        extract.people.append(_identified(row, identify))
    else:
        writer.add(_incoming(row))


def _identified(row: Row, identify: Callable[[Person], Person] | None) -> Row:
    """A made-up identity, where that is allowed, for somebody who has none."""
    if identify is None or row.reason != "identity" or row.person is None:
        return row
    if not row.person.subject:
        return row
    return Row(row.kind, row.position, identify(row.person), notes=row.notes)


def key_of(row: Row, subject: str, number: str) -> str:
    """How an event finds its person's row: by the bundle's own id, or by NHS number."""
    return f"{row.position.file}|{subject}" if subject else number


def _incoming(row: Row) -> dict[str, object]:
    event = row.event
    return {
        "who": key_of(row, event.subject, event.nhs_number) if event else "",
        "file": row.position.file,
        "row": row.position.row,
        "outcome": row.outcome or "",
        "reason": row.reason,
        **(asdict(event) if event else {}),
    }


def held_row(kind: str, file: str, row: int, reason: str, content: object) -> dict[str, object]:
    """A row as it waits beside the lake for somebody to settle it."""
    written = json.dumps(content, default=str, ensure_ascii=False)
    return {"kind": kind, "file": file, "row": row, "reason": reason, "content": written}
