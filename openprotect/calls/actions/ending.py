"""Recording what came of ringing, with all that the outcome asks for, in one transaction."""

from datetime import datetime, timedelta

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.calls.actions.claiming import held_by
from openprotect.calls.actions.noting import note as event
from openprotect.calls.models import Attempt, Call
from openprotect.calls.rules import (
    COMPLETE,
    IN_LEDGER,
    NOTHING_MORE,
    RING_AGAIN_AFTER,
    Attempted,
    Consequence,
    Told,
    check_told,
    consequence,
)
from openprotect.calls.rules.outcomes import HOSPITAL_UNLESS_TOLD
from openprotect.checkins.actions.excusing import excuse
from openprotect.checkins.models import Excuse, Response
from openprotect.checkins.rules import LOCAL
from openprotect.contacts import actions as contacts
from openprotect.governance.actions import record_access
from openprotect.people.actions.choosing import record_need
from openprotect.people.models import Need, Via
from openprotect.programmes.queries import setting

EVENTS = {
    Consequence.DONE: "call.done",
    Consequence.RING_AGAIN: "call.not_reached",
    Consequence.AS_AGREED: "call.agreed",
    Consequence.HAND_ON: "call.handed_on",
}


@transaction.atomic
def record_outcome(
    call: Call,
    outcome: str,
    *,
    note: str,
    viewer: Viewer,
    at: datetime,
    told: Told = NOTHING_MORE,
) -> Consequence:
    """What came of ringing. Spoken to means the answers are in; nobody reached is never the end."""
    call = held_by(viewer, call, at=at)
    if outcome in COMPLETE and not _answered(call):
        raise Refused("Go through the questions and send the answers first.")
    check_told(outcome, note, told, at=at)
    _keep(call, outcome, note, told, viewer, at=at)
    call.attempts += 1
    after = consequence(Attempted(outcome, call.attempts, _most(call, at=at)))
    record_access([call.person_id], what="calls.record", why="outcome of a call")
    _follow_at_once(call, outcome, told, viewer, at=at)
    event(call, EVENTS[after], at=at, by=viewer, **_in_the_event(outcome, told))
    contacts.settle(call.pk, IN_LEDGER[outcome], at=at)
    _settle(call, after, outcome, told, at=at)
    return after


def _most(call: Call, *, at: datetime) -> int:
    practice = call.enrolment.practice
    most = setting(call.enrolment.programme, "call_attempts", practice=practice, at=at)
    return int(str(most))


def _answered(call: Call) -> bool:
    return Response.objects.filter(checkin_id=call.checkin_id).exists()


def _keep(
    call: Call, outcome: str, note: str, told: Told, viewer: Viewer, *, at: datetime
) -> Attempt:
    return Attempt.objects.create(
        call=call,
        person_id=call.person_id,
        outcome=outcome,
        note=note.strip(),
        ring_at=told.when,
        language=told.language,
        home_on=told.home_on,
        by_whom=told.by_whom,
        relationship=told.relationship.strip(),
        consent=told.consent,
        handed_to=told.handed_to.strip(),
        did_speak=told.did_speak,
        why_not=told.why_not.strip(),
        is_bereaved=told.is_bereaved,
        by_id=viewer.user_id,
        at=at,
    )


def _in_the_event(outcome: str, told: Told) -> dict[str, str]:
    """Codes alone: what was written stays with the attempt."""
    failed = {"handover": "failed"} if told.did_speak is False else {}
    return {"outcome": outcome, **failed}


def _follow_at_once(call: Call, outcome: str, told: Told, viewer: Viewer, *, at: datetime) -> None:
    """What must hold before anybody else can touch this person: a language, days in hospital."""
    if outcome == Attempt.Outcome.LANGUAGE:
        record_need(
            call.person_id,
            Need.Kind.LANGUAGE,
            via=Via.PHONE,
            at=at,
            language=told.language,
            by=viewer.user_id,
        )
    if outcome == Attempt.Outcome.HOSPITAL:
        today = at.astimezone(LOCAL).date()
        last = told.home_on - timedelta(days=1) if told.home_on else today + HOSPITAL_UNLESS_TOLD
        excuse(
            call.person_id,
            Excuse.Why.HOSPITAL,
            from_on=today,
            to_on=max(last, today),
            by=viewer.user_id,
            at=at,
        )


def _settle(call: Call, after: Consequence, outcome: str, told: Told, *, at: datetime) -> None:
    call.agreed_at = call.assigned_to = call.assigned_until = call.ranked_at = None
    call.on_paper = False
    if after in (Consequence.RING_AGAIN, Consequence.AS_AGREED):
        call.move_to(Call.Status.WAITING)
        call.due_at = _again_at(outcome, told, at=at)
        call.agreed_at = told.when
        call.claimed_by = call.leased_until = None
        if told.language:
            call.language, call.kept_until = told.language, None
    else:
        done = after == Consequence.DONE
        call.move_to(Call.Status.DONE if done else Call.Status.HANDED_ON)
        call.ended_at, call.outcome = at, outcome
    call.save()


def _again_at(outcome: str, told: Told, *, at: datetime) -> datetime:
    """At the time that was agreed; at once for whoever speaks their language; else in a while."""
    if told.when:
        return told.when
    return at if outcome == Attempt.Outcome.LANGUAGE else at + RING_AGAIN_AFTER
