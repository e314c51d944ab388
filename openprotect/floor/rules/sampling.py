"""Which ended calls of a week are looked at: drawn by lot, so by nobody's liking."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from openprotect.checkins.rules import LOCAL

EACH = 2  # calls a call handler and week

# The sheet: what is looked at, and what may be said of it. No marks out of ten, no total.
ASKED = (
    ("greeting", "Said who they are, for whom they ring, and how to check it"),
    ("identity", "Made sure of the right person before anything was said"),
    ("questions", "Asked the questions as they are written"),
    ("danger", "Stopped and handed over where an answer was a red flag"),
    ("note", "The note holds what the next person needs, and no more"),
    ("goodbye", "Said what happens next, and by when"),
)
SAYS = (("yes", "Yes"), ("partly", "In part"), ("no", "Not this time"), ("none", "Did not come up"))


def week_of(at: datetime) -> date:
    """The Monday of the week, by the clock on the wall."""
    day = at.astimezone(LOCAL).date()
    return day - timedelta(days=day.isoweekday() - 1)


def drawn(
    seed: str, week_on: date, caller: UUID, calls: Iterable[UUID], *, many: int = EACH
) -> tuple[UUID, ...]:
    """The sample of one call handler's week: the same calls give the same sample, in any order.

    A call added late changes the sample by that call at most, and which ones come up cannot be
    foreseen while ringing.
    """

    def lot(call: UUID) -> bytes:
        said = f"{seed}|{week_on:%Y-%m-%d}|{caller}|{call}"
        return hashlib.sha256(said.encode()).digest()

    return tuple(sorted(set(calls), key=lot)[:many])
