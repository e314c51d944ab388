"""Many people enrolled or taken in at once: what takes statements each takes a few for all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from openprotect.enrolments.models import Enrolment, Reason
from openprotect.enrolments.rules import Why
from openprotect.events.actions import TELL, Happened, record_many, telling
from openprotect.people.actions import Details
from openprotect.people.actions.together import bring_in_new
from openprotect.places.models import Organisation
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import Chosen

ACTIVATE = f"""
WITH told AS (
    UPDATE enrolments_enrolment e SET status = 'ACTIVE', active_from = %(at)s
     WHERE e.id = ANY (%(ids)s) AND e.status = 'PREVIEW'
       AND NOT EXISTS (SELECT FROM enrolments_absence a
                        WHERE a.enrolment_id = e.id AND a.settled_at IS NULL)
    RETURNING e.id AS subject_id, e.person_id, e.programme_id, '{{}}'::jsonb AS detail,
              e.id AS turn)
{TELL}
"""  # noqa: S608 - a statement of our own
New = tuple[Details, Organisation, Sequence[Why]]


@transaction.atomic
def activate_many(enrolment_ids: Sequence[UUID], *, at: datetime) -> int:
    """As `activate` for each of them; how many were taken in now."""
    values = telling("enrolment.activated", at=at) | {"ids": list(enrolment_ids)}
    with connection.cursor() as cursor:
        cursor.execute(ACTIVATE, values)
        return int(cursor.rowcount)


@transaction.atomic
def enrol_new(programme: Programme, found: Sequence[New], *, preview: Chosen, at: datetime) -> None:
    """Bring in people of whom none is here yet, each for their practice to review."""
    people = bring_in_new([(details, practice) for details, practice, _ in found], at=at)
    made = Enrolment.objects.bulk_create(
        Enrolment(
            person=person,
            programme=programme,
            practice_id=person.practice_id,
            found_at=at,
            preview_ends_at=at + timedelta(days=preview.number(person.practice_id)),
        )
        for person in people
    )
    Reason.objects.bulk_create(
        (
            _reason(enrolment, each, at)
            for enrolment, (_, _, why) in zip(made, found, strict=True)
            for each in why
        ),
        ignore_conflicts=True,
    )
    happened = [Happened(each.pk, each.person_id, each.programme_id) for each in made]
    record_many("enrolment.found", happened, at=at)


def _reason(enrolment: Enrolment, why: Why, at: datetime) -> Reason:
    return Reason(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        group=why.group,
        title=why.title,
        code=why.code,
        term=why.term,
        on=why.on,
        source=why.source,
        recorded_at=at,
    )
