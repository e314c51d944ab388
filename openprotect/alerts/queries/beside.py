"""What the rules may know of a person beside today's answers: age, groups, the answers before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from openprotect.checkins.models import Channel, Checkin, Response
from openprotect.checkins.rules import LOCAL
from openprotect.enrolments.models import Reason
from openprotect.packs.known import Known, age_on
from openprotect.people.models import Person

ANSWERED_BY = {Channel.WEB: "self", Channel.PHONE: "caller"}


def known_beside(checkin: Checkin, *, channel: str = "", at: datetime) -> Known:
    """The facts of one moment; what nobody knows is missing, which every rule says something of."""
    today = at.astimezone(LOCAL).date()
    # Once the legal basis has ended nobody sees the person; what they said is judged all the same.
    person = Person.objects.filter(pk=checkin.person_id)
    born = person.values_list("birth_date", flat=True).first()
    earlier = Response.objects.filter(checkin__enrolment_id=checkin.enrolment_id, at__lte=at)
    last = earlier.exclude(checkin_id=checkin.pk).order_by("-at", "-id").first()
    groups = Reason.objects.filter(enrolment_id=checkin.enrolment_id)
    return Known(
        age=age_on(born, today) if born else None,
        days_silent=(today - last.at.astimezone(LOCAL).date()).days if last else None,
        answered_by=ANSWERED_BY.get(Channel(channel)) if channel in Channel.values else None,
        groups=frozenset(groups.values_list("group", flat=True)),
        before=last.answers if last else None,
        at=at,
    )


# Responses not put to the rules yet, each with what the rules may know beside it, and whether an
# alert of the same enrolment is open that came of an answer.
BESIDE = """
SELECT r.id, r.person_id, r.pack_id, r.channel, r.answers, p.birth_date, l.at, l.answers,
       ARRAY(SELECT w.group FROM enrolments_reason w WHERE w.enrolment_id = c.enrolment_id),
       EXISTS (SELECT FROM alerts_alert a WHERE a.enrolment_id = c.enrolment_id
                AND a.status <> 'CLOSED' AND a.response_id IS NOT NULL)
  FROM checkins_response r JOIN checkins_checkin c ON c.id = r.checkin_id
  LEFT JOIN people_person p ON p.id = r.person_id
  LEFT JOIN LATERAL (
       SELECT o.at, o.answers FROM checkins_response o
         JOIN checkins_checkin k ON k.id = o.checkin_id AND k.enrolment_id = c.enrolment_id
        WHERE o.person_id = r.person_id AND o.at <= %s AND o.checkin_id <> r.checkin_id
        ORDER BY o.at DESC, o.id DESC LIMIT 1) l ON true
 WHERE r.id = ANY (%s)
   AND NOT EXISTS (SELECT FROM alerts_evaluation v WHERE v.response_id = r.id)
"""


@dataclass(frozen=True)
class Heard:
    """A response not put to the rules yet, with the facts beside it."""

    id: UUID
    person_id: UUID
    pack_id: UUID
    answers: Mapping[str, object]
    known: Known
    has_open_alert: bool


def heard(response_ids: Sequence[UUID], *, at: datetime) -> list[Heard]:
    """As `known_beside` for many responses, in one look."""
    today = at.astimezone(LOCAL).date()
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, [at, list(response_ids)])
        return [_heard(row, today, at) for row in cursor.fetchall()]


def _heard(row: tuple[Any, ...], today: date, at: datetime) -> Heard:
    pk, person_id, pack_id, channel, answers, born, last_at, last, groups, has_open_alert = row
    known = Known(
        age=age_on(born, today) if born else None,
        days_silent=(today - last_at.astimezone(LOCAL).date()).days if last_at else None,
        answered_by=ANSWERED_BY.get(Channel(channel)),
        groups=frozenset(groups),
        before=json.loads(last) if last else None,
        at=at,
    )
    return Heard(pk, person_id, pack_id, json.loads(answers), known, has_open_alert)
