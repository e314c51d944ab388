"""What the contact ledger spared people: contacts that two bodies would have made."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from openprotect.programmes.models import Programme
from openprotect.reports.rules import Period

# One ask a day, body and topic: whoever asks again on the same day spares nobody a second contact.
AVOIDED = """
SELECT count(*), count(DISTINCT person_id), count(*) FILTER (WHERE programme_id = %(programme)s)
  FROM (SELECT DISTINCT c.person_id, c.programme_id, c.organisation_id, c.topic,
               (c.asked_at AT TIME ZONE 'Europe/London')::date
          FROM contacts_claim c
          JOIN enrolments_enrolment e ON e.person_id = c.person_id
         WHERE e.programme_id = %(programme)s AND c.status = 'REFUSED' AND c.answer = 'COVERED'
           AND c.asked_at > coalesce(%(since)s, '-infinity'::timestamptz)) asked
"""


@dataclass(frozen=True)
class Avoided:
    """Duplicate contacts that were not made: how many, to how many people, and how many of ours."""

    contacts: int
    people: int
    ours: int


def duplicates_avoided(programme: Programme, period: Period, *, at: datetime) -> Avoided:
    """What the ledger answered with "covered by another body", about people of a programme."""
    values = {"programme": programme.pk, "since": period.starts_at(at)}
    with connection.cursor() as cursor:
        cursor.execute(AVOIDED, values)
        return Avoided(*cursor.fetchone())
