"""A call handler's own day: how many calls they made, how many were reached, how many are left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openprotect.accounts.queries import Viewer
from openprotect.calls.queries.needs import abilities_of
from openprotect.calls.queries.queue import free_for
from openprotect.calls.rules import IN_LEDGER, as_now
from openprotect.checkins.rules import LOCAL
from openprotect.events.models import Event

ENDED = ("call.done", "call.agreed", "call.not_reached", "call.handed_on")
SPOKE = "SPOKE"


@dataclass(frozen=True)
class MyDay:
    """Calls made today, those that reached somebody, and those left that this one can make now."""

    made: int
    reached: int
    left: int


def my_day(viewer: Viewer) -> MyDay:
    """Counts only, of this call handler's own calls; whom they were about is out of sight again."""
    midnight = datetime.combine(viewer.at.astimezone(LOCAL).date(), datetime.min.time(), LOCAL)
    mine = Event.objects.filter(
        by_id=viewer.user_id,
        name__in=ENDED,
        at__gte=midnight,
        at__lt=midnight + timedelta(days=1),
    )
    outcomes = [as_now(str(each.get("outcome"))) for each in mine.values_list("detail", flat=True)]
    reached = sum(IN_LEDGER.get(each) == SPOKE for each in outcomes)
    left = free_for(viewer, abilities_of(viewer.user_id), viewer.at).count()
    return MyDay(len(outcomes), reached, left)
