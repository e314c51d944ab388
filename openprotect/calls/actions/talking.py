"""While the line is open: keeping each answer and the note, and ending the call as it went."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.calls.actions import held_by, record_outcome
from openprotect.calls.models import Attempt, Call, Draft
from openprotect.calls.rules import (
    COMPLETE,
    LEASE,
    LONGEST_NOTE,
    NOTHING_MORE,
    Consequence,
    Told,
    check_told,
)
from openprotect.checkins import actions as checkins
from openprotect.checkins.actions.standing_in import answer_for
from openprotect.checkins.models import Channel, Response, StandIn
from openprotect.checkins.queries import answers_so_far
from openprotect.checkins.rules import NotFinished, Value
from openprotect.governance.actions import record_access
from openprotect.people.models import Person

# The questions stopped because something could not wait.
STOPPED = frozenset({"HANDED_OVER", "SAFEGUARDING"})


@transaction.atomic
def hear(call: Call, link_id: str, value: Value, *, viewer: Viewer, at: datetime) -> None:
    """Keep one answer as it is said. While answers come, the call stays with its call handler."""
    call = held_by(viewer, call, at=at)
    checkins.answer(call.checkin, link_id, value, channel=Channel.PHONE, at=at, by=viewer.user_id)
    call.leased_until = at + LEASE
    call.save(update_fields=["leased_until"])
    record_access([call.person_id], what="calls.hear", why="answers given on the phone")


@transaction.atomic
def keep_note(call: Call, note: str, *, viewer: Viewer, at: datetime) -> None:
    """Keep what was written so far, so that a dropped line or a closed laptop loses nothing.

    While somebody writes, the call stays theirs: a long talk has few answers in it.
    """
    if len(note) > LONGEST_NOTE:
        raise Refused(f"A note can have up to {LONGEST_NOTE} characters.")
    call = held_by(viewer, call, at=at)
    call.leased_until = at + LEASE
    call.save(update_fields=["leased_until"])
    if not note and not Draft.objects.filter(call=call, by_id=viewer.user_id).exists():
        return
    Draft.objects.update_or_create(
        call=call,
        by_id=viewer.user_id,
        defaults={"person_id": call.person_id, "note": note, "at": at},
    )


@transaction.atomic
def finish(
    call: Call,
    outcome: str,
    *,
    note: str,
    viewer: Viewer,
    at: datetime,
    told: Told = NOTHING_MORE,
) -> Consequence:
    """End the call: send in the answers when they are complete, then record what came of it.

    Raises NotFinished, and records nothing, when it is said to be answered and is not.
    """
    call = held_by(viewer, call, at=at)
    check_told(outcome, note, told, at=at)
    if not Response.objects.filter(checkin_id=call.checkin_id).exists():
        _send_in(call, outcome, told, viewer, at=at)
    # Once the call has ended, its person is out of sight: the drafts go before.
    Draft.objects.filter(call=call).update(note="")
    return record_outcome(call, outcome, note=note, told=told, viewer=viewer, at=at)


def _send_in(call: Call, outcome: str, told: Told, viewer: Viewer, *, at: datetime) -> None:
    """Answers that are complete are sent in, by whomever they were given.

    Of a call that was stopped for danger, what was said is not held back for being complete.
    """
    if outcome == Attempt.Outcome.PARTLY and not answers_so_far(call.checkin):
        raise Refused("No question has an answer yet. Choose how the call ended instead.")
    if outcome not in COMPLETE | STOPPED:
        return
    on_behalf = ""
    if outcome == Attempt.Outcome.ON_BEHALF:
        who, consent = StandIn.Who(told.by_whom), StandIn.Consent(told.consent)
        on_behalf = str(answer_for(call.checkin, who, consent, at=at).get_who_display())
    try:
        with transaction.atomic():
            checkins.submit(
                call.checkin,
                uuid4(),
                channel=Channel.PHONE,
                at=at,
                by=viewer.user_id,
                on_behalf=on_behalf,
            )
    except NotFinished:
        if outcome in COMPLETE:
            raise


@transaction.atomic
def show_address(call: Call, *, viewer: Viewer, at: datetime) -> str:
    """The address, for the ambulance alone; asking for it is written down as such."""
    call = held_by(viewer, call, at=at)
    record_access([call.person_id], what="calls.address", why="emergency: address for 999")
    person = Person.objects.get(pk=call.person_id)
    return ", ".join(each for each in (person.address, person.postcode) if each)
