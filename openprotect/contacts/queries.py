"""Reading the ledger: who contacted somebody, what is held, which limits hold."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.contacts.models import Claim, Exchange, Limit, Precaution, Unreached
from openprotect.contacts.rules.reaching import PRECAUTIONS, Reach, Way, safe_way
from openprotect.people.models import Person


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


def precautions_of(person_id: UUID) -> list[str]:
    """What to mind before contact, as far as this session may know."""
    now = Precaution.objects.filter(person_id=person_id, ended_at=None)
    return list(now.order_by("kind").values_list("kind", flat=True))


def before_dialling(person_id: UUID) -> list[str]:
    """What stands before the number, in words for whoever is about to ring."""
    now = Precaution.objects.filter(person_id=person_id, ended_at=None).order_by("kind", "id")
    return [" ".join([PRECAUTIONS[each.kind], each.words]).strip() for each in now]


def way_to(person: Person) -> Way:
    """A safe way to this person: never none, because the practice is always there to be asked."""
    reach = Reach(
        has_mobile=bool(person.mobile),
        has_landline=bool(person.landline),
        has_address=bool(person.address),
        precautions=frozenset(precautions_of(person.pk)),
    )
    return safe_way(reach)


def unreached_by(viewer: Viewer) -> QuerySet[Unreached]:
    """Whom the teams of this viewer's organisation have to try to reach, the longest due first."""
    mine = Unreached.objects.filter(
        status=Unreached.Status.OPEN, team__organisation_id=viewer.organisation_id
    )
    return mine.select_related("person", "programme", "team").order_by("due_at", "id")
