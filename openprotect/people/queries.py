"""Reading people; PostgreSQL decides which rows there are, and this says the same once more."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.people.models import Person
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
