"""A practice pauses: nobody of its patients is asked for some days. Open alerts go on."""

from datetime import datetime, timedelta

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.enrolments.models import Standstill
from openprotect.events.actions import record

# Longer than this is a decision about the programme, to be made with its lead.
LONGEST = timedelta(days=28)


@transaction.atomic
def pause(*, until: datetime, because: str, viewer: Viewer, at: datetime) -> Standstill:
    """From now on no new check-in of the practice's patients opens; what is open may be answered.

    Paused already, the new end and reason hold.
    """
    if not at < until <= at + LONGEST:
        raise Refused("Choose a day in the next four weeks. For longer, speak with the lead.")
    if not because.strip():
        raise Refused("Say why, for your colleagues and the programme lead.")
    _end(viewer, at=at)
    made = Standstill.objects.create(
        practice_id=viewer.organisation_id,
        from_at=at,
        until=until,
        because=because.strip()[:300],
        by_id=viewer.user_id,
        at=at,
    )
    record("practice.paused", viewer.organisation_id, at=at, by=viewer.user_id)
    return made


@transaction.atomic
def go_on(*, viewer: Viewer, at: datetime) -> bool:
    """The practice's patients are asked again from the next check-in on."""
    if not _end(viewer, at=at):
        return False
    record("practice.went_on", viewer.organisation_id, at=at, by=viewer.user_id)
    return True


def _end(viewer: Viewer, *, at: datetime) -> int:
    """End what stands still; one that ran out by itself ended then."""
    running = Standstill.objects.filter(practice_id=viewer.organisation_id, ended_at=None)
    return running.update(ended_at=at, ended_by_id=viewer.user_id)
