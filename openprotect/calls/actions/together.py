"""Calls asked for, or not needed any more, for many people at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import TELL, Happened, record_many, telling
from openprotect.people.models import Choice, Person

CANCEL = f"""
WITH told AS (
    UPDATE calls_call SET status = 'CANCELLED', ended_at = %(at)s, outcome = %(because)s
     WHERE status = 'WAITING' AND programme_id = %(programme)s AND person_id = ANY (%(people)s)
    RETURNING id AS subject_id, person_id, programme_id, '{{}}'::jsonb AS detail, id AS turn)
{TELL}
"""  # noqa: S608 - a statement of our own


@transaction.atomic
def ask_for_calls(checkin_ids: Sequence[UUID], why: Call.Why, *, at: datetime) -> set[UUID]:
    """A call for each of these check-ins, as `ask_for_call` makes it; those it was settled for.

    Whoever ever said how they like to be reached, or has no number, is left to be looked at alone.
    """
    asked = Checkin.objects.filter(pk__in=checkin_ids).select_related("enrolment")
    first = {(each.person_id, each.programme_id): each for each in asked.order_by("-due_on", "id")}
    who = {each.person_id for each in first.values()}
    chose = Choice.objects.filter(person_id__in=who, ended_at=None).values_list("person_id")
    plain = Person.objects.filter(pk__in=who).exclude(pk__in=chose).order_by("pk")
    plain = plain.exclude(mobile="", landline="")
    people = {each.pk: each for each in plain.select_for_update(of=("self",))}
    made = Call.objects.bulk_create(
        [
            Call.about(each, why, at=at)
            for each in first.values()
            if each.person_id in people
            and people[each.person_id].may_be_contacted
            and each.enrolment.status == Enrolment.Status.ACTIVE
        ],
        ignore_conflicts=True,
    )
    kept = Call.objects.in_bulk([each.pk for each in made])
    record_many(
        "call.due",
        [Happened(each.pk, each.person_id, each.programme_id) for each in kept.values()],
        at=at,
    )
    return {each.pk for each in asked if each.person_id in people}


@transaction.atomic
def cancel_waiting(whose: Sequence[tuple[UUID, UUID]], *, because: str, at: datetime) -> None:
    """The waiting call of each of these people, in that programme, is not needed any more."""
    for programme in {which for _, which in whose}:
        asked = {
            "programme": programme,
            "people": [who for who, which in whose if which == programme],
        }
        values = telling("call.cancelled", at=at) | asked | {"because": because}
        with connection.cursor() as cursor:
            cursor.execute(CANCEL, values)
