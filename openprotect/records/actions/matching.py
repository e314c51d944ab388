"""What was read, matched against the present lake: the next generation, and what it changes."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from openprotect.events.actions import record
from openprotect.records import lake, queries
from openprotect.records.actions.staging import Problem, Stage, Staged
from openprotect.records.models import Changeset, ChangesetCount, ChangesetProblem
from openprotect.records.readers.incoming import Extract
from openprotect.records.rules import stops
from openprotect.records.rules.limits import Limits
from openprotect.records.rules.stops import Days
from openprotect.records.rules.values import Kind, Outcome

MOST_PROBLEMS = 10_000
# What was read waits here until the import is settled: it may have to be matched again.
INCOMING = "incoming"


@dataclass(frozen=True)
class Matched:
    """What an import would do to one generation of the lake, its files in one folder."""

    place: UUID
    base: UUID | None
    staged: Staged
    problems: list[Problem]
    stops: list[str]
    notes: Counter[str]
    preview: str

    @property
    def held_positions(self) -> set[tuple[str, str, int]]:
        """Where rows stood that are held or rejected: kind, file, row."""
        return {(kind, file, row) for kind, file, row, _, _ in self.problems}

    def write_on(self, changeset: Changeset) -> None:
        """Everything that a later matching would say anew."""
        changeset.place, changeset.base = self.place, self.base
        changeset.staged = self.place if self.staged.changes else None
        changeset.preview = self.preview
        changeset.stops = self.stops
        changeset.reasons = dict(self.staged.reasons)
        changeset.notes = dict(self.notes)
        changeset.newest_event_on = self.staged.newest_event_on
        changeset.figures = self.staged.figures.said()

    def note_on(self, changeset: Changeset, *, by: str, at: datetime) -> None:
        """Matched, and on record."""
        changeset.move_to(Changeset.Status.MATCHED)
        changeset.save()
        record(
            "import.matched",
            changeset.pk,
            at=at,
            by_name=by,
            number=changeset.number,
            preview=self.preview,
            stops=len(self.stops),
        )

    def count_rows(self, changeset: Changeset) -> list[ChangesetCount]:
        return [
            ChangesetCount(
                changeset=changeset,
                kind=kind,
                rows=sum(counts.values()),
                removed=self.staged.removed if kind == Kind.EVENTS else 0,
                **{outcome.value: counts[outcome.value] for outcome in Outcome},
            )
            for kind, counts in self.staged.counts.items()
        ]

    def problem_rows(self, changeset: Changeset) -> list[ChangesetProblem]:
        return [
            ChangesetProblem(
                changeset=changeset,
                place=self.place,
                kind=kind,
                file=file,
                row=row,
                outcome=outcome,
                reason=reason,
            )
            for kind, file, row, outcome, reason in self.problems
        ]


def match(extract: Extract, place: UUID, *, folder: Path, today: date, limits: Limits) -> Matched:
    """Decide about every row and write the next generation, sealed, into the folder `place`."""
    base = queries.present_generation()
    present = lake.open_generation(folder, base) if base else None
    into = lake.folder_of(folder, place)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    stage = Stage(into, present, extract, on=today)
    try:
        staged = stage.decide()
        problems = stage.problems(MOST_PROBLEMS)
        stage.write_held()
        stage.write_samples()
        if staged.changes:
            stage.write()
    finally:
        stage.close()
    lake.seal_onto(into, place, present, source=extract.source)
    days = Days(extract.extract_on, queries.last_extract_on(extract.source), today)
    found = stops.reasons(staged.figures, days, limits)
    notes = extract.notes + Counter(_joined(staged))
    preview = _preview(base, into, staged, found)
    return Matched(place, base, staged, problems, found, notes, preview)


def _joined(staged: Staged) -> dict[str, int]:
    return {"superseded NHS numbers": staged.joined} if staged.joined else {}


def _preview(base: UUID | None, into: Path, staged: Staged, stops: list[str]) -> str:
    """A name for exactly what is shown: other rows, another lake or other stops change it."""
    manifest = json.loads((into / lake.MANIFEST).read_text())["files"]
    said = {
        "base": str(base),
        "files": {name: each["sha256"] for name, each in manifest.items()},
        "counts": {kind: dict(counts) for kind, counts in staged.counts.items()},
        "removed": staged.removed,
        "stops": stops,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
