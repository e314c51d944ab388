"""Raising alerts so that each has one owner and a due time, and working them until closed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.alerts.models import Alert, Evaluation, Urgency
from openprotect.alerts.queries import may_act, what_changed
from openprotect.alerts.rules import URGENCIES, ChangedMeanwhile, NotYourAlert
from openprotect.base.refusals import Refused
from openprotect.checkins.models import Checkin, Response
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.governance.actions import record_access
from openprotect.packs.routing import Route
from openprotect.packs.triage import CouldNotEvaluate
from openprotect.places import queries as places
from openprotect.places.models import Team
from openprotect.programmes.queries import pack_of

NOT_COMPUTED = "A rule could not be computed: "


@dataclass(frozen=True)
class Concern:
    """Why an alert is raised: the rule that says so, its kind, how soon, the reason in words."""

    rule: str
    kind: str
    urgency: str
    reason: str


@transaction.atomic
def evaluate(response: Response, *, at: datetime) -> Evaluation:
    """Put a response to the pack's rules, once: alerts and the note of it commit together.

    A rule that cannot be computed makes an alert that says so, never silence.
    """
    # Nobody may change a response, or lock it: its check-in stands for it.
    Checkin.objects.select_for_update(of=("self",)).get(pk=response.checkin_id)
    done = Evaluation.objects.filter(pk=response.pk).first()
    if done:
        return done
    concerns, failures = _concerns(response.checkin, response.answers)
    for concern in concerns:
        raise_alert(
            response.checkin.enrolment,
            concern,
            source_id=response.checkin_id,
            pack_id=response.pack_id,
            response=response,
            at=at,
        )
    return Evaluation.objects.create(
        response=response,
        person_id=response.person_id,
        at=at,
        findings=len(concerns) - failures,
        failures=failures,
    )


@transaction.atomic
def evaluate_unfinished(
    checkin: Checkin,
    answers: Mapping[str, object],
    *,
    only: Collection[str] | None = ("now",),
    at: datetime,
) -> int:
    """Answers that are not sent in yet, or never will be: raise what they call for already.

    While more may come, `only` what is urgent now; with None everything.
    """
    concerns, _ = _concerns(checkin, answers)
    found = [each for each in concerns if only is None or each.urgency in only]
    for concern in found:
        raise_alert(
            checkin.enrolment, concern, source_id=checkin.pk, pack_id=checkin.pack_id, at=at
        )
    return len(found)


def _concerns(checkin: Checkin, answers: Mapping[str, object]) -> tuple[list[Concern], int]:
    results = pack_of(checkin).triage.evaluate(answers, {})
    failed = [each for each in results if isinstance(each, CouldNotEvaluate)]
    found = [
        Concern(each.rule, each.kind, each.urgency, each.reason)
        for each in results
        if not isinstance(each, CouldNotEvaluate)
    ]
    unclear = [
        Concern(each.rule, each.kind, each.urgency, f"{NOT_COMPUTED}{each.reason}"[:300])
        for each in failed
    ]
    return [*found, *unclear], len(failed)


@transaction.atomic
def raise_alert(
    enrolment: Enrolment,
    concern: Concern,
    *,
    source_id: UUID,
    pack_id: UUID,
    at: datetime,
    response: Response | None = None,
) -> Alert:
    """An alert with exactly one owning team and a due time. A rule alerts once about one thing."""
    # Everything about one enrolment queues here, so that two workers cannot raise it twice.
    enrolments = Enrolment.objects.select_for_update(of=("self",)).select_related("practice")
    enrolment = enrolments.get(pk=enrolment.pk)
    known = Alert.objects.filter(source_id=source_id, rule=concern.rule).first()
    if known:
        if response and known.response_id is None:
            Alert.objects.filter(pk=known.pk).update(response=response)
        return known
    route = pack_of(_By(pack_id)).routing.route(concern.kind, concern.urgency)
    team = _team(route, enrolment, at=at)
    made = Alert.objects.create(
        person_id=enrolment.person_id,
        enrolment=enrolment,
        programme_id=enrolment.programme_id,
        pack_id=pack_id,
        source_id=source_id,
        response=response,
        rule=concern.rule,
        kind=concern.kind,
        urgency=URGENCIES[concern.urgency],
        reason=concern.reason,
        team=team,
        raised_at=at,
        accept_by=at + route.accept_within,
        due_at=at + route.resolve_within,
    )
    mark(made, "alert.raised", at=at, rule=concern.rule, team=str(team.pk))
    return made


@dataclass(frozen=True)
class _By:
    pack_id: UUID


class NobodyToOwnIt(Exception):
    """No team can own an alert: not even surveillance is open. A fault of set-up, never refused."""


def _team(route: Route, enrolment: Enrolment, *, at: datetime) -> Team:
    """The team that the pack names; where there is none, the pack's fallback; else surveillance."""
    team = places.team_for(route.function, enrolment.practice, at.date())
    if team is None or team.function != route.function:
        team = places.team_for(route.fallback, enrolment.practice, at.date())
    if team is None:
        raise NobodyToOwnIt("There is no surveillance team: import the places first.")
    return team


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
    alert.save(update_fields=["status", "team", "accepted_at", "accepted_by", "accept_by"])
    mark(alert, "alert.handed_on", at=at, team=str(team.pk), because=because)


def mine(alert: Alert, viewer: Viewer) -> Alert:
    """The alert, locked, if this member of staff may act on it."""
    alert = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("team", "accepted_by", "enrolment__practice", "programme")
        .get(pk=alert.pk)
    )
    if not may_act(viewer, alert):
        raise NotYourAlert(f"This is with {alert.team.name}.")
    record_access([alert.person_id], what="alerts.act", why="working an alert")
    return alert


def still_as_seen(alert: Alert, seen: str) -> None:
    """Refuse when an alert is not any more as a page showed it; an empty `seen` claims nothing."""
    if seen and (changed := what_changed(alert, seen)):
        raise ChangedMeanwhile(changed)


def mark(
    alert: Alert, name: str, *, at: datetime, viewer: Viewer | None = None, **detail: str
) -> None:
    record(
        name,
        alert.pk,
        at=at,
        by=viewer.user_id if viewer else None,
        person_id=alert.person_id,
        programme_id=alert.programme_id,
        **detail,
    )
