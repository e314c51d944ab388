"""Making a call due, and doing without it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.calls.actions.noting import end, note
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.people.queries import refuses
from openprotect.people.rules import CALL

OPEN = [Call.Status.WAITING, Call.Status.CLAIMED]


@transaction.atomic
def ask_for_call(checkin: Checkin, why: Call.Why, *, at: datetime) -> Call | None:
    """A call to the person of this check-in. While one is open, asking again changes nothing."""
    person = Person.objects.select_for_update(of=("self",)).filter(pk=checkin.person_id).first()
    if person is None or not may_be_rung(person, checkin.programme_id):
        return None
    if checkin.enrolment.status != Enrolment.Status.ACTIVE:
        return None
    now = Call.objects.filter(
        person_id=checkin.person_id, programme_id=checkin.programme_id, status__in=OPEN
    ).first()
    if now:
        return now
    made = Call.about(checkin, why, at=at)
    made.save(force_insert=True)
    note(made, "call.due", at=at)
    return made


def may_be_rung(person: Person, programme_id: UUID) -> bool:
    """Alive, reachable by their own wish, and calls not refused in this programme."""
    return person.may_be_contacted and not refuses(person.pk, CALL, programme_id)


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
        end(call, Call.Status.CANCELLED, because, at=at)
        note(call, "call.cancelled", at=at)
