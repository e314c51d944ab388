"""Making calls due, giving each to one call handler, and recording what came of it."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from openprotect.accounts.models import User
from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.calls.models import Attempt, Call
from openprotect.calls.queries import where_it_went
from openprotect.calls.rules import (
    IN_LEDGER,
    LEASE,
    NEEDS_WORDS,
    RING_AGAIN_AFTER,
    Attempted,
    Consequence,
    NotYourCall,
    consequence,
)
from openprotect.checkins.models import Checkin, Response
from openprotect.checkins.queries import unanswered
from openprotect.contacts import actions as contacts
from openprotect.contacts.rules import HELD_FOR_CALL, WELFARE
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.governance.actions import record_access
from openprotect.people.models import Person
from openprotect.people.queries import refuses
from openprotect.people.rules import CALL
from openprotect.programmes.queries import setting

OPEN = [Call.Status.WAITING, Call.Status.CLAIMED]


@transaction.atomic
def ask_for_call(checkin: Checkin, why: Call.Why, *, at: datetime) -> Call | None:
    """A call to the person of this check-in. While one is open, asking again changes nothing."""
    person = Person.objects.select_for_update(of=("self",)).filter(pk=checkin.person_id).first()
    if person is None or not _may_be_rung(person, checkin.programme_id):
        return None
    if checkin.enrolment.status != Enrolment.Status.ACTIVE:
        return None
    now = Call.objects.filter(
        person_id=checkin.person_id, programme_id=checkin.programme_id, status__in=OPEN
    ).first()
    if now:
        return now
    made = Call.objects.create(
        enrolment_id=checkin.enrolment_id,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
        checkin=checkin,
        why=why,
        made_at=at,
        due_at=at,
    )
    _note(made, "call.due", at=at)
    return made


def _may_be_rung(person: Person, programme_id: UUID) -> bool:
    return person.may_be_contacted and not refuses(person.pk, CALL, programme_id)


@transaction.atomic
def claim_next(*, viewer: Viewer, at: datetime) -> Call | None:
    """The call this call handler holds, or the next one that waits; nobody else gets it.

    A call whose time with a call handler is over goes back to the queue by itself.
    """
    _one_at_a_time(viewer)
    mine = Q(status=Call.Status.CLAIMED, claimed_by_id=viewer.user_id, leased_until__gt=at)
    free = Q(status=Call.Status.WAITING, due_at__lte=at) | Q(
        status=Call.Status.CLAIMED, leased_until__lte=at
    )
    calls = Call.objects.select_for_update(skip_locked=True, of=("self",))
    while call := calls.filter(mine).first() or calls.filter(free).order_by("due_at", "id").first():
        is_new = call.claimed_by_id != viewer.user_id or call.status != Call.Status.CLAIMED
        _take(call, viewer, at=at)
        if not _may_be_rung(call.person, call.programme_id):
            # Found out at the last moment, as always before contact: nobody is rung, and the next.
            _end(call, Call.Status.CANCELLED, "may not be contacted", at=at)
            _note(call, "call.cancelled", at=at, by=viewer)
            continue
        if (until := _no_turn(call, at=at)) is not None:
            _put_off(call, until, viewer=viewer, at=at)
            continue
        if is_new:
            _note(call, "call.claimed", at=at, by=viewer)
        return call
    return None


def _take(call: Call, viewer: Viewer, *, at: datetime) -> None:
    """Hold a call under a lease, and turn it to the latest asking it can still answer."""
    call.move_to(Call.Status.CLAIMED)
    call.claimed_by_id, call.leased_until = viewer.user_id, at + LEASE
    call.save(update_fields=["status", "claimed_by", "leased_until"])
    if latest := unanswered(call.enrolment):
        call.checkin = latest
        call.save(update_fields=["checkin"])
    record_access([call.person_id], what="calls.claim", why=f"call due: {call.get_why_display()}")


def _no_turn(call: Call, *, at: datetime) -> datetime | None:
    """Until when the contact ledger lets this call wait; None holds the turn for it.

    Somebody whom the council spoke to yesterday about the same is not rung again today. That puts a
    call off and never ends it, and holds nobody back about whom an urgent alert is open.
    """
    answered = contacts.claim(
        call.person,
        programme_id=call.programme_id,
        subject_id=call.pk,
        channel="CALL",
        topic=WELFARE,
        hold_for=HELD_FOR_CALL,
        at=at,
        patiently=False,
    )
    return None if answered.is_yes else answered.until or at + RING_AGAIN_AFTER


def _put_off(call: Call, until: datetime, *, viewer: Viewer, at: datetime) -> None:
    # Noted first: once given back, its person is out of sight.
    _note(call, "call.put_off", at=at, by=viewer)
    call.move_to(Call.Status.WAITING)
    call.due_at, call.claimed_by, call.leased_until = until, None, None
    call.save(update_fields=["status", "due_at", "claimed_by", "leased_until"])


def _end(call: Call, status: Call.Status, outcome: str, *, at: datetime) -> None:
    call.move_to(status)
    call.ended_at, call.outcome = at, outcome
    call.save(update_fields=["status", "ended_at", "outcome"])


def _one_at_a_time(viewer: Viewer) -> None:
    """A double click must find the call that the first click claimed, not claim another."""
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
    with connection.cursor() as cursor:
        cursor.execute(lock, [viewer.user_id.hex])


@transaction.atomic
def record_outcome(
    call: Call, outcome: Attempt.Outcome, *, note: str, viewer: Viewer, at: datetime
) -> Consequence:
    """What came of ringing. Spoken to means the answers are in; nobody reached is never the end."""
    call = held_by(viewer, call, at=at)
    if outcome == Attempt.Outcome.ANSWERED and not _answered(call):
        raise Refused("Go through the questions and send the answers first.")
    if outcome in NEEDS_WORDS and not note.strip():
        raise Refused(NEEDS_WORDS[outcome])
    most = int(
        str(
            setting(
                call.enrolment.programme, "call_attempts", practice=call.enrolment.practice, at=at
            )
        )
    )
    Attempt.objects.create(
        call=call,
        person_id=call.person_id,
        outcome=outcome,
        note=note.strip(),
        by_id=viewer.user_id,
        at=at,
    )
    call.attempts += 1
    after = consequence(Attempted(outcome, call.attempts, most))
    record_access([call.person_id], what="calls.record", why="outcome of a call")
    _note(call, EVENTS[after], at=at, by=viewer, outcome=outcome)
    contacts.settle(call.pk, IN_LEDGER[outcome], at=at)
    _settle(call, after, outcome, at=at)
    return after


EVENTS = {
    Consequence.DONE: "call.done",
    Consequence.RING_AGAIN: "call.not_reached",
    Consequence.HAND_ON: "call.handed_on",
}


def _settle(call: Call, after: Consequence, outcome: str, *, at: datetime) -> None:
    if after == Consequence.RING_AGAIN:
        call.move_to(Call.Status.WAITING)
        call.due_at = at + RING_AGAIN_AFTER
        call.claimed_by = call.leased_until = None
    else:
        done = after == Consequence.DONE
        call.move_to(Call.Status.DONE if done else Call.Status.HANDED_ON)
        call.ended_at, call.outcome = at, outcome
    call.save()


@transaction.atomic
def put_back(call: Call, *, viewer: Viewer, at: datetime) -> None:
    """Give a call back to the queue unrung."""
    call = held_by(viewer, call, at=at)
    contacts.release(call.pk, at=at)
    _note(call, "call.put_back", at=at, by=viewer)
    call.move_to(Call.Status.WAITING)
    call.claimed_by = call.leased_until = None
    call.save()


@transaction.atomic
def cancel_open(
    person_id: UUID,
    programme_id: UUID | None,
    *,
    because: str,
    at: datetime,
    only: Call.Why | None = None,
) -> None:
    """A waiting call is not needed any more, in one programme or in all.

    One that a call handler holds is theirs to end.
    """
    waiting = Call.objects.select_for_update(of=("self",)).filter(
        person_id=person_id, status=Call.Status.WAITING
    )
    if programme_id:
        waiting = waiting.filter(programme_id=programme_id)
    if only:
        waiting = waiting.filter(why=only)
    for call in waiting.order_by("id"):
        call.move_to(Call.Status.CANCELLED)
        call.ended_at, call.outcome = at, because
        call.save()
        _note(call, "call.cancelled", at=at)


def held_by(viewer: Viewer, call: Call, *, at: datetime) -> Call:
    """The call, locked, if this call handler holds it now; raises NotYourCall."""
    found = (
        Call.objects.select_for_update(of=("self",))
        .select_related("checkin", "enrolment__programme", "enrolment__practice")
        .filter(
            pk=call.pk,
            status=Call.Status.CLAIMED,
            claimed_by_id=viewer.user_id,
            leased_until__gt=at,
        )
        .first()
    )
    if found is None:
        raise NotYourCall(where_it_went(viewer, call.pk, at=at))
    return found


def _answered(call: Call) -> bool:
    return Response.objects.filter(checkin_id=call.checkin_id).exists()


def _note(
    call: Call, name: str, *, at: datetime, by: Viewer | User | None = None, **detail: str
) -> None:
    record(
        name,
        call.pk,
        at=at,
        by=by.user_id if isinstance(by, Viewer) else by,
        person_id=call.person_id,
        programme_id=call.programme_id,
        **detail,
    )
