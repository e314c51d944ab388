"""What the rank of each waiting call is made of, read for many calls in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from openprotect.calls.models import Attempt, BestTime, Call
from openprotect.calls.rules.ranking import Facts, Hours, Unmet, Wanted, wanted
from openprotect.checkins.rules import LOCAL
from openprotect.enrolments.models import Reason
from openprotect.packs.bands import Band, band_of
from openprotect.people.models import Need, Person
from openprotect.programmes.queries import pack_of

# The first opening of the present silence of each: what was missed since the last answer.
SILENT_SINCE = """
SELECT c.enrolment_id, min(c.opens_at) FROM checkins_checkin c
 WHERE c.enrolment_id = ANY (%s) AND c.status = 'MISSED'
   AND c.due_on > coalesce((SELECT max(a.due_on) FROM checkins_checkin a
                             WHERE a.enrolment_id = c.enrolment_id
                               AND a.status IN ('ANSWERED', 'PARTLY')), '-infinity')
 GROUP BY 1
"""


@dataclass(frozen=True)
class Known:
    """Everything about one waiting call: what ranks it, whom it asks for, and when."""

    facts: Facts
    wish: Wanted
    liked: Hours


def known_of(
    calls: Sequence[Call], unmet: Mapping[UUID, Unmet], *, at: datetime
) -> dict[UUID, Known]:
    """What is known about these calls at this moment, by the id of the call."""
    people = {each.person_id for each in calls}
    plain = Band("", "", ())
    silent, bands = _silent_since(calls), _bands(calls)
    wishes, liked = _wishes(people), _liked(people)
    return {
        call.pk: Known(
            Facts(
                why=call.why,
                silent_days=_days(silent.get(call.enrolment_id), at),
                waiting_days=_days(call.made_at, at),
                attempts=call.attempts,
                agreed_at=call.agreed_at,
                band=bands.get(call.enrolment_id, plain).title,
                band_points=bands.get(call.enrolment_id, plain).call_priority,
                unmet=unmet.get(call.person_id, Unmet()),
            ),
            wishes.get(call.person_id, Wanted()),
            liked.get(call.person_id, Hours()),
        )
        for call in calls
    }


def _days(since: datetime | None, at: datetime) -> int:
    if since is None:
        return 0
    return max(0, (at.astimezone(LOCAL).date() - since.astimezone(LOCAL).date()).days)


def _silent_since(calls: Sequence[Call]) -> dict[UUID, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(SILENT_SINCE, [[each.enrolment_id for each in calls]])
        return dict(cursor.fetchall())


def _bands(calls: Sequence[Call]) -> dict[UUID, Band]:
    """The band of each enrolment, where its programme rings some sooner than others."""
    by_programme = {each.programme_id: pack_of(each.programme).bands for each in calls}
    sooner = {key: bands for key, bands in by_programme.items() if any(_is_sooner(bands))}
    of = {each.enrolment_id: each.programme_id for each in calls if each.programme_id in sooner}
    groups: dict[UUID, set[str]] = defaultdict(set)
    for enrolment_id, group in (
        Reason.objects.filter(enrolment_id__in=list(of)).values_list("enrolment_id", "group")
        if of
        else ()
    ):
        groups[enrolment_id].add(group)
    found = {key: band_of(sooner[of[key]], held) for key, held in groups.items()}
    return {key: band for key, band in found.items() if band}


def _is_sooner(bands: Sequence[Band]) -> list[bool]:
    return [bool(each.call_priority) for each in bands]


def _wishes(people: Collection[UUID]) -> dict[UUID, Wanted]:
    languages = dict(Person.objects.filter(pk__in=people).values_list("pk", "language"))
    needs: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    recorded = Need.objects.filter(person_id__in=people, ended_at=None)
    for person_id, kind, language in recorded.values_list("person_id", "kind", "language"):
        needs[person_id].append((kind, language))
    grieving = set(
        Attempt.objects.filter(person_id__in=people, is_bereaved=True).values_list(
            "person_id", flat=True
        )
    )
    return {
        each: wanted(language, needs[each], is_bereaved=each in grieving)
        for each, language in languages.items()
    }


def _liked(people: Collection[UUID]) -> dict[UUID, Hours]:
    said = BestTime.objects.filter(person_id__in=people, ended_at=None)
    rows = said.values_list("person_id", "rings_from", "rings_until")
    return {person_id: Hours(from_, until) for person_id, from_, until in rows}
