"""The week's sample of ended calls, and what call handlers are told of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection

from openprotect.accounts.queries import Viewer
from openprotect.accounts.queries.working import colleagues
from openprotect.calls.models import Attempt, Call
from openprotect.calls.rules import as_now
from openprotect.checkins.rules import LOCAL
from openprotect.floor.models import Coaching, Review
from openprotect.floor.rules.sampling import drawn

WORDS = dict(Attempt.Outcome.choices)
SHOWN = 30

ENDED = """
SELECT DISTINCT ON (e.by_id, e.subject_id) e.by_id, e.subject_id, e.detail->>'outcome', e.at,
       (SELECT max(b.at) FROM events_event b WHERE b.subject_id = e.subject_id
           AND b.name = 'call.claimed' AND b.by_id = e.by_id AND b.at <= e.at)
  FROM events_event e
 WHERE e.name IN ('call.done', 'call.not_reached', 'call.agreed', 'call.handed_on')
   AND e.at >= %s AND e.at < %s AND e.by_id IS NOT NULL
   AND e.programme_id IN (SELECT p.id FROM programmes_programme p WHERE p.purpose = %s)
 ORDER BY e.by_id, e.subject_id, e.at DESC
"""


@dataclass(frozen=True)
class Drawn:
    """A call of the sample: whose, how it ended, how long it took, and whether it was looked at."""

    call_id: UUID
    caller_id: UUID
    caller: str
    week_on: date
    outcome: str
    ended_at: datetime
    lasted: timedelta | None
    reviewed_by: str


@dataclass(frozen=True)
class Word:
    """A kind word to a call handler: from a review or from listening in."""

    kind: str
    went_well: str
    try_next: str
    marks: Mapping[str, str]
    by: str
    at: datetime


def sample(viewer: Viewer, week_on: date) -> tuple[Drawn, ...]:
    """The sample of one week: the same for whoever asks, and however often."""
    rows = _ended(viewer.purpose, week_on)
    names = {each.user_id: each.name for each in colleagues(viewer)}
    by_caller: dict[UUID, list[UUID]] = {}
    for caller, call, *_ in rows:
        by_caller.setdefault(caller, []).append(call)
    chosen = {
        (caller, call)
        for caller, calls in by_caller.items()
        for call in drawn(viewer.purpose, week_on, caller, calls)
    }
    done = {
        (each.caller_id, each.call_id): each.by.name
        for each in Review.objects.filter(week_on=week_on).select_related("by")
    }
    found = [
        Drawn(
            call, caller, names.get(caller, "somebody who has left"), week_on,
            str(WORDS.get(as_now(outcome or ""), outcome)), at, at - since if since else None,
            done.get((caller, call), ""),
        )
        for caller, call, outcome, at, since in rows
        if (caller, call) in chosen
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.caller, each.ended_at, str(each.call_id))))


def _ended(purpose: str, week_on: date) -> list[tuple[UUID, UUID, str, datetime, datetime | None]]:
    starts = datetime.combine(week_on, time(), LOCAL)
    ends = datetime.combine(week_on + timedelta(days=7), time(), LOCAL)
    with connection.cursor() as cursor:
        cursor.execute(ENDED, [starts, ends, purpose])
        return list(cursor.fetchall())


def words_for(viewer: Viewer) -> tuple[Word, ...]:
    """What one's supervisors wrote to oneself, the latest first."""
    coached = Coaching.objects.filter(caller_id=viewer.user_id).select_related("by")
    reviewed = Review.objects.filter(caller_id=viewer.user_id).select_related("by")
    words = [
        Word("listened in", each.went_well, each.try_next, {}, each.by.name, each.at)
        for each in coached.order_by("-at", "id")[:SHOWN]
    ] + [
        Word("looked at a call of yours", each.words, "", each.marks, each.by.name, each.at)
        for each in reviewed.order_by("-at", "id")[:SHOWN]
    ]
    return tuple(sorted(words, key=lambda each: each.at, reverse=True)[:SHOWN])


@dataclass(frozen=True)
class Listened:
    """A call that somebody may be coached about: whose it is, and when it was theirs."""

    call_id: UUID
    programme_id: UUID
    caller_id: UUID
    caller: str


def in_the_hands_of(viewer: Viewer, call_id: UUID) -> Listened | None:
    """The call with whoever rings or rang it last; none that nobody took yet."""
    call = Call.objects.filter(
        pk=call_id, claimed_by__isnull=False, programme__purpose=viewer.purpose
    ).select_related("claimed_by").first()  # fmt: skip
    if call is None or call.claimed_by is None:
        return None
    return Listened(call.pk, call.programme_id, call.claimed_by.pk, call.claimed_by.name)
