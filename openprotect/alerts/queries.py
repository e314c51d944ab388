"""Reading alerts: worklists, most urgent first, overdue worked out as they are read."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert
from openprotect.checkins.models import Response
from openprotect.checkins.rules import by_when
from openprotect.packs.pack import Pack
from openprotect.people.queries import practices_in_reach
from openprotect.programmes.queries import pack_of


def visible_to(viewer: Viewer) -> QuerySet[Alert]:
    """Alerts that this member of staff may see: of people in reach, or owned by their teams."""
    owned = Q(team__organisation_id=viewer.organisation_id)
    if viewer.role == Role.PARTNER:
        found = Alert.objects.filter(owned)
    else:
        found = Alert.objects.filter(person__practice_id__in=practices_in_reach(viewer))
    return found.select_related("person", "person__practice", "team", "programme")


def worklist(viewer: Viewer) -> QuerySet[Alert]:
    """Open alerts of the viewer's own teams, most urgent first, then the longest overdue."""
    mine = visible_to(viewer).open().filter(team__organisation_id=viewer.organisation_id)
    return mine.most_urgent_first()


def of_other_teams(viewer: Viewer) -> QuerySet[Alert]:
    """Open alerts in reach that other teams own, so that nothing is hidden without saying so."""
    others = visible_to(viewer).open().exclude(team__organisation_id=viewer.organisation_id)
    return others.most_urgent_first()


@dataclass(frozen=True)
class Load:
    """A team's open alerts in numbers, overdue by this moment's clock."""

    open: int
    not_accepted: int
    overdue: int
    now: int


def load(viewer: Viewer) -> Load:
    counts = worklist(viewer).aggregate(
        open=Count("id"),
        not_accepted=Count("id", filter=Q(status=Alert.Status.RAISED)),
        overdue=Count("id", filter=Q(due_at__lt=viewer.at)),
        now=Count("id", filter=Q(urgency=1)),
    )
    return Load(**counts)


def told_back(viewer: Viewer) -> QuerySet[Alert]:
    """Alerts about the viewer's people that were closed, newest first: the outcome told back."""
    return visible_to(viewer).filter(status=Alert.Status.CLOSED).order_by("-closed_at", "id")


@dataclass(frozen=True)
class Promise:
    """What a person who answered may expect: about what, which team's job it is, by when."""

    kind: str
    function: str
    look_by: datetime
    settle_by: datetime


def promises(response: Response) -> tuple[Promise, ...]:
    """By when somebody looks at what a person said, soonest first; one for each kind of concern.

    Worked out from the same answers, rules and routes as the alerts will be, so that it can be
    told before the background work has raised them. Never why: only about what, and by when.
    """
    pack = pack_of(response)
    hours = [_time(pack, key, default) for key, default in STAFFED]
    found: dict[str, Promise] = {}
    # The most urgent come first, so the first of a kind is the one that counts.
    for concern in pack.triage.evaluate(response.answers, {}):
        route = pack.routing.route(concern.kind, concern.urgency)
        look_by, settle_by = (
            by_when(response.at, within, opens=hours[0], closes=hours[1])
            for within in (route.accept_within, route.resolve_within)
        )
        promise = Promise(concern.kind, route.function, look_by, settle_by)
        found.setdefault(concern.kind, promise)
    return tuple(sorted(found.values(), key=lambda each: each.look_by))


STAFFED = (("answers_read_from", "00:00"), ("answers_read_until", "23:59"))


def _time(pack: Pack, key: str, default: str) -> time:
    """The hours in which answers are read; a pack that names none promises by the clock."""
    known = pack.settings.get(key)
    return time.fromisoformat(str(known.default) if known else default)
