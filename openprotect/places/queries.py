"""Which places are open, how they hang together, and whose job something is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from openprotect.places.models import Organisation, Relationship, Team

UPWARD = (Relationship.Kind.MEMBER_OF, Relationship.Kind.LIES_IN, Relationship.Kind.SERVED_BY)
DOWNWARD = (Relationship.Kind.MEMBER_OF, Relationship.Kind.LIES_IN)
Step = Callable[[Sequence[Organisation], date], list[Organisation]]

# Who does a job where nobody has it: a closed practice's locality, and always surveillance.
INSTEAD: Mapping[Team.Function, tuple[Team.Function, ...]] = {
    Team.Function.PRACTICE: (Team.Function.LOCALITY,)
}


def organisation(code: str) -> Organisation | None:
    return Organisation.objects.filter(code=code).first()


def open_practices(on: date) -> list[Organisation]:
    return _open(Organisation.Kind.PRACTICE, on)


def localities(on: date) -> list[Organisation]:
    return _open(Organisation.Kind.LOCALITY, on)


def networks(on: date) -> list[Organisation]:
    return _open(Organisation.Kind.PCN, on)


def councils(on: date) -> list[Organisation]:
    return _open(Organisation.Kind.COUNCIL, on)


def _open(kind: Organisation.Kind, on: date) -> list[Organisation]:
    return list(Organisation.objects.open(on).filter(kind=kind).order_by("name", "id"))


def the_system(on: date) -> Organisation | None:
    """The integrated care system that everything here lies in."""
    return Organisation.objects.open(on).filter(kind="SYSTEM").order_by("opened_on", "id").first()


def parents(
    of: Sequence[Organisation],
    on: date,
    kinds: Sequence[Relationship.Kind] = UPWARD,
) -> list[Organisation]:
    """What these belonged to, one step up, on that day."""
    steps = Relationship.objects.on(on).filter(child__in=of, kind__in=kinds).order_by("id")
    nearest_first = sorted(steps.select_related("parent"), key=lambda step: kinds.index(step.kind))
    return [step.parent for step in nearest_first]


def children(
    of: Sequence[Organisation],
    on: date,
    kinds: Sequence[Relationship.Kind] = DOWNWARD,
) -> list[Organisation]:
    """What belonged to these, one step down, on that day."""
    steps = Relationship.objects.on(on).filter(parent__in=of, kind__in=kinds)
    return [step.child for step in steps.select_related("child").order_by("child__name", "id")]


def ancestors(of: Organisation, on: date) -> list[Organisation]:
    """Everything it belonged to, nearest first: network, locality, council, system."""
    return _climb(of, on, parents)


def descendants(of: Organisation, on: date) -> list[Organisation]:
    return _climb(of, on, children)


def locality_of(practice: Organisation, on: date) -> Organisation | None:
    """The locality a practice lies in; None when no file says."""
    homes = parents([practice], on, [Relationship.Kind.LIES_IN])
    return next((home for home in homes if home.kind == Organisation.Kind.LOCALITY), None)


def locality_by_practice(on: date) -> Mapping[UUID, UUID]:
    """The locality of every practice that has one, by id: one query, for counts and lists."""
    return dict(
        Relationship.objects.on(on)
        .filter(kind="LIES_IN", child__kind="PRACTICE", parent__kind="LOCALITY")
        .values_list("child_id", "parent_id")
    )


def practices_of(area: Organisation, on: date) -> list[Organisation]:
    """The open practices of a locality, a network or the system, by name."""
    inside = [each.pk for each in descendants(area, on)]
    found = Organisation.objects.open(on).filter(pk__in=inside, kind="PRACTICE")
    return list(found.order_by("name", "id"))


def team_for(function: str, practice: Organisation, on: date) -> Team | None:
    """Whose job this is for a practice's people: the open team that covers the nearest area.

    Nearest is the practice, then its network, locality, council and system. Where there is no
    such team it falls to surveillance, so that nothing is ever nobody's.
    """
    wanted = Team.Function(function)
    near = [practice, *ancestors(practice, on)]
    # A practice that has closed lies in nothing any more, but its people are still the system's.
    if (system := the_system(on)) and system not in near:
        near.append(system)
    for each in (wanted, *INSTEAD.get(wanted, ()), Team.Function.SURVEILLANCE):
        if found := _nearest(each, near, on):
            return found
    return _open_teams(on).filter(function=Team.Function.SURVEILLANCE).order_by("id").first()


def teams_near(practice: Organisation, on: date) -> list[Team]:
    """Every open team that looks after a practice's people, the nearest first; none that rings."""
    near = [practice, *ancestors(practice, on)]
    distance = {each.pk: steps for steps, each in enumerate(near)}
    found = _open_teams(on).filter(covers__in=near).exclude(function=Team.Function.CALLING)
    return sorted(found, key=lambda team: (distance[team.covers_id], team.name, team.pk))


def _nearest(function: Team.Function, near: Sequence[Organisation], on: date) -> Team | None:
    distance = {each.pk: steps for steps, each in enumerate(near)}
    in_order = _open_teams(on).filter(function=function, covers__in=near).order_by("name", "id")
    return min(in_order, key=lambda team: distance[team.covers_id], default=None)


def _open_teams(on: date) -> QuerySet[Team]:
    return Team.objects.open(on).select_related("organisation", "covers")


def teams_of(organisation: Organisation, on: date) -> list[Team]:
    return list(_open_teams(on).filter(organisation=organisation).order_by("name", "id"))


def _climb(of: Organisation, on: date, step: Step) -> list[Organisation]:
    """Every organisation reached step by step, each once; a circle in the records ends it."""
    reached: dict[UUID, Organisation] = {}
    edge = [of]
    while edge:
        edge = [each for each in step(edge, on) if each.pk not in reached and each.pk != of.pk]
        reached.update({each.pk: each for each in edge})
    return list(reached.values())
