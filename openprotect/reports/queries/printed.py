"""A practice's list on paper: so many people a sheet, each sheet saying what it is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.enrolments.models import Enrolment
from openprotect.enrolments.queries import to_review, visible_to
from openprotect.programmes.models import Programme
from openprotect.reports.queries.patients import Because, holds, name_of
from openprotect.reports.queries.review import reasons_in_order

A_SHEET = 25


@dataclass(frozen=True)
class Line:
    """One person on paper: who, and why the rules found them."""

    number: int
    person_id: UUID
    name: str
    nhs_number: str
    birth_date: date | None
    reasons: tuple[Because, ...]


@dataclass(frozen=True)
class Sheets:
    """A whole list in sheets, and by when the practice is to decide, if it is a review."""

    sheets: tuple[tuple[Line, ...], ...]
    ends_at: datetime | None
    is_held: bool

    @property
    def people(self) -> list[UUID]:
        return [line.person_id for sheet in self.sheets for line in sheet]


def sheets(viewer: Viewer, programme: Programme, which: str) -> Sheets:
    """Everyone to review, or everyone in the programme, by name, 25 a sheet."""
    if which == "review":
        listed = to_review(viewer).filter(programme=programme)
    else:
        listed = visible_to(viewer).filter(programme=programme, status=Enrolment.Status.ACTIVE)
    ordered = list(
        listed.prefetch_related("reasons").order_by(
            "person__family_name", "person__given_name", "id"
        )
    )
    lines = [_line(number, each) for number, each in enumerate(ordered, 1)]
    first = min((each.preview_ends_at for each in ordered), default=None)
    return Sheets(
        tuple(tuple(lines[at : at + A_SHEET]) for at in range(0, len(lines), A_SHEET)),
        first if which == "review" else None,
        holds(viewer, programme),
    )


def _line(number: int, each: Enrolment) -> Line:
    person = each.person
    return Line(
        number,
        person.pk,
        name_of(person),
        person.nhs_number,
        person.birth_date,
        reasons_in_order(each),
    )
