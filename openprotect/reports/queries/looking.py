"""Who opened whose record, when, and why: for practices by name, for governance by id."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from openprotect.accounts.models import User
from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import TITLES, Role
from openprotect.governance.models import Access, LegalBasis
from openprotect.governance.queries import accesses
from openprotect.people.models import Person
from openprotect.people.queries import visible_to
from openprotect.places.models import Organisation

LOCAL = ZoneInfo("Europe/London")
A_PAGE = 50
UNATTENDED = ("WORKER", "IMPORT")
NOBODY_NAMED = {"PERSON": "The person, by their own link", "IMPORT": "An import of records"}


@dataclass(frozen=True)
class Opening:
    """One person's record shown or changed, by whom and why. `person` is empty where not due."""

    id: int
    at: datetime
    by_id: UUID | None
    by: str
    role: str
    organisation: str
    person_id: UUID | None
    person: str
    what: str
    why: str
    purpose: str
    basis: str


@dataclass(frozen=True)
class Wanted:
    """Which part of the access log: of a day, by someone, about a person, before an entry."""

    on: date | None = None
    by: UUID | None = None
    person_id: UUID | None = None
    before: int | None = None
    is_by_people: bool = True


@dataclass(frozen=True)
class Log:
    """A page of the access log, newest first; `before` leads to the next page."""

    openings: tuple[Opening, ...]
    before: int | None


def log(wanted: Wanted) -> Log:
    """A page of all that the database lets this session read, without any person's name."""
    return _page(list(_wanted(accesses(), wanted)[: A_PAGE + 1]), names={})


def log_of_patients(viewer: Viewer, wanted: Wanted, *, outside: bool = False) -> Log:
    """Who opened the records of a practice's own patients, with the patients' names."""
    people = visible_to(viewer)
    found = accesses().filter(
        Q(person_id__in=people.values("pk")) | Q(nhs_number__in=people.values("nhs_number"))
    )
    if outside:
        found = found.exclude(organisation_id=viewer.organisation_id)
    rows = list(_wanted(found, wanted)[: A_PAGE + 1])
    of_whom = Q(pk__in={each.person_id for each in rows}) | Q(
        nhs_number__in={each.nhs_number for each in rows}
    )
    return _page(rows, names=_names(people.filter(of_whom)))


def _names(people: QuerySet[Person]) -> dict[UUID | str, str]:
    """Names by id and by NHS number: a record may have been opened before we knew the person."""
    named = people.values_list("id", "nhs_number", "given_name", "family_name")
    names: dict[UUID | str, str] = {}
    for person_id, number, given, family in named:
        names[person_id] = names[number] = f"{given} {family}"
    return names


def _wanted(rows: QuerySet[Access], wanted: Wanted) -> QuerySet[Access]:
    if wanted.on:
        start = datetime.combine(wanted.on, time(), LOCAL)
        end = datetime.combine(wanted.on + timedelta(days=1), time(), LOCAL)
        rows = rows.filter(at__gte=start, at__lt=end)
    if wanted.by:
        rows = rows.filter(user_id=wanted.by)
    if wanted.person_id:
        rows = rows.filter(person_id=wanted.person_id)
    if wanted.before:
        rows = rows.filter(id__lt=wanted.before)
    return rows.exclude(role__in=UNATTENDED) if wanted.is_by_people else rows


def _page(found: list[Access], *, names: dict[UUID | str, str]) -> Log:
    shown = found[:A_PAGE]
    places = Organisation.objects.in_bulk({each.organisation_id for each in shown})
    bases = LegalBasis.objects.in_bulk({each.basis_id for each in shown})
    openings = tuple(_opening(each, places, bases, names) for each in shown)
    return Log(openings, shown[-1].pk if len(found) > A_PAGE else None)


def _opening(
    row: Access,
    places: dict[UUID, Organisation],
    bases: dict[UUID, LegalBasis],
    names: dict[UUID | str, str],
) -> Opening:
    place = places.get(row.organisation_id) if row.organisation_id else None
    basis = bases.get(row.basis_id) if row.basis_id else None
    return Opening(
        id=row.pk,
        at=row.at,
        by_id=row.user_id,
        by=row.user.name if row.user else NOBODY_NAMED.get(row.role, "unknown"),
        role=_title(row),
        organisation=place.name if place else "",
        person_id=row.person_id,
        person=names.get(row.person_id or row.nhs_number, ""),
        what=row.what,
        why=row.why,
        purpose=row.purpose,
        basis=basis.title if basis else "",
    )


def _title(row: Access) -> str:
    if row.user and row.user.title:
        return row.user.title
    return TITLES[Role(row.role)] if row.role in set(Role) else row.role.lower()


def lookers(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these members of staff."""
    return dict(User.objects.filter(pk__in=list(ids)).values_list("id", "name"))
