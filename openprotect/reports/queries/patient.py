"""One patient's story in a programme, as the registered practice may read it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import visible_to as visible_alerts
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin, Response
from openprotect.checkins.queries import in_words
from openprotect.enrolments.models import Enrolment
from openprotect.enrolments.queries import decisions_of, reasons_of
from openprotect.enrolments.rules import left_in_words
from openprotect.messages.models import Message
from openprotect.reports.queries.history import History, history
from openprotect.reports.queries.looking import Opening, Wanted, log_of_patients
from openprotect.reports.queries.patients import (
    Because,
    because,
    first_contact_at,
    holds,
    name_of,
    obstacle,
)

LATEST = 14


@dataclass(frozen=True)
class Asked:
    """One check-in, and what became of it."""

    due_on: date
    status: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Rung:
    """One call, why it was made, and each time the phone rang."""

    made_at: datetime
    why: str
    status: str
    tries: tuple[tuple[datetime, str, str], ...]


@dataclass(frozen=True)
class Written:
    """One text, and the copy we keep, in which the personal link is left out."""

    at: datetime
    kind: str
    status: str
    wording: str
    problem: str


@dataclass(frozen=True)
class Concern:
    """One alert: why, whose, how soon, and how it ended."""

    id: UUID
    raised_at: datetime
    due_at: datetime
    urgency: str
    reason: str
    team: str
    status: str
    outcome: str
    note: str
    is_open: bool


@dataclass(frozen=True)
class Decided:
    """What the practice decided about someone, and why."""

    kind: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Said:
    """The latest answers, as question and answer in the words that were asked."""

    at: datetime
    channel: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Story:
    """Everything about one patient in one programme."""

    id: UUID
    person_id: UUID
    name: str
    nhs_number: str
    birth_date: date | None
    phone: str
    address: str
    programme: str
    status: str
    status_words: str
    found_at: datetime
    active_from: datetime | None
    left_at: datetime | None
    left_because: str
    contact_at: datetime | None
    obstacle: str
    absent_because: str
    absent_since: datetime | None
    reasons: tuple[Because, ...]
    decisions: tuple[Decided, ...]
    asked: tuple[Asked, ...]
    said: Said | None
    rung: tuple[Rung, ...]
    written: tuple[Written, ...]
    concerns: tuple[Concern, ...]
    history: History
    openings: tuple[Opening, ...]


def story(viewer: Viewer, enrolment: Enrolment) -> Story:
    """One patient's story, in a fixed number of queries."""
    person = enrolment.person
    absence = enrolment.absences.filter(settled_at=None).first()
    return Story(
        id=enrolment.pk,
        person_id=person.pk,
        name=name_of(person),
        nhs_number=person.nhs_number,
        birth_date=person.birth_date,
        phone=person.mobile or person.landline,
        address=", ".join(part for part in (person.address, person.postcode) if part),
        programme=enrolment.programme.title,
        status=enrolment.status,
        status_words=enrolment.get_status_display(),
        found_at=enrolment.found_at,
        active_from=enrolment.active_from,
        left_at=enrolment.left_at,
        left_because=left_in_words(enrolment.left_because),
        contact_at=None
        if absence or holds(viewer, enrolment.programme)
        else first_contact_at(enrolment.programme, enrolment.preview_ends_at),
        obstacle=obstacle(person),
        absent_because=absence.words if absence else "",
        absent_since=absence.noticed_at if absence else None,
        reasons=tuple(because(each) for each in reasons_of(enrolment)),
        decisions=_decisions(enrolment),
        asked=_asked(enrolment),
        said=_said(enrolment),
        rung=_rung(enrolment),
        written=_written(enrolment),
        concerns=_concerns(viewer, enrolment),
        history=history(person.pk, enrolment.programme_id),
        openings=log_of_patients(viewer, Wanted(person_id=person.pk)).openings[:5],
    )


def _decisions(enrolment: Enrolment) -> tuple[Decided, ...]:
    return tuple(
        Decided(each.get_kind_display(), each.reason, each.by.name, each.at)
        for each in decisions_of(enrolment)
    )


def _asked(enrolment: Enrolment) -> tuple[Asked, ...]:
    rows = Checkin.objects.filter(enrolment=enrolment).order_by("-due_on", "id")[:LATEST]
    return tuple(Asked(each.due_on, each.get_status_display(), each.answered_at) for each in rows)


def _said(enrolment: Enrolment) -> Said | None:
    given = Response.objects.filter(checkin__enrolment=enrolment).order_by("-at").first()
    if given is None:
        return None
    return Said(given.at, given.get_channel_display(), in_words(given))


def _rung(enrolment: Enrolment) -> tuple[Rung, ...]:
    calls = Call.objects.filter(enrolment=enrolment).prefetch_related("tries__by")
    return tuple(
        Rung(
            each.made_at,
            each.get_why_display(),
            each.get_status_display(),
            tuple(
                (one.at, one.get_outcome_display(), one.by.name)
                for one in sorted(each.tries.all(), key=lambda one: one.at)
            ),
        )
        for each in calls.order_by("-made_at", "id")[:LATEST]
    )


def _written(enrolment: Enrolment) -> tuple[Written, ...]:
    texts = Message.objects.filter(
        person_id=enrolment.person_id, programme_id=enrolment.programme_id
    )
    return tuple(
        Written(
            each.sent_at or each.made_at,
            each.get_kind_display(),
            each.get_status_display(),
            each.wording,
            each.ended_because,
        )
        for each in texts.order_by("-made_at", "id")[:LATEST]
    )


def _concerns(viewer: Viewer, enrolment: Enrolment) -> tuple[Concern, ...]:
    found = visible_alerts(viewer).filter(
        person_id=enrolment.person_id, programme=enrolment.programme
    )
    return tuple(_concern(each) for each in found.order_by("-raised_at", "id"))


def _concern(alert: Alert) -> Concern:
    return Concern(
        alert.pk,
        alert.raised_at,
        alert.due_at,
        alert.get_urgency_display(),
        alert.reason,
        alert.team.name,
        alert.get_status_display(),
        alert.get_outcome_display() if alert.outcome else "",
        alert.note,
        alert.status != Alert.Status.CLOSED,
    )
