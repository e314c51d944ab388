"""Reading an extract whole: people's and events' rows written beside the lake, with a summary."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from openprotect.records.readers import fhir_files, sorting, sources, table_files
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import Extract, Incoming
from openprotect.records.readers.limits import Limits
from openprotect.records.readers.sources import COLUMNS, JSON, LINES, TABLE, Caps, Found
from openprotect.records.rules.identity import Practice
from openprotect.records.rules.reasons import FileRefused


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
    only_sort: bool = False

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
        only_sort=said["only_sort"],
    )


def read(reading: Reading, folder: Path) -> None:
    """Read every file into the folder, or only say what each is. Raises FileRefused."""
    if reading.only_sort:
        sorting.write(*sorting.sort(reading.paths, reading.caps, reading.declared), folder)
        return
    found = sources.find(reading.paths, reading.caps)
    extract = Extract(
        reading.source or _source(found, reading),
        extract_on=day(reading.declared.extract_on),
        is_whole=reading.declared.whole,
        notes=Counter(f"passed over: {name}" for name in found.passed_over),
        folder=folder,
    )
    incoming = Incoming(extract)
    try:
        _read(found, reading, incoming)
    finally:
        incoming.close()
    if extract.refused and not extract.bundles_read:
        raise extract.refused[0]
    extract.write()


def _read(found: Found, reading: Reading, incoming: Incoming) -> None:
    tables, records = found.of(TABLE, COLUMNS), found.of(JSON, LINES)
    read = table_files.read(tables, reading, incoming) if tables else 0
    if read and records:
        words = "tables and FHIR records: import each by themselves"
        raise FileRefused(tables[0].name, words, reason="kinds")
    if records:
        fhir_files.read(records, reading, incoming)
    elif not read:
        raise FileRefused(reading.paths[0].name, "holds no agreed table", reason="empty")


def _source(found: Found, reading: Reading) -> str:
    """What to call the sender whom nobody has named: the kind of the first file."""
    kinds = [
        sorting.kind_of(each, reading.declared)
        for each in found.documents
        if each.kind in (JSON, LINES) or each.given
    ]
    return next((kind for kind in kinds if kind != sorting.OTHER), sorting.TABLES)


def day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
