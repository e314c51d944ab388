"""Parts of the lake: what each import delivered, and which of it still counts.

A part is written once and never changed. An import that brings whole records covers the people in
it: what its source said of them in earlier parts counts no more. One that only adds names the
single records that it replaces. So nothing is rewritten of people about whom nothing was said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import UUID

from openprotect.records import columnar

EVENTS, COVERS, REPLACED = "events", "covers", "replaced"
KINDS = (EVENTS, COVERS, REPLACED)


@dataclass(frozen=True)
class File:
    """One file as it was written. `first` and `last` are the NHS numbers that it lies between."""

    rows: int
    bytes: int
    sha256: str
    first: str = ""
    last: str = ""

    def may_hold(self, numbers: Sequence[str]) -> bool:
        return not self.last or any(self.first <= number <= self.last for number in numbers)


@dataclass(frozen=True)
class Part:
    """What one import delivered of events. `source` is empty when it came from several."""

    id: UUID
    folder: Path
    source: str
    files: Mapping[str, File]

    @property
    def rows(self) -> int:
        return sum(self.files[path.name].rows for path in self.of_kind(EVENTS))

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in self.files.values())

    def of_kind(self, kind: str) -> list[Path]:
        return [self.folder / name for name in sorted(self.files) if is_of_kind(name, kind)]

    def said(self) -> dict[str, object]:
        """The part as a manifest names it."""
        files = {name: asdict(file) for name, file in self.files.items()}
        return {"id": str(self.id), "source": self.source, "files": files}


def is_of_kind(name: str, kind: str) -> bool:
    """Whether a file holds this: all of it (events.parquet) or some (events-0001.parquet)."""
    return name == f"{kind}.parquet" or name.startswith(f"{kind}-")


def live_events(parts: Sequence[Part], *, only: Sequence[str] = ()) -> str:
    """Every event that counts, or those of some numbers, as a query; nothing where none can."""
    queries = [
        _live(part, [each for each in parts[place + 1 :] if _may_replace(each, part)], only)
        for place, part in enumerate(parts)
        if part.of_kind(EVENTS)
    ]
    return " UNION ALL ".join(queries)


def about(parts: Sequence[Part], numbers: Sequence[str]) -> list[Part]:
    """The parts with no more than the files that may say something under these numbers."""
    return [
        replace(
            part, files={name: file for name, file in part.files.items() if file.may_hold(numbers)}
        )
        for part in parts
    ]


def _may_replace(later: Part, part: Part) -> bool:
    return later.source == part.source or "" in (later.source, part.source)


def _live(part: Part, later: Sequence[Part], only: Sequence[str]) -> str:
    of_one = f" WHERE nhs_number IN ({', '.join(map(columnar.quoted, only))})" if only else ""
    query = f"FROM (FROM {columnar.parquet(part.of_kind(EVENTS))}{of_one})"
    for kind, key in ((COVERS, "source, nhs_number"), (REPLACED, "source, nhs_number, source_id")):
        paths = [path for each in later for path in each.of_kind(kind)]
        if paths:
            query += f" ANTI JOIN (FROM {columnar.parquet(paths)}{of_one}) {kind} USING ({key})"
    return query


def remaining(part: Part, later: Sequence[Part]) -> str:
    """A query for one row, if any, of the part that still counts; '' where that is plain."""
    mine = part.of_kind(COVERS)
    covers = [path for each in later if _may_replace(each, part) for path in each.of_kind(COVERS)]
    if not mine or not covers or part.of_kind(REPLACED):
        return ""
    return (
        f"SELECT 1 FROM {columnar.parquet(mine)} ANTI JOIN {columnar.parquet(covers)}"  # noqa: S608
        " USING (source, nhs_number) LIMIT 1"
    )
