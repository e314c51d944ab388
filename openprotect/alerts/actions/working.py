"""Working an alert until it is closed: accepting, closing, giving it to another team."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.alerts.actions.locking import hold
from openprotect.alerts.actions.marking import mark
from openprotect.alerts.models import Alert, Urgency
from openprotect.alerts.queries import may_act, visible_to, what_changed
from openprotect.alerts.rules import ChangedMeanwhile, NotYourAlert
from openprotect.base.refusals import Refused
from openprotect.governance.actions import record_access
from openprotect.places.models import Team

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Accepted:
    """How many alerts of a batch were taken on, and why the others were not."""

    taken: int
    refused: tuple[str, ...]


@transaction.atomic
def accept(alert: Alert, *, viewer: Viewer, at: datetime) -> Alert:
    """Take an alert on for one's team. Accepted twice by the same person changes nothing."""
    alert = mine(alert, viewer)
    if alert.status == Alert.Status.ACCEPTED:
        if alert.accepted_by_id == viewer.user_id:
            return alert
        who = alert.accepted_by.name if alert.accepted_by else "Somebody else"
        raise ChangedMeanwhile(f"{who} has already accepted this.")
    if alert.status == Alert.Status.CLOSED:
        raise ChangedMeanwhile("This was closed meanwhile.")
    alert.move_to(Alert.Status.ACCEPTED)
    alert.accepted_at, alert.accepted_by_id = at, viewer.user_id
    alert.save(update_fields=["status", "accepted_at", "accepted_by"])
    mark(alert, "alert.accepted", at=at, viewer=viewer)
    return alert


@transaction.atomic
def accept_many(ids: Collection[UUID], *, viewer: Viewer, at: datetime) -> Accepted:
    """Take on several alerts in one step, each as if alone: what somebody else has is said.

    Up to fifty. Whoever wants more asks a second person to look; nothing is closed in bulk, ever.
    """
    wanted = sorted(set(ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(
            f"Up to {MOST_AT_ONCE} at once. For more, a second person has to take their share."
        )
    taken, refused = 0, []
    for alert in visible_to(viewer).filter(pk__in=wanted).order_by("id"):
        try:
            with transaction.atomic():
                accept(alert, viewer=viewer, at=at)
        except Refused as why:
            refused.append(str(why))
        else:
            taken += 1
    gone = len(wanted) - taken - len(refused)
    return Accepted(taken, tuple(refused) + ("This is not with you any more.",) * gone)


@transaction.atomic
def close(
    alert: Alert, outcome: str, *, note: str, viewer: Viewer, at: datetime, seen: str = ""
) -> Alert:
    """End an alert with a coded outcome, which is told to the practice and the person.

    `seen` is what the page showed: whatever has changed since is to be read before it is closed.
    """
    alert = mine(alert, viewer)
    outcome = Alert.Outcome(outcome)
    if alert.status == Alert.Status.CLOSED:
        if alert.outcome == outcome and alert.closed_by_id == viewer.user_id:
            return alert
        raise ChangedMeanwhile("This was closed meanwhile: nothing of yours was saved over it.")
    still_as_seen(alert, seen)
    if at < alert.raised_at:
        raise Refused("An outcome cannot be from before the alert.")
    if outcome == Alert.Outcome.NOT_REACHED and not note.strip():
        raise Refused("Say what was tried, so that nobody is given up on in silence.")
    if alert.urgency == Urgency.NOW and not note.strip():
        raise Refused("This needed action now: write what was done before you close it.")
    alert.move_to(Alert.Status.CLOSED)
    alert.closed_at, alert.closed_by_id = at, viewer.user_id
    alert.outcome, alert.note = outcome, note.strip()
    # Noted first: with their last open alert closed, somebody may be out of sight at once.
    mark(alert, "alert.closed", at=at, viewer=viewer, outcome=outcome)
    alert.save(update_fields=["status", "closed_at", "closed_by", "outcome", "note"])
    return alert


MOVED = ["status", "team", "accepted_at", "accepted_by", "accept_by", "instead", "passed_by"]


@transaction.atomic
def hand_on(
    alert: Alert, team: Team, *, because: str, at: datetime, accept_by: datetime | None = None
) -> None:
    """Give an alert to another team, which has not accepted it yet; it is never without one."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if alert.status == Alert.Status.CLOSED or alert.team_id == team.pk:
        return
    alert.move_to(Alert.Status.RAISED)
    alert.team, alert.accepted_at, alert.accepted_by = team, None, None
    alert.accept_by = accept_by or alert.accept_by
    alert.instead, alert.passed_by = "", []
    alert.save(update_fields=MOVED)
    mark(alert, "alert.handed_on", at=at, team=str(team.pk), because=because)


def mine(alert: Alert, viewer: Viewer) -> Alert:
    """The alert, locked, if this member of staff may act on it."""
    hold(alert.pk)
    alert = Alert.objects.select_related(
        "team", "accepted_by", "enrolment__practice", "enrolment__programme", "programme"
    ).get(pk=alert.pk)
    if not may_act(viewer, alert):
        raise NotYourAlert(f"This is with {alert.team.name}.")
    record_access([alert.person_id], what="alerts.act", why="working an alert")
    return alert


def still_as_seen(alert: Alert, seen: str) -> None:
    """Refuse when an alert is not any more as a page showed it; an empty `seen` claims nothing."""
    if seen and (changed := what_changed(alert, seen)):
        raise ChangedMeanwhile(changed)
