"""Imports as a steward reads them: what waits, how old each source is, and what became of each.

Counts, and nobody's details. Single people are in `imported_people`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings as installation
from django.db.models import F, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.places.models import Organisation
from openprotect.records.models import Changeset, ChangesetProblem, Proposal
from openprotect.records.queries.limiting import limits
from openprotect.records.rules.values import Outcome

A_PAGE = 50
# An import that only reads numbers as others: it has no age of its own.
IDENTITY = "identity"
KINDS = {"people": "People", "events": "Entries in records", "identities": "NHS numbers replaced"}
OUTCOMES: Mapping[str, str] = {
    "added": "new",
    "changed": "changed",
    "unchanged": "as before",
    "duplicate": "twice",
    "held": "held back",
    "rejected": "left out",
}


@dataclass(frozen=True)
class Source:
    """How old the records of one source are."""

    name: str
    extract_on: date | None
    newest_on: date | None
    taken_at: datetime | None
    number: int
    id: UUID
    is_old: bool


@dataclass(frozen=True)
class Line:
    """One import in a list."""

    id: UUID
    number: int
    source: str
    status: str
    words: str
    at: datetime
    by: str
    extract_on: date | None
    rows: int
    changes: int
    held: int
    stops: int


@dataclass(frozen=True)
class Waiting:
    """How much waits for a steward."""

    imports: int
    rows: int
    pairs: int


def decides(viewer: Viewer) -> bool:
    """Whether this is a steward of the system, whose the records are."""
    theirs = Organisation.objects.filter(pk=viewer.organisation_id, kind="SYSTEM")
    return viewer.role == Role.STEWARD and theirs.exists()


def visible_to(viewer: Viewer) -> QuerySet[Changeset]:
    """Every import for a steward of the system, whoever ran it; none for anybody else."""
    found = Changeset.objects.all()
    return found if decides(viewer) else found.none()


def rows_visible_to(viewer: Viewer) -> QuerySet[ChangesetProblem]:
    """Every row that waits, for a steward."""
    return held_back() if decides(viewer) else held_back().none()


def pairs_visible_to(viewer: Viewer) -> QuerySet[Proposal]:
    """Every pair that may be one person, for a steward."""
    found = Proposal.objects.all()
    return found if decides(viewer) else found.none()


def waiting() -> Waiting:
    return Waiting(
        Changeset.objects.waiting().count(),
        held_back().count(),
        Proposal.objects.filter(status=Proposal.Status.PROPOSED).count(),
    )


def held_back() -> "QuerySet[ChangesetProblem]":
    """Rows of imports that were taken, which wait until somebody settles them."""
    return ChangesetProblem.objects.filter(
        outcome=Outcome.HELD,
        settled_as="",
        changeset__status=Changeset.Status.COMMITTED,
        place=F("changeset__place"),
    )


def sources(on: date) -> list[Source]:
    """Every source by its last import that was taken, those with the oldest records first."""
    taken = Changeset.objects.committed().exclude(source=IDENTITY)
    last = taken.order_by("source", "-taken_as").distinct("source")
    most = limits(installation.OPENPROTECT.home)["extract_days"]
    found = [
        Source(
            name=each.source,
            extract_on=each.extract_on,
            newest_on=each.newest_event_on,
            taken_at=each.settled_at,
            number=each.number,
            id=each.pk,
            is_old=each.extract_on is not None and (on - each.extract_on).days > most,
        )
        for each in last
    ]
    return sorted(found, key=lambda each: (each.extract_on or date.min, each.name))


def open_imports(viewer: Viewer) -> list[Line]:
    """What waits, the oldest first."""
    waits = visible_to(viewer).filter(status__in=Changeset.OPEN)
    return _lines(waits.order_by("number"))


def settled_imports(viewer: Viewer, *, page: int) -> tuple[list[Line], bool]:
    """A page of what was taken, refused or undone, the newest first, and whether there is more."""
    start = (page - 1) * A_PAGE
    settled = visible_to(viewer).filter(settled_at__isnull=False).order_by("-number")
    found = _lines(settled[start : start + A_PAGE + 1])
    return found[:A_PAGE], len(found) > A_PAGE


def _lines(changesets: QuerySet[Changeset]) -> list[Line]:
    return [line_of(each) for each in changesets.prefetch_related("counts")]


def line_of(changeset: Changeset) -> Line:
    counts = list(changeset.counts.all())
    return Line(
        id=changeset.pk,
        number=changeset.number,
        source=changeset.source,
        status=changeset.status,
        words=changeset.get_status_display(),
        at=changeset.started_at,
        by=changeset.by,
        extract_on=changeset.extract_on,
        rows=sum(each.rows for each in counts),
        changes=sum(each.added + each.changed + each.removed for each in counts),
        held=sum(each.held for each in counts),
        stops=len(changeset.stops),
    )


def taken_after(changeset: Changeset) -> list[Line]:
    """What was taken after an import and stands on it, the newest first."""
    if changeset.taken_as is None:
        return []
    later = Changeset.objects.committed().filter(taken_as__gt=changeset.taken_as)
    return _lines(later.last_taken_first())


def folder() -> Path:
    """Where the records lie."""
    found: Path = installation.OPENPROTECT.lake
    return found
