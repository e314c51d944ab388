"""Reading people; PostgreSQL decides which rows there are, and this says the same once more."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.people import rules
from openprotect.people.models import Choice, Need, Person
from openprotect.people.rules import Said
from openprotect.places import queries as places
from openprotect.places.models import Organisation

BY_AREA = frozenset({Role.LOCALITY, Role.SURVEILLANCE})


def practices_in_reach(viewer: Viewer) -> list[UUID]:
    """The practices whose people this member of staff may see by place."""
    if viewer.role == Role.PRACTICE:
        return [viewer.organisation_id]
    if viewer.role not in BY_AREA:
        return []
    area = Organisation.objects.get(pk=viewer.organisation_id)
    return places.all_practices_of(area, viewer.at.date())


def visible_to(viewer: Viewer) -> QuerySet[Person]:
    """The people this member of staff may see by place, and no others."""
    return Person.objects.filter(practice_id__in=practices_in_reach(viewer))


def only(people: Iterable[UUID]) -> QuerySet[Person]:
    """These people, as far as the database shows them."""
    return Person.objects.filter(pk__in=list(people)).select_related("practice")


def said_by(person_id: UUID) -> tuple[Said, ...]:
    """What a person has chosen of the ways of contact, as it holds now."""
    chosen = Choice.objects.filter(person_id=person_id, ended_at=None).order_by("id")
    return tuple(Said(*each) for each in chosen.values_list("way", "programme_id", "answer"))


def refuses(person_id: UUID, way: str, programme_id: UUID) -> bool:
    """Whether a person does not want this way in this programme: asked before every contact."""
    return rules.refuses(said_by(person_id), way, programme_id)


def needs_of(person_id: UUID) -> QuerySet[Need]:
    """What a person and their carer need, as it holds now; to be flagged before every contact."""
    return Need.objects.filter(person_id=person_id, ended_at=None).order_by("whose", "kind", "id")


def needs_in_words(person_id: UUID) -> str:
    """What a person and their carer need, in a few words for whoever helps them."""
    said = []
    for each in needs_of(person_id):
        words = " ".join([str(each.get_kind_display()), each.language]).strip()
        said.append(words if each.whose == Need.Whose.PERSON else f"{words} (their carer)")
    return ", ".join(said)


def need_of(person_id: UUID, need_id: UUID) -> Need | None:
    """One need of one person, as it holds now."""
    return needs_of(person_id).filter(pk=need_id).first()


def choices_of(person_id: UUID) -> QuerySet[Choice]:
    """What a person said of the ways of contact, as it holds now."""
    return Choice.objects.filter(person_id=person_id, ended_at=None).order_by("way", "id")


def needs_to_review(on: date) -> QuerySet[Need]:
    """Needs recorded a year ago or longer: still right?"""
    return Need.objects.filter(ended_at=None, review_on__lte=on).order_by("review_on", "id")
