"""A practice's own patients in a programme: whom to review, who comes and goes, what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q

from openprotect.accounts.queries import Viewer
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import told_back
from openprotect.alerts.queries import visible_to as visible_alerts
from openprotect.checkins.rules import slot_for
from openprotect.enrolments.models import Absence, Enrolment, Reason, Reminder
from openprotect.enrolments.queries import requests_of, visible_to
from openprotect.enrolments.rules import left_in_words
from openprotect.packs.settings import HOLD
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of, settings

LOCAL = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)
A_PAGE = 50
Status = Enrolment.Status


def first_contact_at(programme: Programme, ends_at: datetime) -> datetime:
    """When someone whose review ends then is first written to, if nobody objects."""
    known = pack_of(programme).settings
    opens = time.fromisoformat(str(known["checkin_opens"].default))
    hours = timedelta(hours=int(str(known["checkin_open_for_hours"].default)))
    slot = slot_for(ends_at, active_from=ends_at, every_days=1, opens=opens, open_for=hours)
    return slot.opens_at


def holds(viewer: Viewer, programme: Programme) -> bool:
    """Whether nobody of a practice is asked before the practice has looked."""
    chosen = settings(programme, "preview_default", at=viewer.at)
    return chosen.for_practice(viewer.organisation_id) == HOLD


@dataclass(frozen=True)
class Deadline:
    """So many people to review by one moment, and when they are written to if nobody objects.

    `contact_at` is empty where nobody is written to before the practice has looked.
    """

    ends_at: datetime
    contact_at: datetime | None
    people: int
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class Alerts:
    """Open alerts about a practice's patients: its own to work, and those with other teams."""

    ours: int
    ours_overdue: int
    ours_done: int
    elsewhere: int
    elsewhere_overdue: int


@dataclass(frozen=True)
class Told:
    """An alert that was closed: what it was, who closed it, and with which outcome."""

    enrolment_id: UUID
    person_id: UUID
    person: str
    reason: str
    outcome: str
    note: str
    team: str
    by: str
    closed_at: datetime


@dataclass(frozen=True)
class Home:
    """How a practice's patients stand in one programme."""

    deadlines: tuple[Deadline, ...]
    absent: int
    alerts: Alerts
    told: tuple[Told, ...]
    counts: dict[str, int]

    @property
    def to_review(self) -> int:
        return sum(each.people for each in self.deadlines)


def home(viewer: Viewer, programme: Programme) -> Home:
    """What a practice sees first, in a fixed number of queries."""
    mine = visible_to(viewer).filter(programme=programme)
    is_held = holds(viewer, programme)
    shown = {key: Count("id", filter=_which(key, viewer, is_held=is_held)) for key in SHOWN}
    return Home(
        deadlines=deadlines(viewer, programme, is_held=is_held),
        absent=mine.filter(IS_ABSENT, status__in=[Status.ACTIVE, Status.PREVIEW]).count(),
        alerts=_alerts(viewer, programme),
        told=outcomes(viewer, programme, most=5),
        counts=mine.aggregate(**shown),
    )


def deadlines(viewer: Viewer, programme: Programme, *, is_held: bool) -> tuple[Deadline, ...]:
    """By when a practice is to look through how many of its people, soonest first."""
    mine = visible_to(viewer).filter(_to_review(viewer.at), programme=programme)
    rows = mine.order_by("preview_ends_at").values_list("preview_ends_at")
    reminded = dict(
        Reminder.objects.filter(
            programme=programme, practice_id=viewer.organisation_id
        ).values_list("ends_on", "at")
    )
    return tuple(
        Deadline(
            ends_at,
            None if is_held else first_contact_at(programme, ends_at),
            people,
            reminded.get(ends_at.astimezone(LOCAL).date()),
        )
        for ends_at, people in rows.annotate(people=Count("id"))
    )


def _alerts(viewer: Viewer, programme: Programme) -> Alerts:
    ours = Q(team__organisation_id=viewer.organisation_id)
    late = Q(due_at__lt=viewer.at)
    still_open, ended = ~Q(status="CLOSED"), Q(closed_at__gt=viewer.at - WEEK)
    all_of_it = visible_alerts(viewer).filter(still_open | ended, programme=programme)
    return Alerts(
        **all_of_it.aggregate(
            ours=Count("id", filter=ours & still_open),
            ours_overdue=Count("id", filter=ours & still_open & late),
            ours_done=Count("id", filter=ours & ended),
            elsewhere=Count("id", filter=~ours & still_open),
            elsewhere_overdue=Count("id", filter=~ours & still_open & late),
        )
    )


def outcomes(viewer: Viewer, programme: Programme, *, most: int) -> tuple[Told, ...]:
    """The latest outcomes that were told back to the practice."""
    closed = told_back(viewer).filter(programme=programme).select_related("closed_by")
    return tuple(_told(each) for each in closed[:most])


def _told(alert: Alert) -> Told:
    assert alert.closed_at is not None  # noqa: S101 - a closed alert says when, by constraint
    return Told(
        alert.enrolment_id,
        alert.person_id,
        name_of(alert.person),
        alert.reason,
        alert.get_outcome_display(),
        alert.note,
        alert.team.name,
        alert.closed_by.name if alert.closed_by else "",
        alert.closed_at,
    )


def name_of(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


IS_ABSENT = Q(Exists(Absence.objects.filter(enrolment=OuterRef("pk"), settled_at=None)))


def _in_programme(at: datetime) -> Q:
    return Q(status=Status.ACTIVE)


def _to_review(at: datetime) -> Q:
    return Q(status=Status.PREVIEW) & ~IS_ABSENT


def _contacted_soon(at: datetime) -> Q:
    return _in_programme(at) | (_to_review(at) & Q(preview_ends_at__lt=at + WEEK))


def _joined(at: datetime) -> Q:
    return Q(active_from__gt=at - WEEK, active_from__lte=at) & ~Q(status=Status.PREVIEW)


def _left(at: datetime) -> Q:
    return Q(status=Status.LEFT, left_at__gt=at - WEEK)


def _kept_out(at: datetime) -> Q:
    return Q(status=Status.VETOED)


# What a list of patients can be narrowed to: its words, and which enrolments.
SHOWN: Mapping[str, tuple[str, Callable[[datetime], Q]]] = {
    "in": ("In the programme", _in_programme),
    "contact": ("Contacted in the next 7 days, unless you object", _contacted_soon),
    "joined": ("Joined in the last 7 days", _joined),
    "left": ("Left in the last 7 days", _left),
    "out": ("Kept out by the practice", _kept_out),
    "review": ("To review", _to_review),
}


def _which(shown: str, viewer: Viewer, *, is_held: bool) -> Q:
    """The enrolments of a list; where reviews hold, nobody in one is contacted by default."""
    if shown == "contact" and is_held:
        return _in_programme(viewer.at)
    _, which = SHOWN.get(shown, SHOWN["in"])
    return which(viewer.at)


@dataclass(frozen=True)
class Patient:
    """One patient in a list: how they stand, and since when."""

    id: UUID
    person_id: UUID
    name: str
    nhs_number: str
    birth_date: date | None
    status: str
    since: datetime
    because: str


@dataclass(frozen=True)
class Patients:
    """A page of a list of patients, by name."""

    rows: tuple[Patient, ...]
    total: int
    page: int

    @property
    def has_next(self) -> bool:
        return self.page * A_PAGE < self.total


def patients(viewer: Viewer, programme: Programme, shown: str, *, page: int) -> Patients:
    """The practice's patients of one list, 50 a page, by family name."""
    is_held = shown == "contact" and holds(viewer, programme)
    which = _which(shown, viewer, is_held=is_held)
    found = visible_to(viewer).filter(which, programme=programme)
    ordered = found.order_by("person__family_name", "person__given_name", "id")
    rows = ordered[(page - 1) * A_PAGE : page * A_PAGE]
    return Patients(tuple(_patient(each) for each in rows), found.count(), page)


def _patient(each: Enrolment) -> Patient:
    return Patient(
        each.pk,
        each.person_id,
        name_of(each.person),
        each.person.nhs_number,
        each.person.birth_date,
        each.get_status_display(),
        each.left_at or each.active_from or each.found_at,
        left_in_words(each.left_because),
    )


@dataclass(frozen=True)
class Because:
    """Why the rules found someone: the group, and the dated record behind it."""

    title: str
    term: str
    code: str
    on: date
    source: str


def because(reason: Reason) -> Because:
    return Because(reason.title, reason.term, reason.code, reason.on, reason.source)


def obstacle(person: Person) -> str:
    """Why someone would not get a text, in words; empty when they would."""
    if person.died_on:
        return "The records say that they have died: they are not contacted."
    if person.is_restricted:
        return "Their record is marked as sensitive: they are not contacted."
    if person.has_stopped_contact:
        return "They asked us to stop: they are not contacted."
    return "" if person.mobile else "We hold no mobile number: a call handler rings instead."


@dataclass(frozen=True)
class Asked:
    """A practice's request to add a patient, and the answer; the name once they were found."""

    nhs_number: str
    reason: str
    by: str
    at: datetime
    status: str
    answer: str
    person_id: UUID | None
    name: str
    enrolment_id: UUID | None


def requests(viewer: Viewer) -> tuple[Asked, ...]:
    """Whom the practice asked to add, newest first."""
    mine = requests_of(viewer).select_related("person", "by").order_by("-at", "id")[:A_PAGE]
    found = visible_to(viewer).filter(person_id__in=[each.person_id for each in mine])
    enrolled = {(each.person_id, each.programme_id): each.pk for each in found}
    return tuple(
        Asked(
            each.nhs_number,
            each.reason,
            each.by.name,
            each.at,
            each.get_status_display(),
            each.answer,
            each.person_id if each.person else None,
            name_of(each.person) if each.person else "",
            enrolled.get((each.person_id, each.programme_id)) if each.person_id else None,
        )
        for each in mine
    )
