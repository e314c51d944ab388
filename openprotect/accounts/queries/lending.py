"""Loans of call handlers between organisations: offered, running, ended, each side seeing both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprotect.accounts.models import Loan, Membership
from openprotect.accounts.queries import Viewer, running
from openprotect.accounts.rules import Role
from openprotect.places.models import Organisation

LENDS = ("SYSTEM", "HOSPITAL", "COUNCIL", "CHARITY", "LOCALITY", "PCN", "PRACTICE", "PHARMACY")
SHOWN = 50


@dataclass(frozen=True)
class Lent:
    """A loan as a page shows it: who, from whom to whom, until when, and how it stands now."""

    id: UUID
    name: str
    from_organisation: str
    to_organisation: str
    purpose: str
    starts_at: datetime
    until: datetime
    standing: str
    words: str
    answer: str
    offered_by: str
    answered_by: str
    ended_at: datetime | None
    may_answer: bool
    may_end: bool


def loans(viewer: Viewer) -> tuple[Lent, ...]:
    """The loans that this organisation makes or takes, the latest first."""
    mine = Q(from_organisation_id=viewer.organisation_id) | Q(
        to_organisation_id=viewer.organisation_id
    )
    found = Loan.objects.filter(mine).select_related(
        "user", "from_organisation", "to_organisation", "offered_by", "answered_by"
    )
    return tuple(_shown(each, viewer) for each in found.order_by("-offered_at", "id")[:SHOWN])


def visible_to(viewer: Viewer) -> QuerySet[Loan]:
    """The loans that concern this organisation."""
    here = viewer.organisation_id
    return Loan.objects.filter(Q(from_organisation_id=here) | Q(to_organisation_id=here))


def _shown(loan: Loan, viewer: Viewer) -> Lent:
    ours_to_take = loan.to_organisation_id == viewer.organisation_id
    runs = loan.status == Loan.Status.ACCEPTED and loan.until > viewer.at
    is_offered = loan.status == Loan.Status.OFFERED
    return Lent(
        loan.pk,
        loan.user.name,
        loan.from_organisation.name,
        loan.to_organisation.name,
        loan.purpose,
        loan.starts_at,
        loan.until,
        standing(loan, viewer.at),
        loan.words,
        loan.answer,
        loan.offered_by.name,
        loan.answered_by.name if loan.answered_by else "",
        loan.ended_at,
        may_answer=is_offered
        and ours_to_take
        and loan.purpose == viewer.purpose
        and loan.until > viewer.at,
        may_end=runs or (is_offered and not ours_to_take),
    )


def standing(loan: Loan, at: datetime) -> str:
    """How a loan stands at a moment, in a word or two; its end needs nobody to do anything."""
    if loan.status == Loan.Status.ACCEPTED:
        if loan.until <= at:
            return "ended by itself"
        return "running" if loan.starts_at <= at else "accepted, begins later"
    if loan.status == Loan.Status.OFFERED and loan.until <= at:
        return "never answered"
    return loan.get_status_display()


def lendable(viewer: Viewer) -> Sequence[Membership]:
    """The call handlers whom this organisation employs now, and so may lend."""
    ours = Membership.objects.filter(
        running(viewer.at),
        role=Role.CALLER,
        organisation_id=viewer.organisation_id,
        user__is_active=True,
    ).exclude(pk__in=Loan.objects.filter(borrowed__isnull=False).values("borrowed_id"))
    return list(ours.select_related("user").order_by("user__name", "id"))


def borrowers(viewer: Viewer) -> Sequence[Organisation]:
    """The other organisations that may take a call handler."""
    others = Organisation.objects.open(viewer.at.date()).filter(kind__in=LENDS)
    return list(others.exclude(pk=viewer.organisation_id).order_by("name", "id"))
