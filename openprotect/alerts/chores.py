"""What time makes due: lapsed offers move on, orphans get a home, overdue alerts climb."""

from datetime import datetime
from itertools import islice

from django.db.models import Exists, OuterRef, Q

from openprotect.accounts.models import Membership
from openprotect.alerts.actions import hand_on
from openprotect.alerts.actions.owning import climb, lapse, offer_anew, rehome
from openprotect.alerts.models import Alert, AlertQuerySet
from openprotect.alerts.queries import timing
from openprotect.alerts.rules import HIGHEST, rung
from openprotect.governance.queries import purposes_in_force
from openprotect.places import queries as places
from openprotect.places.models import Team
from openprotect.programmes.queries.staffing import is_staffed

Instead = Alert.Instead


def take_back_unaccepted(*, at: datetime, limit: int = 500) -> int:
    """Alerts not accepted in time go to the next team in line, in the end to surveillance."""
    late = _in_force(at=at).filter(status=Alert.Status.RAISED, accept_by__lte=at)
    late = late.exclude(team__function="surveillance").order_by("accept_by", "id")
    return sum(lapse(alert, at=at) for alert in late[:limit])


def rehome_orphans(*, at: datetime, limit: int = 500) -> int:
    """Open alerts of a team that has closed, or where nobody works any more, get another owner.

    Teams are looked at, not alerts: there are few teams, however many alerts are open.
    """
    held = _in_force(at=at).exclude(team__function="surveillance")
    pairs = held.values_list("team_id", "programme__purpose").distinct()
    teams = Team.objects.select_related("organisation").in_bulk({team for team, _ in pairs})
    moved = 0
    for team_id, purpose in sorted(pairs, key=str):
        why = _gone(teams[team_id], purpose, at=at)
        if why:
            theirs = held.filter(team_id=team_id, programme__purpose=purpose).order_by("id")
            moved += sum(rehome(alert, why=why, at=at) for alert in theirs[:limit])
    return moved


def _gone(team: Team, purpose: str, *, at: datetime) -> str:
    if places.has_closed(team, at.date()):
        return Instead.CLOSED
    return "" if is_staffed(team, purpose, at=at) else Instead.NOBODY


def offer_anew_what_leavers_held(*, at: datetime, limit: int = 500) -> int:
    """Alerts accepted by somebody who has left since must be accepted anew by the team."""
    here = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        user_id=OuterRef("accepted_by_id"),
        user__is_active=True,
        starts_at__lte=at,
        purpose=OuterRef("programme__purpose"),
    )
    left = _in_force(at=at).filter(status=Alert.Status.ACCEPTED).exclude(Exists(here))
    return sum(offer_anew(alert, at=at) for alert in left.order_by("id")[:limit])


def climb_overdue(*, at: datetime, limit: int = 500) -> int:
    """Overdue alerts are put before the next above; what stands where is worked out when read."""
    late = Q(due_at__lt=at) | Q(
        status=Alert.Status.RAISED, team__function="surveillance", accept_by__lt=at
    )
    found = Alert.objects.open().filter(late, rung__lt=HIGHEST).select_related("team")
    risen = (
        each for each in found.order_by("due_at", "id") if rung(timing(each), at=at) > each.rung
    )
    return sum(climb(alert, at=at) for alert in islice(risen, limit))


def hand_to_practices_after_basis(*, at: datetime, limit: int = 500) -> int:
    """When a legal basis has ended, open alerts go to the registered practice as direct care."""
    over = Alert.objects.open().exclude(programme__purpose__in=purposes_in_force(at=at))
    over = over.exclude(team__function="practice").order_by("id")
    moved = 0
    for alert in over.select_related("enrolment__practice")[:limit]:
        if team := places.nearest_team("practice", alert.enrolment.practice, at.date()):
            hand_on(alert, team, because="the legal basis ended", at=at)
            moved += 1
    return moved


def _in_force(*, at: datetime) -> AlertQuerySet:
    """Open alerts whose programme has a legal basis now; the others are the practices' alone."""
    return Alert.objects.open().filter(programme__purpose__in=purposes_in_force(at=at))
