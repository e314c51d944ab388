"""What one import changes, or would change, beside what is held; and why rows were not taken.

Counts, file names and positions: nobody's details.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings as installation
from django.db.models import Count, Q, QuerySet

from openprotect.events.models import Event
from openprotect.records.models import Changeset, ChangesetCount, ChangesetProblem
from openprotect.records.queries import last_extract_on
from openprotect.records.queries.limiting import limits
from openprotect.records.rules import stops
from openprotect.records.rules.reasons import in_words
from openprotect.records.rules.stops import Figures, Share
from openprotect.records.rules.values import Outcome
from openprotect.reports.queries.history import WORDS
from openprotect.reports.queries.imports import KINDS, OUTCOMES, Line, line_of
from openprotect.reports.queries.naming import practices

MOST_PRACTICES = 20


@dataclass(frozen=True)
class Equation:
    """Every row of one kind, each with exactly one outcome."""

    kind: str
    rows: int
    parts: Sequence[tuple[str, int]]
    removed: int


@dataclass(frozen=True)
class Reason:
    """Why rows of one kind were held back or left out."""

    kind: str
    outcome: str
    words: str
    rows: int
    code: str


@dataclass(frozen=True)
class File:
    """One file as it was sent, and how many of its rows were held back or left out."""

    name: str
    rows: int
    held: int
    rejected: int


@dataclass(frozen=True)
class Practice:
    """How many people one practice had, and would have."""

    name: str
    before: int
    now: int

    @property
    def change(self) -> str:
        if not self.before:
            return "new"
        if not self.now:
            return "nobody left"
        return f"{(self.now - self.before) * 100 / self.before:+.1f}%"


@dataclass(frozen=True)
class Difference:
    """What an earlier preview of the same rows said, and what this one says."""

    words: str
    was: str
    now: str


@dataclass(frozen=True)
class Moment:
    """One step in the life of an import."""

    at: datetime
    what: str
    by: str


@dataclass(frozen=True)
class Compared:
    """An extract beside what was held before it."""

    people: tuple[int, int]
    is_whole: bool
    years: float | None
    women: float | None
    shares: Sequence[Share]
    practices: Sequence[Practice]
    more_practices: int
    practices_known: int


@dataclass(frozen=True)
class Report:
    """One import: what it changes, or would change, and why rows were not taken."""

    line: Line
    changeset: Changeset
    equations: Sequence[Equation]
    reasons: Sequence[Reason]
    files: Sequence[File]
    is_cut: bool
    notes: Sequence[tuple[str, int]]
    left_out: Sequence[tuple[str, int]]
    last_extract_on: date | None
    compared: Compared
    differences: Sequence[Difference]
    story: Sequence[Moment]


def report(changeset: Changeset) -> Report:
    """Everything that is said of one import, besides single people."""
    counts = list(changeset.counts.order_by("-kind"))
    files, listed = _files(changeset)
    return Report(
        line=line_of(changeset),
        changeset=changeset,
        equations=[_equation(each) for each in counts],
        reasons=[_reason(written, rows) for written, rows in changeset.reasons.items()],
        files=files,
        is_cut=listed < sum(each.held + each.rejected for each in counts),
        notes=[(in_words(note), rows) for note, rows in changeset.notes.items()],
        left_out=list(changeset.left_out.items()),
        last_extract_on=last_extract_on(changeset.source),
        compared=_compared(figures_of(changeset)),
        differences=_differences(changeset, counts),
        story=_story(changeset),
    )


def _equation(counts: ChangesetCount) -> Equation:
    parts = [(words, getattr(counts, name)) for name, words in OUTCOMES.items()]
    return Equation(KINDS.get(counts.kind, counts.kind), counts.rows, parts, counts.removed)


def _reason(written: str, rows: int) -> Reason:
    """Kept as `people held: birth-date-changed`."""
    what, _, code = written.partition(": ")
    kind, _, outcome = what.partition(" ")
    return Reason(KINDS.get(kind, kind), OUTCOMES.get(outcome, outcome), in_words(code), rows, code)


def _files(changeset: Changeset) -> tuple[list[File], int]:
    """Each file, and how many of the rows not taken are listed by their position."""
    counted = where(changeset).order_by("file").values("file").annotate(
        held=Count("pk", filter=Q(outcome=Outcome.HELD)),
        rejected=Count("pk", filter=Q(outcome=Outcome.REJECTED)),
    )  # fmt: skip
    by_file = {each["file"]: (each["held"], each["rejected"]) for each in counted}
    rows = figures_of(changeset).rows
    names = sorted({*rows, *by_file})
    files = [File(name, rows.get(name, 0), *by_file.get(name, (0, 0))) for name in names]
    return files, sum(each.held + each.rejected for each in files)


def where(changeset: Changeset, code: str = "") -> "QuerySet[ChangesetProblem]":
    """Where the rows that were not taken stand, as the present preview says, in a total order."""
    found = ChangesetProblem.objects.filter(changeset=changeset, place=changeset.place)
    if code:
        found = found.filter(reason=code)
    return found.order_by("file", "row", "kind", "id")


@dataclass(frozen=True)
class Position:
    """Where one row stands that was not taken, and why."""

    file: str
    row: int
    kind: str
    outcome: str
    words: str


def positions(problems: Iterable[ChangesetProblem]) -> list[Position]:
    return [
        Position(
            each.file,
            each.row,
            KINDS.get(each.kind, each.kind),
            OUTCOMES.get(each.outcome, each.outcome),
            in_words(each.reason),
        )
        for each in problems
    ]


def words_of(code: str) -> str:
    return in_words(code)


def figures_of(changeset: Changeset) -> Figures:
    """The numbers kept with an import; what was not kept is nought."""
    said = dict(changeset.figures)
    for name in ("ages", "sexes", "practices"):
        said[name] = {key: tuple(pair) for key, pair in said.get(name, {}).items()}
    for name in ("people", "mean_birth", "objections"):
        said[name] = tuple(said.get(name, (0, 0)))
    return Figures(**said)


def _compared(figures: Figures) -> Compared:
    both = min(figures.people) > 0
    names = practices(figures.practices)
    changed = sorted(
        (
            Practice(names[code], before, now)
            for code, (before, now) in figures.practices.items()
        ),
        key=lambda each: (-abs(each.now - each.before), each.name),
    )  # fmt: skip
    return Compared(
        people=figures.people,
        is_whole=figures.is_whole,
        years=stops.aged(figures) if both else None,
        women=stops.shifts(figures.sexes).get("female", 0.0) if both else None,
        shares=stops.shares(figures, limits(installation.OPENPROTECT.home)),
        practices=changed[:MOST_PRACTICES],
        more_practices=max(0, len(changed) - MOST_PRACTICES),
        practices_known=figures.practices_known,
    )


def _differences(changeset: Changeset, counts: Iterable[ChangesetCount]) -> list[Difference]:
    """After a re-review: what the earlier preview said otherwise."""
    if not changeset.before:
        return []
    before = changeset.before.get("counts", {})
    found = []
    for each in counts:
        said = before.get(each.kind, {})
        for name, words in {**OUTCOMES, "removed": "no longer there"}.items():
            was, now = said.get(name, 0), getattr(each, name)
            if was != now:
                kind = KINDS.get(each.kind, each.kind)
                found.append(Difference(f"{kind}: {words}", f"{was:,}", f"{now:,}"))
    old = changeset.before.get("stops", changeset.stops)
    found += [
        Difference(stop, "stopped it", "no longer") for stop in old if stop not in changeset.stops
    ]
    return found + [
        Difference(stop, "did not stop it", "stops it")
        for stop in changeset.stops
        if stop not in old
    ]


def _story(changeset: Changeset) -> list[Moment]:
    """What became of it so far, the newest last."""
    events = Event.objects.filter(subject_id=changeset.pk, name__startswith="import.")
    return [
        Moment(each.at, WORDS.get(each.name, each.name), str(each.detail.get("by_name", "")))
        for each in events.order_by("id")
        if each.name != "import.row_settled"
    ]
