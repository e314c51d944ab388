"""The end of a practice's review: a reminder before it, and what the programme does at it."""

from datetime import datetime, timedelta

from django.db.models import Min, Q

from openprotect.enrolments.actions.reminding import remind
from openprotect.enrolments.actions.together import activate_many
from openprotect.enrolments.models import Enrolment, EnrolmentQuerySet
from openprotect.packs.settings import ASK
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, settings

AT_ONCE = 5000  # so many in one transaction


def activate_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Take in everyone whose practice had its time to object, where that means yes.

    Where it does not, they wait until the practice has looked. So does whom the rules have stopped
    finding meanwhile.
    """
    done = 0
    for programme in live_programmes():
        due = _in_review(programme).filter(
            _where_silence_means_yes(programme, at=at), preview_ends_at__lte=at
        )
        in_turn = due.order_by("preview_ends_at", "id").values_list("pk", flat=True)
        while found := list(in_turn[:limit]):
            taken_in = activate_many(found, at=at)
            done += taken_in
            if not taken_in:
                break
    return done


def _in_review(programme: Programme) -> EnrolmentQuerySet:
    return Enrolment.objects.in_preview().not_absent().filter(programme=programme)


def _where_silence_means_yes(programme: Programme, *, at: datetime) -> Q:
    """The practices for whose people the programme goes on when nobody has answered."""
    chosen = settings(programme, "preview_default", at=at)
    others = Q(practice_id__in=chosen.where_not(chosen.default))
    return ~others if chosen.default == ASK else others


def remind_due(*, at: datetime) -> int:
    """Remind each practice whose time to look through its people is nearly over; once a deadline.

    What is due is read from now on backwards, so that a worker that slept reminds late, not never.
    """
    reminded = 0
    for programme in live_programmes():
        days = settings(programme, "reminder_days", at=at)
        waiting = _in_review(programme).filter(preview_ends_at__gt=at)
        rows = waiting.values_list("practice_id").annotate(ends_at=Min("preview_ends_at"))
        for practice_id, ends_at in rows.order_by("ends_at", "practice_id"):
            if ends_at - timedelta(days=days.number(practice_id)) <= at:
                reminded += remind(programme, practice_id, ends_at=ends_at, at=at)
    return reminded
