"""What follows from the outcome of a call, and how long a call handler may hold one."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from openprotect.base.refusals import Refused

LEASE = timedelta(minutes=30)
RING_AGAIN_AFTER = timedelta(hours=3)
LONGEST_NOTE = 2000


class NotYourCall(Refused):
    """The call is not held by this call handler: the time was over, or somebody else has it."""


class Consequence(StrEnum):
    """What happens to a call after an attempt."""

    DONE = "done"
    RING_AGAIN = "ring again"
    HAND_ON = "hand on"


@dataclass(frozen=True)
class Attempted:
    """One attempt: its outcome, how many there were with it, and how many there may be."""

    outcome: str
    attempts: int
    most: int


ENDS = frozenset({"ANSWERED", "REFUSED", "HANDED_OVER", "STOP"})
HANDS_ON = frozenset({"WRONG_NUMBER", "DIED"})

# What an attempt is in the contact ledger: who was reached, and who was not.
IN_LEDGER = {
    "ANSWERED": "SPOKE",
    "NO_ANSWER": "NO_ANSWER",
    "VOICEMAIL": "VOICEMAIL",
    "CALL_BACK": "SPOKE",
    "HANDED_OVER": "SPOKE",
    "REFUSED": "SPOKE",
    "STOP": "SPOKE",
    "WRONG_NUMBER": "WRONG_DETAILS",
    "DIED": "SPOKE",
}

# What nobody should have to guess afterwards.
NEEDS_WORDS = {
    "HANDED_OVER": "Write who took over, so that nobody has to guess whether help is coming.",
    "DIED": "Write who told you, so that the practice can confirm it kindly.",
}

# Why somebody is rung, in words that tell nothing of their health.
CALLERS_WORDS = {
    "SILENT": "has not answered",
    "NOT_REACHED": "could not be sent our text",
    "LINK_LOCKED": "could not get into their check-in",
    "ASKED": "asked us to ring",
    "BY_PHONE": "answers by phone",
}


def consequence(attempted: Attempted) -> Consequence:
    """Spoken to: done. Nobody reached: again, until the last attempt; then a team takes over.

    Not being reached is never the end of it (an unreachable person is handed to a named team).
    """
    if attempted.outcome in ENDS:
        return Consequence.DONE
    if attempted.outcome in HANDS_ON or attempted.attempts >= attempted.most:
        return Consequence.HAND_ON
    return Consequence.RING_AGAIN
