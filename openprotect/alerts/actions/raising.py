"""Raising alerts from what people say: each need once, with one owner and a due time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.alerts.actions.marking import mark
from openprotect.alerts.models import Alert, Evaluation, Finding
from openprotect.alerts.queries.beside import known_beside
from openprotect.alerts.queries.owners import Owner, Wanted, owner_for
from openprotect.alerts.rules import URGENCIES, need_of
from openprotect.checkins.models import Checkin, Response
from openprotect.enrolments.models import Enrolment
from openprotect.packs.routing import Route
from openprotect.packs.triage import CouldNotEvaluate
from openprotect.places.models import Team
from openprotect.programmes.queries import pack_of

NOT_COMPUTED = "A rule could not be computed: "


@dataclass(frozen=True)
class Concern:
    """Why an alert is raised: the rule that says so, its kind, how soon, the reason in words.

    `route` where the pack decided it for all concerns together; `is_worse` than last time.
    """

    rule: str
    kind: str
    urgency: str
    reason: str
    route: Route | None = None
    is_worse: bool = False


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
    concerns, failures = _concerns(
        response.checkin, response.answers, channel=response.channel, at=at
    )
    for concern in _most_urgent_first(concerns):
        raise_alert(
            response.checkin.enrolment,
            concern,
            source_id=response.checkin_id,
            pack_id=response.pack_id,
            response=response,
            at=at,
        )
    _note_what_was_not_said(response, {need_of(e.kind, e.rule) for e in concerns}, at=at)
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
    concerns, _ = _concerns(checkin, answers, at=at)
    found = [each for each in concerns if only is None or each.urgency in only]
    for concern in _most_urgent_first(found):
        raise_alert(
            checkin.enrolment, concern, source_id=checkin.pk, pack_id=checkin.pack_id, at=at
        )
    return len(found)


def _most_urgent_first(concerns: Iterable[Concern]) -> list[Concern]:
    return sorted(concerns, key=lambda each: URGENCIES[each.urgency])


def _note_what_was_not_said(response: Response, said: Collection[str], *, at: datetime) -> None:
    """Answered again without a word of what is still open: noted, and nothing is closed by it."""
    unsaid = Alert.objects.open().filter(
        enrolment_id=response.checkin.enrolment_id, response__isnull=False
    )
    for alert in unsaid.exclude(need__in=said).order_by("id"):
        mark(alert, "alert.not_said_again", at=at, response=str(response.pk))


def _concerns(
    checkin: Checkin, answers: Mapping[str, object], *, channel: str = "", at: datetime
) -> tuple[list[Concern], int]:
    """What the rules of the version that was asked find, each with its route and how it changed."""
    known = known_beside(checkin, channel=channel, at=at)
    concerns, failures = [], 0
    for decision in pack_of(checkin).decide(answers, known):
        each = decision.outcome
        failed = isinstance(each, CouldNotEvaluate)
        reason = f"{NOT_COMPUTED}{each.reason}"[:300] if failed else each.reason
        failures += failed
        concerns.append(
            Concern(
                each.rule,
                each.kind,
                each.urgency,
                reason,
                route=decision.route,
                is_worse=decision.change == "worse" and known.before is not None,
            )
        )
    return concerns, failures


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
    """An alert with exactly one owning team and a due time; or the same need, noted on its alert.

    A rule speaks once about one thing. Of one need there is one open alert: said again, it is
    noted; worse, it becomes more urgent and is offered anew; better, it is noted and stays open.
    """
    # Everything about one enrolment queues here, so that two workers cannot raise it twice.
    enrolments = Enrolment.objects.select_for_update(of=("self",))
    enrolment = enrolments.select_related("practice", "programme").get(pk=enrolment.pk)
    known = Finding.objects.filter(source_id=source_id, rule=concern.rule).first()
    if known:
        return _complete(known, response)
    spoken = _Spoken(concern, source_id, pack_id, response, at)
    held = Alert.objects.select_for_update(of=("self",)).open()
    alert = held.filter(enrolment=enrolment, need=need_of(concern.kind, concern.rule)).first()
    if alert:
        return _note(alert, spoken, enrolment)
    return _make(spoken, enrolment)


@dataclass(frozen=True)
class _Spoken:
    """A concern, what it came from, and when."""

    concern: Concern
    source_id: UUID
    pack_id: UUID
    response: Response | None
    at: datetime

    def find(self, alert: Alert, standing: str) -> None:
        Finding.objects.create(
            alert=alert,
            person_id=alert.person_id,
            source_id=self.source_id,
            response=self.response,
            rule=self.concern.rule,
            urgency=URGENCIES[self.concern.urgency],
            reason=self.concern.reason,
            standing=standing,
            at=self.at,
        )

    def owner(self, enrolment: Enrolment) -> tuple[Owner, Route]:
        concern = self.concern
        route = concern.route or route_of(self.pack_id, concern.kind, concern.urgency)
        wanted = Wanted(
            concern.kind, concern.urgency, enrolment.practice, enrolment.programme.purpose, route
        )
        return owner_for(wanted, at=self.at), route


def _complete(known: Finding, response: Response | None) -> Alert:
    """What was raised while somebody was still answering gets the answers once they are in."""
    if response and known.response_id is None:
        Finding.objects.filter(pk=known.pk).update(response=response)
        Alert.objects.filter(pk=known.alert_id, source_id=known.source_id, response=None).update(
            response=response
        )
    return Alert.objects.get(pk=known.alert_id)


def _make(spoken: _Spoken, enrolment: Enrolment) -> Alert:
    owner, route = spoken.owner(enrolment)
    concern, at = spoken.concern, spoken.at
    need = need_of(concern.kind, concern.rule)
    before = Alert.objects.filter(enrolment=enrolment, need=need).order_by("-raised_at", "-id")
    made = Alert.objects.create(
        person_id=enrolment.person_id,
        enrolment=enrolment,
        programme_id=enrolment.programme_id,
        pack_id=spoken.pack_id,
        source_id=spoken.source_id,
        response=spoken.response,
        rule=concern.rule,
        kind=concern.kind,
        need=need,
        urgency=URGENCIES[concern.urgency],
        reason=concern.reason,
        team=owner.team,
        instead=owner.instead,
        follows=before.first(),
        raised_at=at,
        accept_by=owner.accept_by,
        due_at=at + route.resolve_within,
    )
    spoken.find(made, Finding.Standing.RAISED)
    mark(made, "alert.raised", at=at, rule=concern.rule, team=str(owner.team.pk))
    return made


def _note(alert: Alert, spoken: _Spoken, enrolment: Enrolment) -> Alert:
    """The same need again: more urgent, or worse than last time, it is offered anew; else noted."""
    urgency = URGENCIES[spoken.concern.urgency]
    is_new = spoken.source_id != alert.source_id
    if urgency < alert.urgency or (is_new and urgency == alert.urgency and spoken.concern.is_worse):
        spoken.find(alert, Finding.Standing.WORSE)
        return _worsen(alert, spoken, enrolment)
    if not is_new:
        standing = Finding.Standing.ALSO
    elif urgency > alert.urgency:
        standing = Finding.Standing.BETTER
    else:
        standing = Finding.Standing.SAME
    spoken.find(alert, standing)
    mark(alert, "alert.noted", at=spoken.at, rule=spoken.concern.rule, standing=standing)
    return alert


def _worsen(alert: Alert, spoken: _Spoken, enrolment: Enrolment) -> Alert:
    """What is more urgent now leads the alert, and somebody must accept it anew, in less time."""
    owner, route = spoken.owner(enrolment)
    concern = spoken.concern
    alert.move_to(Alert.Status.RAISED)
    alert.rule, alert.reason, alert.pack_id = concern.rule, concern.reason, spoken.pack_id
    alert.source_id, alert.response = spoken.source_id, spoken.response
    alert.urgency = URGENCIES[concern.urgency]
    alert.team, alert.instead = owner.team, owner.instead
    alert.accepted_at, alert.accepted_by = None, None
    alert.accept_by = owner.accept_by
    alert.due_at = min(alert.due_at, spoken.at + route.resolve_within)
    alert.due_at = max(alert.due_at, alert.raised_at)
    alert.save()
    mark(alert, "alert.worsened", at=spoken.at, rule=concern.rule, team=str(owner.team.pk))
    return alert


def owner_of(
    enrolment: Enrolment,
    kind: str,
    urgency: str,
    *,
    pack_id: UUID,
    at: datetime,
    not_to: Mapping[UUID, str] | None = None,
    first: Team | None = None,
) -> tuple[Owner, Route]:
    """Whose a need of this person is now, by the routes of a version of the programme's pack.

    `first` is who had it before: theirs again, where they can take it.
    """
    route = route_of(pack_id, kind, urgency)
    wanted = Wanted(kind, urgency, enrolment.practice, enrolment.programme.purpose, route)
    return owner_for(wanted, at=at, not_to=not_to, first=first), route


def route_of(pack_id: UUID, kind: str, urgency: str) -> Route:
    return pack_of(_By(pack_id)).routing.route(kind, urgency)


@dataclass(frozen=True)
class _By:
    pack_id: UUID
