"""Reading the ledger: who contacted somebody, what is held, which limits hold."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.contacts.models import Claim, Exchange, Limit


def visible_to(viewer: Viewer) -> QuerySet[Claim]:
    """The asks of this viewer's own organisation."""
    return Claim.objects.filter(organisation_id=viewer.organisation_id)


def older_than(claims: QuerySet[Claim], asked_at: datetime, claim_id: UUID) -> QuerySet[Claim]:
    """Of claims with the newest first, those after this one."""
    return claims.filter(Q(asked_at__lt=asked_at) | Q(asked_at=asked_at, pk__lt=claim_id))


def exchanges_of(viewer: Viewer) -> QuerySet[Exchange]:
    return Exchange.objects.filter(organisation_id=viewer.organisation_id)


def history_of(person_id: UUID) -> QuerySet[Claim]:
    """Every contact with a person, by whichever body, as far as the database shows it."""
    made = Claim.objects.filter(person_id=person_id, status=Claim.Status.MADE)
    return made.select_related("organisation", "programme").order_by("-settled_at", "id")


def limits_in_force(at: datetime) -> QuerySet[Limit]:
    now = Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
    return Limit.objects.filter(now).order_by("kind", "what", "id")
