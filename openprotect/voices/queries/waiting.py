"""Which teams have something waiting, how much and since when: counts, and nobody's name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Least

from openprotect.alerts.models import Alert
from openprotect.enrolments.models import Enrolment
from openprotect.places.models import Team
from openprotect.programmes.models import Programme
from openprotect.referrals.models import Referral
from openprotect.voices.rules import ALERTS, REFERRALS, REVIEWS, Wait


@dataclass(frozen=True)
class Behind:
    """A team, and what waits for it."""

    team: Team
    wait: Wait


def behind(programme: Programme, *, at: datetime) -> list[Behind]:
    """Every team with something waiting past its time, the longest first; one query a table."""
    waits = [*_reviews(programme), *_alerts(programme, at=at), *_referrals(programme, at=at)]
    teams = Team.objects.open(at.date()).select_related("organisation", "covers")
    known = teams.in_bulk({team_id for team_id, _ in waits})
    found = [Behind(known[team_id], wait) for team_id, wait in waits if team_id in known]
    found = _beside_their_peers(found, at=at)
    return sorted(found, key=lambda each: (each.wait.since, each.team.name, each.wait.about))


def _reviews(programme: Programme) -> list[tuple[UUID, Wait]]:
    """People the rules found whom their practice has not looked through."""
    counted = Enrolment.objects.in_preview().not_absent().filter(programme=programme)
    rows = list(
        counted.order_by()
        .values_list("practice_id")
        .annotate(people=Count("id"), since=Min("found_at"))
    )
    theirs = Team.objects.filter(
        function=Team.Function.PRACTICE, covers_id__in=[each[0] for each in rows]
    )
    team_of = dict(theirs.order_by("-id").values_list("covers_id", "id"))
    return [
        (team_of[practice], Wait(REVIEWS, people, since))
        for practice, people, since in rows
        if practice in team_of
    ]


def _alerts(programme: Programme, *, at: datetime) -> list[tuple[UUID, Wait]]:
    """Alerts that were to be accepted, or settled, by now."""
    offered = Q(status=Alert.Status.RAISED, accept_by__lt=at)
    late = Alert.objects.open().filter(offered | Q(due_at__lt=at), programme=programme)
    rows = (
        late.order_by()
        .values_list("team_id")
        .annotate(many=Count("id"), since=Min(Least("accept_by", "due_at")))
    )
    return [(team, Wait(ALERTS, many, since)) for team, many, since in rows]


def _referrals(programme: Programme, *, at: datetime) -> list[tuple[UUID, Wait]]:
    late = Referral.objects.late(at).filter(programme=programme)
    rows = (
        late.order_by()
        .values_list("to_team_id")
        .annotate(many=Count("id"), since=Min(Least(F("accept_by"), F("due_at"))))
    )
    return [(team, Wait(REFERRALS, many, since)) for team, many, since in rows]


def _beside_their_peers(found: Iterable[Behind], *, at: datetime) -> list[Behind]:
    """How many other teams that do the same job have nothing waiting that long."""
    found = list(found)
    counted = Team.objects.open(at.date()).order_by().values_list("function")
    teams = dict(counted.annotate(many=Count("id")))
    alike: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for each in found:
        alike[each.team.function, each.wait.about].append(each.wait.since)
    return [_compared(each, teams, alike) for each in found]


def _compared(
    each: Behind, teams: dict[str, int], alike: dict[tuple[str, str], list[datetime]]
) -> Behind:
    peers = teams.get(each.team.function, 1) - 1
    since = alike[each.team.function, each.wait.about]
    as_late = sum(other <= each.wait.since for other in since) - 1
    return replace(each, wait=replace(each.wait, peers=peers, peers_clear=peers - as_late))
