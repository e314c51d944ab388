"""What may come of ringing somebody, what each outcome asks for, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from openprotect.base.refusals import Refused

LEASE = timedelta(minutes=30)
RING_AGAIN_AFTER = timedelta(hours=3)
FURTHEST_AHEAD = timedelta(days=28)
LONGEST_NOTE = 2000
# Of somebody in hospital nobody knows for how long: they are asked again after this, rather than
# never. Local clinical decision, to be signed.
HOSPITAL_UNLESS_TOLD = timedelta(days=14)


class NotYourCall(Refused):
    """The call is not held by this call handler: the time was over, or somebody else has it."""


class Consequence(StrEnum):
    """What happens to a call after an attempt."""

    DONE = "done"
    RING_AGAIN = "ring again"
    AS_AGREED = "ring as agreed"
    HAND_ON = "hand on"


@dataclass(frozen=True)
class Attempted:
    """One attempt: its outcome, how many there were with it, and how many there may be."""

    outcome: str
    attempts: int
    most: int


@dataclass(frozen=True)
class Told:
    """What an outcome asks for besides its note; what it does not ask for stays empty."""

    when: datetime | None = None
    language: str = ""
    home_on: date | None = None
    by_whom: str = ""
    relationship: str = ""
    consent: str = ""
    handed_to: str = ""
    did_speak: bool | None = None
    why_not: str = ""
    is_bereaved: bool = False


NOTHING_MORE = Told()

ENDS = frozenset(
    {
        "ANSWERED", "ON_BEHALF", "PARTLY", "REFUSED", "HANDED_OVER", "OPTED_OUT", "HOSPITAL",
        "SAFEGUARDING",
    }
)  # fmt: skip
HANDS_ON = frozenset({"WRONG_NUMBER", "LINE_DEAD", "MOVED", "DIED"})
# Somebody was spoken to, and is rung again by their own wish, or by who speaks their language.
AS_AGREED = frozenset({"RESCHEDULED", "LANGUAGE"})
# The answers are sent in: every question that must be answered has been.
COMPLETE = frozenset({"ANSWERED", "ON_BEHALF"})
# Nobody else is told anything, and nothing private is left on a machine.
IN_SILENCE = frozenset({"NO_ANSWER", "VOICEMAIL"})

# Codes of earlier versions, as events written before an upgrade still have them.
ONCE: Mapping[str, str] = {"CALL_BACK": "RESCHEDULED", "STOP": "OPTED_OUT"}

# What an attempt is in the contact ledger: who was reached, and who was not.
IN_LEDGER: Mapping[str, str] = {
    "ANSWERED": "SPOKE",
    "ON_BEHALF": "SPOKE",
    "PARTLY": "SPOKE",
    "NO_ANSWER": "NO_ANSWER",
    "VOICEMAIL": "VOICEMAIL",
    "RESCHEDULED": "SPOKE",
    "LANGUAGE": "SPOKE",
    "HANDED_OVER": "SPOKE",
    "REFUSED": "SPOKE",
    "OPTED_OUT": "SPOKE",
    "HOSPITAL": "SPOKE",
    "MOVED": "WRONG_DETAILS",
    "SAFEGUARDING": "SPOKE",
    "WRONG_NUMBER": "WRONG_DETAILS",
    "LINE_DEAD": "WRONG_DETAILS",
    "DIED": "SPOKE",
}

# What nobody should have to guess afterwards.
NEEDS_WORDS: Mapping[str, str] = {
    "DIED": "Write who told you, so that the practice can confirm it kindly.",
    "MOVED": "Write who told you, and where they live now if it was said.",
    "SAFEGUARDING": "Write what you heard or saw, in their own words. Nobody else can.",
}

# What follows from each, in words: `python3 run.py docs` draws them beside what is done.
FOLLOWS: Mapping[str, str] = {
    "ANSWERED": "the answers are sent in and weighed; no other call is needed",
    "ON_BEHALF": "as answered, with who answered and the consent kept beside the answers",
    "PARTLY": "what was said is weighed as it is; the asking goes on as planned",
    "REFUSED": "what was said is weighed; nobody rings again today",
    "RESCHEDULED": "rung again at the agreed time, before others; put off too often, as no answer",
    "NO_ANSWER": "rung again in three hours; after the last attempt a team and the ladder go on",
    "VOICEMAIL": "as no answer; nothing private is left on the machine",
    "LANGUAGE": "the language is kept with the person; the call waits for who speaks it",
    "HANDED_OVER": "a clinician makes sure that help came; told at once where the handover failed",
    "SAFEGUARDING": "an alert of its own kind, now, to who is there seven days a week",
    "HOSPITAL": "check-ins are excused until they are home, or for two weeks; no miss counts",
    "MOVED": "a team looks for them: an alert to confirm it, and the ladder from the record on",
    "DIED": "all contact stops at once; an alert asks the practice to confirm it",
    "WRONG_NUMBER": "a team and the ladder look for another way",
    "LINE_DEAD": "a team and the ladder look for another way",
    "OPTED_OUT": "no message and no call from now on; open needs are still dealt with",
}

# Why somebody is rung, in words that tell nothing of their health.
CALLERS_WORDS = {
    "SILENT": "has not answered",
    "NOT_REACHED": "could not be sent our text",
    "LINK_LOCKED": "could not get into their check-in",
    "ASKED": "asked us to ring",
    "BY_PHONE": "answers by phone",
}


def as_now(outcome: str) -> str:
    """The present code of an outcome, whichever version wrote it."""
    return ONCE.get(outcome, outcome)


def consequence(attempted: Attempted) -> Consequence:
    """Spoken to: done. Nobody reached: again, until the last attempt; then a team takes over.

    Not being reached is never the end of it (an unreachable person is handed to a named team), and
    neither is being put off time after time.
    """
    outcome = attempted.outcome
    if outcome in ENDS:
        return Consequence.DONE
    if outcome in AS_AGREED and attempted.attempts < 2 * attempted.most:
        return Consequence.AS_AGREED
    if outcome in HANDS_ON or attempted.attempts >= attempted.most:
        return Consequence.HAND_ON
    return Consequence.RING_AGAIN


def check_told(outcome: str, note: str, told: Told, *, at: datetime) -> None:
    """Raise Refused where an outcome lacks what it asks for, in words for the call handler."""
    if outcome in NEEDS_WORDS and not note.strip():
        raise Refused(NEEDS_WORDS[outcome])
    _check_when(outcome, told, at=at)
    if outcome == "LANGUAGE" and not told.language:
        raise Refused("Choose the language they want to speak.")
    if outcome == "ON_BEHALF" and not (told.by_whom and told.consent):
        raise Refused("Say who answered for them, and whether the person is happy with it.")
    if outcome == "HANDED_OVER":
        _check_handover(told, note)
    if outcome == "HOSPITAL" and told.home_on and told.home_on < at.date():
        raise Refused("The day they come home cannot be in the past.")


def _check_when(outcome: str, told: Told, *, at: datetime) -> None:
    if outcome != "RESCHEDULED" or told.when is None:
        return
    if told.when <= at:
        raise Refused("The time to ring again has passed. Choose a later one.")
    if told.when > at + FURTHEST_AHEAD:
        raise Refused(f"Choose a time in the next {FURTHEST_AHEAD.days} days.")


def _check_handover(told: Told, note: str) -> None:
    """Who has them now; and where nobody could be spoken to, why not: somebody acts on it."""
    if not (told.handed_to.strip() or note.strip()):
        raise Refused("Write who took over, so that nobody has to guess whether help is coming.")
    if told.did_speak is False and not told.why_not.strip():
        raise Refused("Write why you could not speak to them. A clinician is told at once.")
