"""A practice's review: whom the rules found, what it decided, and who is no longer found."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.enrolments.models import Absence, Decision, Enrolment
from openprotect.enrolments.queries import to_review, visible_to
from openprotect.programmes.models import Programme
from openprotect.reports.queries.patients import (
    A_PAGE,
    IS_ABSENT,
    Because,
    Deadline,
    because,
    deadlines,
    first_contact_at,
    holds,
    name_of,
    obstacle,
)

Status = Enrolment.Status


@dataclass(frozen=True)
class Candidate:
    """Someone whom the rules found and the practice has not decided on."""

    id: UUID
    person_id: UUID
    name: str
    nhs_number: str
    birth_date: date | None
    reasons: tuple[Because, ...]
    ends_at: datetime
    contact_at: datetime | None
    obstacle: str


@dataclass(frozen=True)
class Decided:
    """Someone on whom the practice decided: who did, when, and why."""

    id: UUID
    person_id: UUID
    name: str
    kind: str
    reason: str
    by: str
    at: datetime
    is_undoable: bool


@dataclass(frozen=True)
class Review:
    """A practice's review of whom the rules found."""

    waiting: tuple[Candidate, ...]
    kept_out: tuple[Decided, ...]
    added: tuple[Decided, ...]
    deadlines: tuple[Deadline, ...]
    total: int
    page: int

    @property
    def people(self) -> list[UUID]:
        decided = [each.person_id for each in (*self.kept_out, *self.added)]
        return [*(each.person_id for each in self.waiting), *decided]

    @property
    def has_next(self) -> bool:
        return self.page * A_PAGE < self.total


def review(viewer: Viewer, programme: Programme, *, page: int = 1) -> Review:
    """Whom the rules found, soonest deadline first, and what the practice decided lately."""
    mine = visible_to(viewer).filter(programme=programme)
    waiting = to_review(viewer).filter(programme=programme)
    is_held = holds(viewer, programme)
    decided = Decision.objects.filter(enrolment__in=mine.values("pk")).order_by("-at", "id")
    out = decided.filter(kind="VETO", enrolment__status=Status.VETOED)
    added = decided.filter(kind="ADD")
    return Review(
        tuple(
            candidate(each, is_held=is_held)
            for each in waiting[(page - 1) * A_PAGE : page * A_PAGE]
        ),
        tuple(_decided(each) for each in _of_whom(out)),
        tuple(_decided(each) for each in _of_whom(added)),
        deadlines(viewer, programme, is_held=is_held),
        waiting.count(),
        page,
    )


def _of_whom(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.select_related("enrolment", "person", "by")[:A_PAGE]


def candidate(each: Enrolment, *, is_held: bool) -> Candidate:
    """Somebody in a review as the practice reads of them."""
    return Candidate(
        each.pk,
        each.person_id,
        name_of(each.person),
        each.person.nhs_number,
        each.person.birth_date,
        reasons_in_order(each),
        each.preview_ends_at,
        None if is_held else first_contact_at(each.programme, each.preview_ends_at),
        obstacle(each.person),
    )


def _decided(each: Decision) -> Decided:
    return Decided(
        each.enrolment_id,
        each.person_id,
        name_of(each.person),
        each.get_kind_display(),
        each.reason,
        each.by.name,
        each.at,
        each.enrolment.status == Status.VETOED,
    )


@dataclass(frozen=True)
class Absent:
    """Someone in the programme whom the rules no longer find: why they came, and why not now."""

    id: UUID
    person_id: UUID
    name: str
    nhs_number: str
    birth_date: date | None
    status: str
    is_in_review: bool
    reasons: tuple[Because, ...]
    words: str
    noticed_at: datetime


@dataclass(frozen=True)
class Absents:
    """A page of those whom the rules no longer find, the longest waiting first."""

    rows: tuple[Absent, ...]
    total: int
    page: int

    @property
    def people(self) -> list[UUID]:
        return [each.person_id for each in self.rows]

    @property
    def has_next(self) -> bool:
        return self.page * A_PAGE < self.total


def absent(viewer: Viewer, programme: Programme, *, page: int = 1) -> Absents:
    """Whom the rules no longer find and the practice has not decided on."""
    waiting = visible_to(viewer).filter(
        IS_ABSENT, programme=programme, status__in=[Status.ACTIVE, Status.PREVIEW]
    )
    still_open = Prefetch("absences", Absence.objects.filter(settled_at=None))
    shown = waiting.prefetch_related("reasons", still_open).order_by(
        "absences__noticed_at", "person__family_name", "id"
    )
    rows = shown.filter(absences__settled_at=None)[(page - 1) * A_PAGE : page * A_PAGE]
    return Absents(tuple(_absent(each) for each in rows), waiting.count(), page)


def _absent(each: Enrolment) -> Absent:
    (why,) = each.absences.all()
    return Absent(
        each.pk,
        each.person_id,
        name_of(each.person),
        each.person.nhs_number,
        each.person.birth_date,
        each.get_status_display(),
        each.status == Status.PREVIEW,
        reasons_in_order(each),
        why.words,
        why.noticed_at,
    )


def reasons_in_order(each: Enrolment) -> tuple[Because, ...]:
    """Why somebody is here: by group, the newest record of each first."""
    reasons = sorted(each.reasons.all(), key=lambda one: (one.group, -one.on.toordinal()))
    return tuple(because(one) for one in reasons)
