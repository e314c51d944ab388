"""Whose an alert is: the first team in line that is open, takes it, is staffed and is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprotect.alerts.models import Alert
from openprotect.governance.queries import basis_ends_at
from openprotect.packs.routing import BACKSTOP, Route
from openprotect.places import queries as places
from openprotect.places.models import Organisation, Team
from openprotect.programmes.queries.staffing import is_staffed

Instead = Alert.Instead
Function = Team.Function


class NobodyToOwnIt(Exception):
    """No team can own an alert: not even surveillance. A fault of set-up, never refused."""


@dataclass(frozen=True)
class Wanted:
    """A concern that looks for its owner."""

    kind: str
    urgency: str
    practice: Organisation
    purpose: str
    route: Route


@dataclass(frozen=True)
class Owner:
    """The team an alert goes to, by when it is to accept, and why it is not the one named first."""

    team: Team
    accept_by: datetime
    instead: str = ""


def owner_for(
    wanted: Wanted,
    *,
    at: datetime,
    not_to: Mapping[UUID, str] | None = None,
    first: Team | None = None,
) -> Owner:
    """Exactly one team, always. Where nobody else can, the central surveillance team, marked so.

    Once the legal basis has ended, only the registered practice sees the person: it is its. `first`
    is a team that knows the matter: it is asked before all others while it serves the practice.
    """
    if basis_ends_at(wanted.purpose, at=at) is None:
        practice = places.nearest_team(Function.PRACTICE, wanted.practice, at.date())
        if practice:
            return Owner(practice, at + wanted.route.accept_within)
    is_near = first is not None and first in places.teams_near(wanted.practice, at.date())
    if first and is_near and not _obstacle(first, wanted, at, not_to or {}):
        return Owner(first, _accept_by(first, wanted, at))
    instead = Instead.NO_ROUTE.value if wanted.route.is_backstop else ""
    for team in _in_line(wanted, at):
        obstacle = _obstacle(team, wanted, at, not_to or {})
        if team and not obstacle:
            return Owner(team, _accept_by(team, wanted, at), instead)
        instead = instead or obstacle
    backstop = places.nearest_team(BACKSTOP, wanted.practice, at.date())
    if backstop is None:
        raise NobodyToOwnIt("There is no surveillance team: import the places first.")
    return Owner(backstop, at + wanted.route.accept_within, instead or Instead.NOBODY.value)


def _in_line(wanted: Wanted, at: datetime) -> Iterator[Team | None]:
    """The teams to be tried in turn. What is urgent now goes as the programme says, always."""
    on = at.date()
    if wanted.urgency != "now" and (opted := places.opted_in(wanted.kind, wanted.practice, on)):
        yield opted
    route = wanted.route
    for function in dict.fromkeys([route.function, *_instead_of(route), route.fallback, BACKSTOP]):
        yield places.nearest_team(function, wanted.practice, on)


def _instead_of(route: Route) -> tuple[str, ...]:
    return tuple(places.INSTEAD.get(Function(route.function), ()))


def _obstacle(team: Team | None, wanted: Wanted, at: datetime, not_to: Mapping[UUID, str]) -> str:
    """Why a team cannot own an alert; empty when it can."""
    if team is None:
        return Instead.NO_TEAM
    if team.pk in not_to:
        return not_to[team.pk]
    if places.has_closed(team, at.date()):
        return Instead.CLOSED
    if team.function != BACKSTOP and places.refuses(team, wanted.kind):
        return Instead.NOT_TAKEN
    if not is_staffed(team, wanted.purpose, at=at):
        return Instead.NOBODY
    return "" if _is_there(team, wanted, at) else Instead.NOT_THERE


def _is_there(team: Team, wanted: Wanted, at: datetime) -> bool:
    """Whether the team is at work before it would have to accept. A week's matter waits for it."""
    there = places.next_on_duty(team, at)
    if there is None:
        return False
    if wanted.urgency == "week":
        return there < at + wanted.route.resolve_within
    return there < at + wanted.route.accept_within


def _accept_by(team: Team, wanted: Wanted, at: datetime) -> datetime:
    """What can wait a week is accepted within its time from when the team is next at work."""
    start = at
    if wanted.urgency == "week":
        start = max(at, places.next_on_duty(team, at) or at)
    return min(start + wanted.route.accept_within, at + wanted.route.resolve_within)
