"""Who is looked for, and how each person is reached safely: read for the pages that show it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from openprotect.accounts.queries import Viewer
from openprotect.contacts.models import Unreached
from openprotect.contacts.queries import looked_for, to_look_at_again
from openprotect.contacts.rules.reaching import WHY_UNREACHED, step_in_words
from openprotect.enrolments.queries import visible_to
from openprotect.people.queries import needs_to_review
from openprotect.people.queries import visible_to as visible_people
from openprotect.reports.queries.patients import name_of


@dataclass(frozen=True)
class Looked:
    """Somebody who is looked for: why, what is next, whose that is, and until when."""

    id: UUID
    person_id: UUID
    name: str
    practice: str
    why: str
    step: str
    team: str
    is_ours: bool
    due_at: datetime
    tried: int
    is_pressing: bool


@dataclass(frozen=True)
class Load:
    """How many are looked for by one's own teams, how many of those are overdue, and by others."""

    ours: int
    overdue: int
    others: int


@dataclass(frozen=True)
class Again:
    """Something written down of a person that is to be looked at again: is it still right?"""

    person_id: UUID
    name: str
    what: str
    due_on: date | None
    enrolment_id: UUID
    is_pressing: bool = False


def line(each: Unreached, viewer: Viewer) -> Looked:
    return Looked(
        each.pk,
        each.person_id,
        name_of(each.person),
        each.enrolment.practice.name,
        WHY_UNREACHED[each.why],
        step_in_words(each.why, each.rung),
        each.team.name,
        each.team.organisation_id == viewer.organisation_id,
        each.due_at,
        getattr(each, "tried", 0),
        each.due_at <= viewer.at,
    )


def load(viewer: Viewer) -> Load:
    """Everybody in reach who is looked for, in one query."""
    ours = Q(team__organisation_id=viewer.organisation_id)
    plain = looked_for(viewer).values("pk", "team__organisation_id", "due_at").order_by()
    found = Unreached.objects.filter(pk__in=plain.values("pk")).aggregate(
        ours=Count("id", filter=ours),
        overdue=Count("id", filter=ours & Q(due_at__lte=viewer.at)),
        others=Count("id", filter=~ours),
    )
    return Load(**found)


def due_again(viewer: Viewer, *, most: int) -> list[Again]:
    """What is to be asked again of people in reach: what to mind, and what they need."""
    today, near = viewer.at.date(), visible_people(viewer).values("pk")
    minded = to_look_at_again(viewer).filter(person_id__in=near)[:most]
    needs = needs_to_review(today).filter(person_id__in=near).select_related("person")[:most]
    due = [
        *((e.person, str(e.get_kind_display()), e.review_on) for e in minded),
        *((e.person, str(e.get_kind_display()), e.review_on) for e in needs),
    ]
    mine = visible_to(viewer).filter(person_id__in={person.pk for person, _, _ in due})
    pages = dict(mine.order_by("found_at", "id").values_list("person_id", "pk"))
    return [
        Again(person.pk, name_of(person), what, on, pages[person.pk])
        for person, what, on in due
        if person.pk in pages
    ][:most]
