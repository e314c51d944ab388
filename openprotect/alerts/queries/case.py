"""One alert with its person, as far as each role needs it to act; no more of it is read."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import WORDS, as_seen, may_act, visible_to
from openprotect.alerts.queries.said import Said, rule_of, said
from openprotect.alerts.queries.tried import Happening, what_was_done, what_was_tried
from openprotect.alerts.rules import KINDS, SOCIAL
from openprotect.enrolments.queries import reasons_of
from openprotect.packs.languages import told_to_staff
from openprotect.programmes.queries import pack_of

# Who goes to somebody's door when the need is food, care or company.
VISITS = frozenset({Role.PARTNER, Role.PRACTICE, Role.LOCALITY})


@dataclass(frozen=True)
class Who:
    """The person behind an alert; empty is what this viewer does not need."""

    id: UUID
    name: str
    phones: tuple[str, ...]
    language: str
    birth_date: date | None = None
    nhs_number: str = ""
    practice: str = ""
    address: str = ""


@dataclass(frozen=True)
class Why:
    """Why this is an alert: the rule by its name, the version it stands in, and its source."""

    rule: str
    pack: str
    source: str


@dataclass(frozen=True)
class Reason:
    """Why the person is in the programme."""

    title: str
    term: str
    on: date
    source: str


@dataclass(frozen=True)
class Other:
    """Another open alert about the same person."""

    id: UUID
    need: str
    urgency: str
    team: str


@dataclass(frozen=True)
class Case:
    """An alert and what one must know to act on it."""

    id: UUID
    who: Who
    need: str
    about: str
    urgency: str
    status: str
    raised_at: datetime
    accept_by: datetime
    due_at: datetime
    team: str
    accepted_by: str
    is_mine: bool
    owns: bool
    may_act: bool
    closed_at: datetime | None
    closed_by: str
    outcome: str
    note: str
    why: Why | None
    said: tuple[Said, ...]
    history: tuple[Happening, ...]
    reasons: tuple[Reason, ...]
    others: tuple[Other, ...]
    seen: str
    alert: Alert


def case_of(viewer: Viewer, alert_id: UUID) -> Case | None:
    """The case, when it is in reach of this viewer."""
    found = visible_to(viewer).select_related(
        "accepted_by", "closed_by", "enrolment__practice", "response"
    )
    alert = found.filter(pk=alert_id).first()
    if alert is None:
        return None
    is_clinical = viewer.role != Role.PARTNER
    return Case(
        id=alert.pk,
        who=_who(viewer, alert),
        need=alert.reason,
        about=KINDS.get(alert.kind, alert.kind),
        urgency=WORDS[alert.urgency],
        status=alert.status,
        raised_at=alert.raised_at,
        accept_by=alert.accept_by,
        due_at=alert.due_at,
        team=alert.team.name,
        accepted_by=alert.accepted_by.name if alert.accepted_by else "",
        is_mine=alert.accepted_by_id == viewer.user_id,
        owns=alert.team.organisation_id == viewer.organisation_id,
        may_act=may_act(viewer, alert),
        closed_at=alert.closed_at,
        closed_by=alert.closed_by.name if alert.closed_by else "",
        outcome=alert.get_outcome_display() if alert.outcome else "",
        note=alert.note,
        why=_why(alert) if is_clinical else None,
        said=said(alert) if is_clinical else (),
        history=what_was_tried(alert) if is_clinical else what_was_done(alert),
        reasons=_reasons(alert) if is_clinical else (),
        others=_others(viewer, alert),
        seen=as_seen(alert),
        alert=alert,
    )


def _who(viewer: Viewer, alert: Alert) -> Who:
    """Everybody needs a name and a number; a door is named only to those who go there."""
    person = alert.person
    known = Who(
        id=person.pk,
        name=f"{person.given_name} {person.family_name}",
        phones=tuple(each for each in (person.mobile, person.landline) if each),
        language=told_to_staff(person.language, pack_of(alert).languages),
    )
    if alert.kind == SOCIAL and viewer.role in VISITS:
        address = ", ".join(each for each in (person.address, person.postcode) if each)
        known = replace(known, address=address)
    if viewer.role == Role.PARTNER:
        return known
    return replace(
        known,
        birth_date=person.birth_date,
        nhs_number=person.nhs_number,
        practice=person.practice.name,
    )


def _why(alert: Alert) -> Why:
    pack, rule = pack_of(alert), rule_of(alert)
    return Why(alert.rule, f"{pack.title} {pack.version}", rule.source if rule else "")


def _reasons(alert: Alert) -> tuple[Reason, ...]:
    return tuple(
        Reason(each.title, each.term, each.on, each.source) for each in reasons_of(alert.enrolment)
    )


def _others(viewer: Viewer, alert: Alert) -> tuple[Other, ...]:
    same = visible_to(viewer).open().filter(person_id=alert.person_id).exclude(pk=alert.pk)
    return tuple(
        Other(each.pk, each.reason, WORDS[each.urgency], each.team.name)
        for each in same.most_urgent_first()[:10]
    )
