"""Reading the ledger: who contacted somebody, what is held, which limits hold."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.contacts.models import Claim, Exchange, Limit, Precaution, Tried, Unreached
from openprotect.contacts.rules.reaching import PRECAUTIONS, Reach, Way, safe_way
from openprotect.people.models import Person
from openprotect.people.queries import practices_in_reach


def visible_to(viewer: Viewer) -> QuerySet[Claim]:
    """The asks of this viewer's own organisation."""
    return Claim.objects.filter(organisation_id=viewer.organisation_id)


def older_than(claims: QuerySet[Claim], asked_at: datetime, claim_id: UUID) -> QuerySet[Claim]:
    """Of claims with the newest first, those after this one."""
    return claims.filter(Q(asked_at__lt=asked_at) | Q(asked_at=asked_at, pk__lt=claim_id))


TOLD_NO, TOLD_THE_END = "no", "told"


def asks_of(viewer: Viewer, which: str = "") -> QuerySet[Claim]:
    """Asks of the viewer's organisation: turns it holds, those that ended, or were told no."""
    mine = visible_to(viewer)
    if which == TOLD_NO:
        return mine.filter(status=Claim.Status.REFUSED).order_by("-asked_at", "id")
    if which == TOLD_THE_END:
        settled = mine.exclude(status__in=[Claim.Status.HELD, Claim.Status.REFUSED])
        return settled.order_by("-settled_at", "id")
    return mine.filter(status=Claim.Status.HELD).order_by("until", "id")


def counted_asks(viewer: Viewer) -> dict[str, int]:
    """How many turns an organisation holds, told the end of, gave up, and was told no about."""
    status = Claim.Status
    return visible_to(viewer).aggregate(
        held=Count("id", filter=Q(status=status.HELD)),
        told=Count("id", filter=Q(status=status.MADE)),
        unused=Count("id", filter=Q(status__in=[status.RELEASED, status.LAPSED, status.RECALLED])),
        no=Count("id", filter=Q(status=status.REFUSED)),
    )


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


def to_share(person_id: UUID) -> list[str]:
    """What another body must mind that is asked to help; not what is for clinical teams alone."""
    now = Precaution.objects.filter(
        person_id=person_id, ended_at=None, seen_by=Precaution.SeenBy.CALLERS
    )
    return [" ".join([PRECAUTIONS[e.kind], e.words]).strip() for e in now.order_by("kind", "id")]


def way_to(person: Person) -> Way:
    """A safe way to this person: never none, because the practice is always there to be asked."""
    reach = Reach(
        has_mobile=bool(person.mobile),
        has_landline=bool(person.landline),
        has_address=bool(person.address),
        precautions=frozenset(precautions_of(person.pk)),
    )
    return safe_way(reach)


def minded(person_id: UUID) -> QuerySet[Precaution]:
    """What is to be minded about a person, with who set it and when it is looked at again."""
    now = Precaution.objects.filter(person_id=person_id, ended_at=None)
    return now.select_related("set_by").order_by("kind", "id")


def to_look_at_again(viewer: Viewer) -> QuerySet[Precaution]:
    """Precautions whose day of review has come, the oldest first: are they still right?"""
    due = Precaution.objects.filter(ended_at=None, review_on__lte=viewer.at.date())
    return due.select_related("person").order_by("review_on", "id")


def visible_unreached(viewer: Viewer) -> QuerySet[Unreached]:
    """Everybody who is looked for, whichever team does it, as far as the database shows them."""
    found = Unreached.objects.filter(person__practice_id__in=practices_in_reach(viewer))
    return found.select_related(
        "person", "programme", "team__organisation", "enrolment__practice", "enrolment__programme"
    )


def looked_for(viewer: Viewer) -> QuerySet[Unreached]:
    """Whoever is looked for now in this viewer's reach, the longest due first."""
    found = visible_unreached(viewer).filter(status=Unreached.Status.OPEN)
    return found.annotate(tried=Count("tries")).order_by("due_at", "id")


def tries_of(unreached: Unreached) -> QuerySet[Tried]:
    """What was tried, the latest first."""
    return Tried.objects.filter(unreached=unreached).select_related("by").order_by("-at", "id")


def open_ladder_of(enrolment_id: UUID) -> Unreached | None:
    """The ladder of somebody who is looked for in this programme now."""
    found = Unreached.objects.filter(enrolment_id=enrolment_id, status=Unreached.Status.OPEN)
    return found.select_related("team").first()


def unreached_by(viewer: Viewer) -> QuerySet[Unreached]:
    """Whom the teams of this viewer's organisation have to try to reach, the longest due first."""
    mine = Unreached.objects.filter(
        status=Unreached.Status.OPEN, team__organisation_id=viewer.organisation_id
    )
    return mine.select_related("person", "programme", "team").order_by("due_at", "id")
