"""What follows from how a call ended. Each step is repeatable: its rows have keys."""

from datetime import datetime

from openprotect.alerts import actions as alerts
from openprotect.alerts.actions import Concern
from openprotect.alerts.models import Alert
from openprotect.alerts.rules import CLINICAL, DATA, SAFEGUARDING, URGENCIES, WELFARE
from openprotect.calls.models import Attempt, Call
from openprotect.calls.rules import as_now
from openprotect.contacts.actions import reaching
from openprotect.events.models import Event
from openprotect.people import actions as people

# How a call ended, where a step is there for that end alone; and what it was called before.
EMERGENCY = ("HANDED_OVER",)
ASKED_TO_STOP = ("OPTED_OUT", "STOP")
REPORTED_DEAD = ("DIED",)
HARM = ("SAFEGUARDING",)


def rank_their_call_anew(event: Event, at: datetime) -> None:
    """What is open about somebody, or what they need, has changed: so may their turn."""
    if event.person_id:
        waiting = Call.objects.filter(person_id=event.person_id, status=Call.Status.WAITING)
        waiting.exclude(ranked_at=None).update(ranked_at=None)


def look_after_an_emergency(event: Event, at: datetime) -> None:
    """A call handler stopped for an emergency: somebody clinical makes sure that help came.

    What was answered may have raised that already; an emergency only heard has not. Where nobody
    could be handed over to, a clinician is told so at once, whatever is open already.
    """
    if event.detail.get("outcome") not in EMERGENCY:
        return
    call = _call(event)
    if event.detail.get("handover") == "failed":
        _raise(call, "handover-failed", CLINICAL, "now", _why_not_handed_over(call), at=at)
    elif not Alert.objects.filter(source_id=call.checkin_id, urgency=URGENCIES["now"]).exists():
        words = "Emergency on the phone: did help come?"
        _raise(call, "emergency-call", CLINICAL, "now", words, at=at)


def _why_not_handed_over(call: Call) -> str:
    tried = Attempt.objects.filter(call=call, did_speak=False).order_by("-at", "id").first()
    why = f" {tried.why_not}" if tried else ""
    return f"Emergency on the phone, and nobody could be spoken to.{why} Ring them now."[:300]


def raise_a_safeguarding_concern(event: Event, at: datetime) -> None:
    """A call handler is worried that somebody is harmed or neglected: its owner hears at once."""
    if event.detail.get("outcome") in HARM:
        words = "A call handler is worried that somebody harms or neglects them"
        _raise(_call(event), "safeguarding-call", SAFEGUARDING, "now", words, at=at)


UNREACHED = {
    "WRONG_NUMBER": "The phone number we hold is wrong, and nobody could be reached",
    "LINE_DEAD": "The line of the phone number we hold is dead, and nobody could be reached",
    "MOVED": "Somebody who answered the phone said that they live elsewhere now: please confirm",
    "LANGUAGE": "No call handler speaks their language, after several tries",
    "RESCHEDULED": "Put off several times, and the questions were never asked",
    "DIED": "Somebody who answered the phone said that this person has died: please confirm",
}
UNKNOWN_NUMBER = frozenset({"WRONG_NUMBER", "LINE_DEAD", "MOVED"})


def hand_an_unreached_person_to_a_team(event: Event, at: datetime) -> None:
    """Nobody could be reached by phone: a team takes over, so that nobody is closed by silence."""
    outcome = as_now(str(event.detail.get("outcome", "")))
    words = UNREACHED.get(outcome, "Could not be reached by text or phone, after several tries")
    kind = DATA if outcome == "DIED" else WELFARE
    _raise(_call(event), "not-reached", kind, "today", words, at=at)


def start_the_ladder(event: Event, at: datetime) -> None:
    """Nobody could be reached by phone: rung by rung, with an owner each, until somebody is."""
    outcome = as_now(str(event.detail.get("outcome", "")))
    if outcome == "DIED":
        return
    why = "WRONG_NUMBER" if outcome in UNKNOWN_NUMBER else "NO_ANSWER"
    reaching.open_ladder(
        _call(event).enrolment, "LANGUAGE" if outcome == "LANGUAGE" else why, at=at
    )


def confirm_a_reported_death(event: Event, at: datetime) -> None:
    """A death told on the phone stops all contact at once; the practice confirms it."""
    if event.detail.get("outcome") in REPORTED_DEAD:
        _stop(event, "reported dead by phone", at=at)


def stop_when_asked_by_phone(event: Event, at: datetime) -> None:
    """Somebody said on the phone that they want no more contact: that holds at once."""
    if event.detail.get("outcome") in ASKED_TO_STOP:
        _stop(event, "asked by phone", at=at)


def _stop(event: Event, because: str, *, at: datetime) -> None:
    people.stop_contact(_call(event).person, because=because, at=at)


def _raise(call: Call, rule: str, kind: str, urgency: str, reason: str, *, at: datetime) -> None:
    """What a call found is a concern like any other: one owner and a due time."""
    alerts.raise_alert(
        call.enrolment,
        Concern(rule, kind, urgency, reason, is_worse=rule == "handover-failed"),
        source_id=call.pk,
        pack_id=call.checkin.pack_id,
        at=at,
    )


def _call(event: Event) -> Call:
    return Call.objects.select_related("enrolment", "checkin", "person").get(pk=event.subject_id)
