"""What time and change do to ownership: lapsed offers, teams that are gone, overdue alerts."""

from datetime import datetime

from django.db import transaction

from openprotect.alerts.actions.locking import hold
from openprotect.alerts.actions.marking import mark
from openprotect.alerts.actions.raising import owner_of
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import WORDS, timing
from openprotect.alerts.rules import rung
from openprotect.programmes.queries import pack_of

Instead = Alert.Instead


def _locked(alert: Alert) -> Alert:
    hold(alert.pk)
    found = Alert.objects.select_related(
        "team__organisation", "enrolment__practice", "enrolment__programme"
    )
    return found.get(pk=alert.pk)


@transaction.atomic
def lapse(alert: Alert, *, at: datetime) -> bool:
    """An offer that nobody accepted in time goes to the next team, in the end surveillance."""
    alert = _locked(alert)
    if alert.status != Alert.Status.RAISED or alert.accept_by > at:
        return False
    return _offer_elsewhere(alert, because="not accepted in time", why=Instead.NOT_ACCEPTED, at=at)


@transaction.atomic
def rehome(alert: Alert, *, why: str, at: datetime) -> bool:
    """The owning team has closed, or nobody works there any more: the next team in line owns it."""
    alert = _locked(alert)
    if alert.status == Alert.Status.CLOSED:
        return False
    return _offer_elsewhere(alert, because=str(Instead(why).label), why=why, at=at)


def _offer_elsewhere(alert: Alert, *, because: str, why: str, at: datetime) -> bool:
    passed = dict.fromkeys([*alert.passed_by, alert.team_id], why)
    owner, _ = owner_of(
        alert.enrolment,
        alert.kind,
        WORDS[alert.urgency],
        pack_id=alert.pack_id,
        at=at,
        not_to=passed,
    )
    if owner.team.pk == alert.team_id:
        return False
    alert.move_to(Alert.Status.RAISED)
    alert.passed_by = list(passed)
    alert.team, alert.instead = owner.team, owner.instead or why
    alert.accepted_at, alert.accepted_by = None, None
    alert.accept_by = max(owner.accept_by, alert.raised_at)
    alert.save()
    mark(alert, "alert.handed_on", at=at, team=str(owner.team.pk), because=because)
    return True


@transaction.atomic
def offer_anew(alert: Alert, *, at: datetime) -> bool:
    """Whoever accepted it is not with us any more: the team must accept it anew."""
    alert = _locked(alert)
    if alert.status != Alert.Status.ACCEPTED:
        return False
    route = pack_of(alert).routing.route(alert.kind, WORDS[alert.urgency])
    alert.move_to(Alert.Status.RAISED)
    alert.accepted_at, alert.accepted_by = None, None
    alert.accept_by = max(at + route.accept_within, alert.raised_at)
    alert.save()
    mark(alert, "alert.offered_anew", at=at, team=str(alert.team_id))
    return True


@transaction.atomic
def climb(alert: Alert, *, at: datetime) -> bool:
    """An overdue alert is put before whoever stands next above: noted once for each rung."""
    alert = _locked(alert)
    if alert.status == Alert.Status.CLOSED:
        return False
    stands = rung(timing(alert), at=at)
    if stands <= alert.rung:
        return False
    alert.rung = stands
    alert.save(update_fields=["rung"])
    mark(alert, "alert.climbed", at=at, rung=str(stands), team=str(alert.team_id))
    return True
