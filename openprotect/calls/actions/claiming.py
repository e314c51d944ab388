"""Giving each call to one call handler, under a lease; and giving it back."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from openprotect.accounts.queries import Viewer, paused_until
from openprotect.calls.actions.asking import may_be_rung
from openprotect.calls.actions.noting import end, note
from openprotect.calls.models import Call
from openprotect.calls.queries import where_it_went
from openprotect.calls.queries.needs import abilities_of, hours_liked_by, plan_for, wanted_by
from openprotect.calls.queries.queue import free_for, held_now
from openprotect.calls.rules import LEASE, RING_AGAIN_AFTER, NotYourCall
from openprotect.calls.rules.ranking import Abilities, Wanted, hours_for
from openprotect.checkins.queries import unanswered
from openprotect.checkins.rules import LOCAL
from openprotect.contacts import actions as contacts
from openprotect.contacts.rules import HELD_FOR_CALL, WELFARE
from openprotect.governance.actions import record_access


@transaction.atomic
def claim_next(*, viewer: Viewer, at: datetime) -> Call | None:
    """The call this call handler holds, or the best one that they can make; nobody else gets it.

    A call whose time with a call handler is over goes back to the queue by itself.
    """
    _one_at_a_time(viewer)
    # Waited for, never skipped: whoever else looks for a call may lock the row in passing, and a
    # double click must not be given a second one for that.
    if mine := held_now(viewer, at).select_for_update(of=("self",)).first():
        _take(mine, viewer, at=at)
        return mine
    if paused_until(viewer.user_id, at):
        return None
    can = abilities_of(viewer.user_id)
    while call := _best(viewer, can, at):
        _take(call, viewer, at=at)
        if not may_be_rung(call.person, call.programme_id):
            # Found out at the last moment, as always before contact: nobody is rung, and the next.
            end(call, Call.Status.CANCELLED, "may not be contacted", at=at)
            note(call, "call.cancelled", at=at, by=viewer)
        elif not _fits(call, can, at=at):
            _wait_again(call)
        elif (until := _no_turn(call, at=at)) is not None:
            # Noted first: once given back, its person is out of sight.
            note(call, "call.put_off", at=at, by=viewer)
            call.due_at = until
            _wait_again(call)
        else:
            note(call, "call.claimed", at=at, by=viewer)
            return call
    return None


def _best(viewer: Viewer, can: Abilities, at: datetime) -> Call | None:
    """What was given to this call handler first; then the highest rank, the longest due."""
    free = free_for(viewer, can, at).order_by("-rank", "due_at", "id")
    given = free.filter(assigned_to_id=viewer.user_id, assigned_until__gt=at)
    return _locked(given) or _locked(free)


def _locked(calls: QuerySet[Call]) -> Call | None:
    """The first of these that nobody else is taking at this moment."""
    return calls.select_for_update(skip_locked=True, of=("self",)).first()


def _take(call: Call, viewer: Viewer, *, at: datetime) -> None:
    """Hold a call under a lease, and turn it to the latest asking it can still answer."""
    call.move_to(Call.Status.CLAIMED)
    call.claimed_by_id, call.leased_until = viewer.user_id, at + LEASE
    call.on_paper = False
    call.save(update_fields=["status", "claimed_by", "leased_until", "on_paper"])
    if latest := unanswered(call.enrolment):
        call.checkin = latest
        call.save(update_fields=["checkin"])
    record_access([call.person_id], what="calls.claim", why=f"call due: {call.get_why_display()}")


def _fits(call: Call, can: Abilities, *, at: datetime) -> bool:
    """Whether this call handler can make it now, by what is known of the person at this moment.

    What has changed since the queue was worked out is kept with the call, for whoever comes next.
    """
    plan, wish = plan_for(call), wanted_by(call.person)
    if wish != Wanted(call.language, tuple(call.skills)):
        call.language, call.skills = wish.language, list(wish.skills)
        call.kept_until = None if wish.is_plain else at + plan.kept_for_skill
    liked = hours_liked_by(call.person_id)
    if liked.rings_from is not None:
        hours = hours_for(plan, liked)
        call.rings_from, call.rings_until = hours.rings_from, hours.rings_until
        if not hours.hold(at.astimezone(LOCAL).time()):
            return False
    is_open_to_all = call.kept_until is not None and call.kept_until <= at
    return can.meet(wish) or is_open_to_all


def _wait_again(call: Call) -> None:
    call.move_to(Call.Status.WAITING)
    call.claimed_by = call.leased_until = None
    call.on_paper = False
    call.save()


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


def _one_at_a_time(viewer: Viewer) -> None:
    """A double click must find the call that the first click claimed, not claim another."""
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
    with connection.cursor() as cursor:
        cursor.execute(lock, [viewer.user_id.hex])


@transaction.atomic
def put_back(call: Call, *, viewer: Viewer, at: datetime) -> None:
    """Give a call back to the queue unrung."""
    call = held_by(viewer, call, at=at)
    contacts.release(call.pk, at=at)
    note(call, "call.put_back", at=at, by=viewer)
    call.assigned_to = call.assigned_until = None
    _wait_again(call)


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
