"""Kind words to call handlers: after listening in, and after looking at a call of the sample."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.calls.models import Call
from openprotect.events.actions import record
from openprotect.floor.models import Coaching, Review
from openprotect.floor.queries.quality import Drawn, Listened, sample
from openprotect.floor.rules.sampling import ASKED, SAYS


def coach(
    listened: Listened,
    *,
    has_agreed: bool,
    went_well: str,
    try_next: str,
    viewer: Viewer,
    at: datetime,
) -> Coaching:
    """A note after listening in. Without the person's word for it, nobody listens; none is kept."""
    _is_supervisor(viewer)
    if not has_agreed:
        raise Refused("Nobody listens in unless the person was asked and agreed. Nothing was kept.")
    if not went_well.strip():
        raise Refused("Begin with what went well.")
    if listened.caller_id == viewer.user_id:
        raise Refused("Ask a colleague to listen to your own calls.")
    with transaction.atomic():
        made = Coaching.objects.create(
            call_id=listened.call_id,
            programme_id=listened.programme_id,
            caller_id=listened.caller_id,
            has_agreed=True,
            went_well=went_well.strip(),
            try_next=try_next.strip(),
            by_id=viewer.user_id,
            at=at,
        )
        record(
            "call.coached", made.pk, at=at, by=viewer.user_id, programme_id=listened.programme_id
        )
    return made


def review(
    drawn: Drawn, *, marks: Mapping[str, str], words: str, viewer: Viewer, at: datetime
) -> Review:
    """What was found in one call of the sample, with a word to the call handler; once."""
    _is_supervisor(viewer)
    if drawn not in sample(viewer, drawn.week_on):
        raise Refused("This call is not in the sample of that week, or has been looked at.")
    if drawn.caller_id == viewer.user_id:
        raise Refused("Ask a colleague to look at your own calls.")
    said = {key: marks.get(key, "") for key, _ in ASKED}
    if any(each not in dict(SAYS) for each in said.values()):
        raise Refused("Say something to every line of the sheet; “Did not come up” is an answer.")
    if not words.strip():
        raise Refused("Write a word to them: what you liked comes first.")
    try:
        return _keep(drawn, said, words.strip(), viewer, at=at)
    except IntegrityError as doubled:
        if "a_call_is_reviewed_once" in str(doubled):
            raise Refused("Somebody has looked at this call already.") from None
        raise


@transaction.atomic
def _keep(
    drawn: Drawn, marks: Mapping[str, str], words: str, viewer: Viewer, *, at: datetime
) -> Review:
    programme_id = Call.objects.values_list("programme_id", flat=True).get(pk=drawn.call_id)
    made = Review.objects.create(
        call_id=drawn.call_id,
        programme_id=programme_id,
        caller_id=drawn.caller_id,
        week_on=drawn.week_on,
        marks=dict(marks),
        words=words,
        by_id=viewer.user_id,
        at=at,
    )
    record("call.reviewed", made.pk, at=at, by=viewer.user_id, programme_id=programme_id)
    return made


def _is_supervisor(viewer: Viewer) -> None:
    if viewer.role != Role.SUPERVISOR:
        raise Refused("Only a supervisor of the floor writes this.")
