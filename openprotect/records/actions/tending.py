"""What decisions about imports leave to be done with the records themselves.

Pages decide and never write records; this does, as often as asked, and again after a crash.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openprotect.records.actions.proposing import apply_decisions
from openprotect.records.actions.releasing import take_in_released
from openprotect.records.actions.reviewing import match_again
from openprotect.records.models import Changeset
from openprotect.records.rules.limits import USUAL, Limits

BY = "matched again by itself"


@dataclass(frozen=True)
class Tended:
    """How much of each there was to do."""

    matched_again: int
    released: int
    read_otherwise: int


def tend(*, folder: Path, at: datetime, limits: Limits = USUAL) -> Tended:
    """Take in what was released, read confirmed pairs as one, and match again what is outdated."""
    released = take_in_released(folder=folder, at=at, limits=limits)
    decided = apply_decisions(folder=folder, at=at)
    outdated = Changeset.objects.filter(status=Changeset.Status.STAGED).order_by("number")
    again = [match_again(each, folder=folder, by=BY, at=at, limits=limits) for each in outdated]
    return Tended(len(again), len(released), len(decided))
