"""Keeping when somebody likes to be rung."""

from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from openprotect.base.refusals import Refused
from openprotect.calls.models import BestTime, Call
from openprotect.governance.actions import record_access


@transaction.atomic
def likes_to_be_rung(
    person_id: UUID, from_: time, until: time, *, by: UUID | None, at: datetime
) -> BestTime:
    """Between these times of day, until they say otherwise. Said again, it is kept once."""
    if from_ >= until:
        raise Refused("The later time must come after the earlier one.")
    known = BestTime.objects.select_for_update().filter(person_id=person_id, ended_at=None).first()
    if known and (known.rings_from, known.rings_until) == (from_, until):
        return known
    if known:
        known.ended_at = at
        known.save(update_fields=["ended_at"])
    record_access([person_id], what="calls.best_time", why="when they like to be rung")
    made = BestTime(person_id=person_id, rings_from=from_, rings_until=until, by_id=by, said_at=at)
    made.save(force_insert=True)
    Call.objects.filter(person_id=person_id, status=Call.Status.WAITING).update(ranked_at=None)
    return made


@transaction.atomic
def likes_any_time(person_id: UUID, *, at: datetime) -> bool:
    """No time is better than another any more."""
    record_access([person_id], what="calls.best_time", why="when they like to be rung")
    Call.objects.filter(person_id=person_id, status=Call.Status.WAITING).update(ranked_at=None)
    return bool(BestTime.objects.filter(person_id=person_id, ended_at=None).update(ended_at=at))
