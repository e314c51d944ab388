"""Which places are open, how they hang together, and whose job something is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from openprotect.places.models import (
    Organisation,
    Relationship,
    Shift,
    SpecialDay,
    Team,
    Undertaking,
    WorkingHours,
)
from openprotect.places.rules.hours import LOCAL, Hours, next_at_work

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


def all_practices_of(area: Organisation, on: date) -> list[UUID]:
    """The practices of an area, those that have closed too: their people may be there still."""
    inside = [area.pk, *(each.pk for each in descendants(area, on))]
    found = Organisation.objects.filter(pk__in=inside, kind="PRACTICE")
    return list(found.values_list("pk", flat=True))


def team_for(function: str, practice: Organisation, on: date) -> Team | None:
    """Whose job this is for a practice's people: the open team that covers the nearest area.

    Nearest is the practice, then its network, locality, council and system. Where there is no
    such team it falls to surveillance, so that nothing is ever nobody's.
    """
    wanted, near = Team.Function(function), _near(practice, on)
    for each in (wanted, *INSTEAD.get(wanted, ()), Team.Function.SURVEILLANCE):
        if found := _nearest(each, near, on):
            return found
    return _open_teams(on).filter(function=Team.Function.SURVEILLANCE).order_by("id").first()


def nearest_team(function: str, practice: Organisation, on: date) -> Team | None:
    """The open team of this very function that covers the nearest area; None when there is none."""
    return _nearest(Team.Function(function), _near(practice, on), on)


def opted_in(kind: str, practice: Organisation, on: date) -> Team | None:
    """The nearest team that has said of itself that it takes this kind for these people."""
    near = _near(practice, on)
    said = Undertaking.objects.filter(kind=kind, team__covers__in=near).order_by("at", "id")
    latest = {each.team_id: each.takes for each in said}
    takers = [team_id for team_id, takes in latest.items() if takes]
    if not takers:
        return None
    distance = {each.pk: steps for steps, each in enumerate(near)}
    found = _open_teams(on).filter(pk__in=takers).order_by("name", "id")
    return min(found, key=lambda team: distance[team.covers_id], default=None)


def refuses(team: Team, kind: str) -> bool:
    """Whether a team's latest word on this kind of need is that it does not take it."""
    said = Undertaking.objects.filter(team=team, kind=kind).order_by("-at", "-id")
    return said.values_list("takes", flat=True).first() is False


def has_closed(team: Team, on: date) -> bool:
    """A team is gone with its last day, or with its organisation's."""
    return any(each and each < on for each in (team.closed_on, team.organisation.closed_on))


ROTA_HOLDS_FOR = timedelta(days=14)


def next_on_duty(team: Team, at: datetime) -> datetime | None:
    """When somebody of a team is next there: by its rota if it keeps one, else by its hours.

    A rota that has run out for a fortnight is no rota any more. None: as far as is planned, never.
    """
    kept = Shift.objects.filter(team=team, withdrawn_at=None)
    if kept.filter(ends_at__gt=at - ROTA_HOLDS_FOR).exists():
        still = kept.filter(ends_at__gt=at, user__is_active=True)
        coming = still.order_by("starts_at", "id").first()
        return max(at, coming.starts_at) if coming else None
    return next_at_work(hours_of(team, at), at)


def hours_of(team: Team, at: datetime) -> Hours:
    """A team's hours as they hold now, with the single days it has said something of."""
    today = at.astimezone(LOCAL).date()
    held = WorkingHours.objects.filter(team=team, from_on__lte=today).order_by("-from_on", "-at")
    usual = held.first() or team
    said = SpecialDay.objects.filter(team=team, on__gte=today).order_by("at", "id")
    latest = dict(said.values_list("on", "is_there"))
    return Hours(
        tuple(usual.weekdays),
        usual.opens,
        usual.closes,
        away=frozenset(on for on, is_there in latest.items() if not is_there),
        there=frozenset(on for on, is_there in latest.items() if is_there),
    )


def _near(practice: Organisation, on: date) -> list[Organisation]:
    """A practice and all it belongs to, nearest first.

    One that has closed lies in nothing any more, but its people are still the system's.
    """
    near = [practice, *ancestors(practice, on)]
    if (system := the_system(on)) and system not in near:
        near.append(system)
    return near


def teams_doing(function: str, on: date) -> list[Team]:
    """Every open team that does a kind of work, wherever it is."""
    return list(_open_teams(on).filter(function=function).order_by("name", "id"))


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
