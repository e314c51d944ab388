"""Words of the ledger: how somebody is contacted, about what, and what the answer to an ask is."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from openprotect.base.refusals import Refused


class Answer(StrEnum):
    """What an ask is told."""

    YES = "YES"
    WAIT = "WAIT"
    COVERED = "COVERED"
    STOP = "STOP"


CHANNELS: Mapping[str, str] = {
    "CALL": "phone call",
    "TEXT": "text",
    "EMAIL": "e-mail",
    "LETTER": "letter",
    "VISIT": "visit",
}

# What a contact is about, never what was said. The first two are the programmes' own.
CHECKIN, OUTCOME = "checkin", "outcome"
WELFARE = "welfare"
TOPICS: Mapping[str, str] = {
    CHECKIN: "how somebody is: a programme's check-in",
    OUTCOME: "what was done about an alert",
    WELFARE: "whether somebody is well and looked after",
    "food": "food and shopping",
    "medicines": "medicines",
    "money": "money and benefits",
    "housing": "housing and heating",
    "company": "company and befriending",
    "vaccination": "a vaccination",
    "screening": "screening and prevention",
    "appointment": "an appointment or a service",
    "other": "something else",
}
OURS = frozenset({CHECKIN, OUTCOME})

# How long a slot is held when nobody says, and at most.
HELD_FOR = timedelta(days=3)
LONGEST_HOLD = timedelta(days=14)
# Our own: longer than a lease of a message, and of a call.
HELD_FOR_MESSAGE = timedelta(minutes=10)
HELD_FOR_CALL = timedelta(hours=2)
FURTHEST_AHEAD = timedelta(days=60)

# What came of a contact. Some count as reached, and so speak for all; some as a bother at least.
MADE: Mapping[str, str] = {
    "SPOKE": "spoke to them",
    "VOICEMAIL": "left a message",
    "NO_ANSWER": "no answer",
    "SENT": "sent",
    "UNKNOWN": "not known whether it arrived",
    "VISITED": "visited",
    "NOT_IN": "visited, and nobody was in",
    "WRONG_DETAILS": "the number or address was wrong",
}
REACHED = frozenset({"SPOKE", "VISITED"})
UNHEARD = frozenset({"NO_ANSWER", "WRONG_DETAILS"})


# Why a message is not sent that could be read by somebody else: it becomes a call instead.
UNSAFE = "not a safe way to contact them"


class NotToBeAsked(Refused):
    """An ask that the ledger cannot answer: an unknown channel or topic, a time out of reach."""


@dataclass(frozen=True)
class Answered:
    """The ledger's answer: whether to go on, until when, or who has covered it already."""

    answer: Answer
    until: datetime | None = None
    covered_by: str = ""
    claim_id: UUID | None = None

    @property
    def is_yes(self) -> bool:
        return self.answer is Answer.YES


def pseudonym(secret: bytes, number: str) -> str:
    """What stands for an NHS number in the ledger: of no use to whoever lacks the secret."""
    return hmac.new(secret, number.encode(), hashlib.sha256).hexdigest()


def check_ask(channel: str, topic: str, *, wanted_at: datetime, at: datetime) -> None:
    """Raise NotToBeAsked where a partner's ask is of no known kind."""
    if channel not in CHANNELS:
        raise NotToBeAsked(f"Choose how to contact them: {', '.join(CHANNELS).lower()}.")
    if topic not in TOPICS or topic in OURS:
        choices = ", ".join(each for each in TOPICS if each not in OURS)
        raise NotToBeAsked(f"Choose what it is about: {choices}.")
    if wanted_at > at + FURTHEST_AHEAD:
        raise NotToBeAsked(f"A slot can be held up to {FURTHEST_AHEAD.days} days ahead.")
