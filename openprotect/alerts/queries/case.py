"""One alert with its person, as far as each role needs it to act; no more of it is read."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert, Finding
from openprotect.alerts.queries import (
    WORDS,
    as_seen,
    may_act,
    may_decline,
    stands_with,
    visible_to,
)
from openprotect.alerts.queries.said import Said, rule_of, said
from openprotect.alerts.queries.tried import Happening, what_was_done, what_was_tried
from openprotect.alerts.rules import KINDS, SOCIAL
from openprotect.enrolments.queries import reasons_of
from openprotect.packs.languages import told_to_staff
from openprotect.packs.rules_in_words import when
from openprotect.programmes.queries import pack_of

MOST_BEFORE = 5
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
    """Why this is an alert: the rule and what it asks for, its version, and its source."""

    rule: str
    when: tuple[str, ...]
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
class Again:
    """That the need was found once more: when, how it compares, in words."""

    at: datetime
    standing: str
    reason: str


@dataclass(frozen=True)
class Before:
    """The same need earlier: how it ended, and whether what was done helped."""

    id: UUID
    need: str
    closed_at: datetime | None
    outcome: str
    note: str
    helped: str


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
    helped: str
    why: Why | None
    said: tuple[Said, ...]
    history: tuple[Happening, ...]
    reasons: tuple[Reason, ...]
    others: tuple[Other, ...]
    again: tuple[Again, ...]
    before: tuple[Before, ...]
    instead: str
    stands_with: str
    may_decline: bool
    seen: str
    alert: Alert


def case_of(viewer: Viewer, alert_id: UUID) -> Case | None:
    """The case, when it is in reach of this viewer."""
    found = visible_to(viewer).select_related(*BESIDE)
    alert = found.filter(pk=alert_id).first()
    return _case(viewer, alert) if alert else None


BESIDE = ("accepted_by", "closed_by", "enrolment__practice", "response", "follow_up")


def _case(viewer: Viewer, alert: Alert) -> Case:
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
        helped=_helped(alert) if is_clinical else "",
        why=_why(alert) if is_clinical else None,
        said=said(alert) if is_clinical else (),
        history=what_was_tried(alert) if is_clinical else what_was_done(alert),
        reasons=_reasons(alert) if is_clinical else (),
        others=_others(viewer, alert),
        again=_again(alert) if is_clinical else (),
        before=_before(viewer, alert) if is_clinical else (),
        instead=alert.get_instead_display() if alert.instead else "",
        stands_with=stands_with(alert, at=viewer.at),
        may_decline=may_decline(viewer, alert),
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
    asks = when(rule, pack.triage.facts) if rule else ()
    source = rule.source if rule else ""
    return Why(alert.rule, asks, f"{pack.title} {pack.version}", source)


def _reasons(alert: Alert) -> tuple[Reason, ...]:
    return tuple(
        Reason(each.title, each.term, each.on, each.source) for each in reasons_of(alert.enrolment)
    )


def _again(alert: Alert) -> tuple[Again, ...]:
    """Every finding after the first, newest first; what the person said is told apart by when."""
    later = Finding.objects.filter(alert=alert).exclude(standing=Finding.Standing.RAISED)
    return tuple(
        Again(each.at, str(each.get_standing_display()), each.reason)
        for each in later.order_by("-at", "id")[:10]
    )


def _before(viewer: Viewer, alert: Alert) -> tuple[Before, ...]:
    """The closed alerts of the same need that this one follows, the latest first."""
    if alert.follows_id is None:
        return ()
    found: list[Before] = []
    earlier_id: UUID | None
    earlier = visible_to(viewer).select_related("follow_up")
    earlier_id = alert.follows_id
    while earlier_id and len(found) < MOST_BEFORE:
        before = earlier.filter(pk=earlier_id).first()
        if before is None:
            break
        found.append(
            Before(
                before.pk,
                before.reason,
                before.closed_at,
                str(before.get_outcome_display()),
                before.note,
                _helped(before),
            )
        )
        earlier_id = before.follows_id
    return tuple(found)


def _helped(alert: Alert) -> str:
    """What the person said to whether it helped; empty when they have not said."""
    asked = getattr(alert, "follow_up", None)
    return str(asked.get_helped_display()) if asked and asked.helped else ""


def _others(viewer: Viewer, alert: Alert) -> tuple[Other, ...]:
    same = visible_to(viewer).open().filter(person_id=alert.person_id).exclude(pk=alert.pk)
    return tuple(
        Other(each.pk, each.reason, WORDS[each.urgency], each.team.name)
        for each in same.most_urgent_first()[:10]
    )
