"""Reading an extract whole: people's and events' rows written beside the lake, with a summary."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from openprotect.records.readers import csv_contract, fhir, sources
from openprotect.records.readers.csv_contract import Table
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import Extract, Incoming
from openprotect.records.readers.limits import Limits
from openprotect.records.readers.sources import Caps, Document
from openprotect.records.rules import identity
from openprotect.records.rules.identity import Practice
from openprotect.records.rules.reasons import FileRefused
from openprotect.records.rules.values import Kind, LeftOut, Row


@dataclass(frozen=True)
class Reading:
    """How to read: what the sender declared, what is allowed here, and where to put it."""

    paths: Sequence[Path]
    source: str
    declared: Declared
    today: date
    synthetic: bool
    folder: Path
    practices: Sequence[Practice] = ()
    permitted: frozenset[str] = frozenset()
    caps: Caps = field(default_factory=Caps)
    limits: Limits = field(default_factory=Limits)

    def as_json(self) -> str:
        """One line, for another process."""
        said = asdict(self) | {"permitted": sorted(self.permitted)}
        said["paths"] = [path.absolute() for path in self.paths]
        return json.dumps(said, default=str)


def from_json(line: str) -> Reading:
    said = json.loads(line)
    return Reading(
        paths=[Path(each) for each in said["paths"]],
        source=said["source"],
        declared=Declared(**said["declared"]),
        today=date.fromisoformat(said["today"]),
        synthetic=said["synthetic"],
        folder=Path(said["folder"]),
        practices=[Practice(**each) for each in said["practices"]],
        permitted=frozenset(said["permitted"]),
        caps=Caps(**said["caps"]),
        limits=Limits(**said["limits"]),
    )


def read(reading: Reading, folder: Path) -> None:
    """Read every file into the folder. Raises FileRefused."""
    found = sources.find(reading.paths, reading.caps)
    kind = "fhir" if found.bundles else "csv"
    extract = Extract(
        reading.source or kind,
        extract_on=_day(reading.declared.extract_on),
        is_whole=reading.declared.whole,
        notes=Counter(f"passed over: {name}" for name in found.passed_over),
        folder=folder,
    )
    incoming = Incoming(extract)
    try:
        for row in _all_rows(found, reading, extract):
            incoming.add(_identified(row, reading.practices))
    finally:
        incoming.close()
    if extract.refused and not extract.bundles_read:
        raise extract.refused[0]
    extract.write()


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


def _identified(row: Row | LeftOut, practices: Sequence[Practice]) -> Row | LeftOut:
    """A made-up identity, where that is allowed, for somebody who has none."""
    if not practices or isinstance(row, LeftOut) or row.reason != "identity":
        return row
    if row.person is None or not row.person.subject:
        return row
    return Row(row.kind, row.position, identity.give(row.person, practices), notes=row.notes)
