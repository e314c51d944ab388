"""Steps done for many events at once: what a step does alone, in a few statements for all.

Each gives the ids of the events for which all is done that its step would do. The others are
followed one by one, so that what is rare is written in one place only: in the step.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.events.models import Event
from openprotect.messages.actions import Owed, make_many_due
from openprotect.messages.models import Message
from openprotect.pathway import reaching, steps
from openprotect.pathway.table import Step
from openprotect.people.models import Choice
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of, settings

Together = Callable[[Sequence[Event], datetime], set[int]]

# The last so many askings of each, newest first, that were answered or missed; how many of them
# were missed before one was answered. A call that is open already makes another one needless.
SILENT = """
SELECT c.id, e.practice_id, c.programme_id,
       (SELECT count(*) FROM (
            SELECT bool_and(l.status = 'MISSED') OVER (ORDER BY l.due_on DESC, l.id) AS silent
              FROM (SELECT s.status, s.due_on, s.id FROM checkins_checkin s
                     WHERE s.enrolment_id = c.enrolment_id
                       AND s.status IN ('MISSED', 'ANSWERED', 'PARTLY')
                     ORDER BY s.due_on DESC, s.id LIMIT %s) l) n WHERE n.silent),
       EXISTS (SELECT FROM calls_call k WHERE k.person_id = c.person_id
                AND k.programme_id = c.programme_id AND k.status IN ('WAITING', 'CLAIMED'))
  FROM checkins_checkin c JOIN enrolments_enrolment e ON e.id = c.enrolment_id
 WHERE c.id = ANY (%s)
"""
MOST_MISSES = 60  # as far back as anybody counts


def invite_many(events: Sequence[Event], at: datetime) -> set[int]:
    """For each check-in that has opened, a text is due: where that is the plan's first way, and
    they have a mobile and never chose otherwise. The others are looked at one by one.
    """
    by_text = [each.pk for each in live_programmes() if pack_of(each).channels.order[0] == "text"]
    asked = Checkin.objects.filter(
        ~Exists(Choice.objects.filter(person=OuterRef("person"), ended_at=None)),
        pk__in=[each.subject_id for each in events],
        programme__in=by_text,
    ).exclude(person__mobile="")
    owed = {
        checkin_id: Owed(person_id, programme_id, checkin_id)
        for checkin_id, person_id, programme_id in asked.values_list("pk", "person", "programme")
    }
    due = [owed[each.subject_id] for each in events if each.subject_id in owed]
    make_many_due(Message.Kind.INVITE, due, at=at)
    return {each.pk for each in events if each.subject_id in owed}


def leave_who_is_not_silent_yet(events: Sequence[Event], at: datetime) -> set[int]:
    """Too few misses for a call, or somebody is to ring already."""
    alike = _without_bands({each.programme_id for each in events})
    threshold = {
        programme.pk: settings(programme, "misses_before_call", at=at) for programme in alike
    }
    most = max((each.most() for each in threshold.values()), default=MOST_MISSES)
    with connection.cursor() as cursor:
        cursor.execute(SILENT, [most, [each.subject_id for each in events]])
        nothing_to_do = {
            checkin_id
            for checkin_id, practice, programme, misses, is_rung in cursor.fetchall()
            if is_rung
            or (programme in threshold and misses < threshold[programme].number(practice))
        }
    return {each.pk for each in events if each.subject_id in nothing_to_do}


def _without_bands(programmes: Collection[UUID | None]) -> list[Programme]:
    """Programmes in which everybody is rung after as many misses; bands are looked at alone."""
    found = Programme.objects.filter(pk__in=[each for each in programmes if each])
    return [each for each in found if not pack_of(each).bands]


def leave_who_is_not_to_be_rung(events: Sequence[Event], at: datetime) -> set[int]:
    """No call waits for them that an answer could make needless."""
    waiting = set(
        Call.objects.filter(
            person_id__in={each.person_id for each in events}, status=Call.Status.WAITING
        ).values_list("person_id", flat=True)
    )
    return {each.pk for each in events if each.person_id and each.person_id not in waiting}


TOGETHER: Mapping[Step, Together] = {
    reaching.invite: invite_many,
    steps.ring_the_silent: leave_who_is_not_silent_yet,
    steps.cancel_a_waiting_call: leave_who_is_not_to_be_rung,
}
