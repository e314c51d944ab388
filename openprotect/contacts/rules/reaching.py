"""How to reach somebody safely, and what is tried, in which order, when they cannot be reached."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

# What to mind before contact, in words for whoever is about to make it.
PRECAUTIONS: Mapping[str, str] = {
    "DISCREET": "They may not be able to speak freely. Say nothing of why you ring; ask whether"
    " now is a good time; leave no message.",
    "SHARED": "Others use this phone. Say who you are only once you are sure who answers.",
    "ADDRESS": "Nothing by post and no visit to the address we hold.",
    "CARER": "Speaks through a carer.",
    "LANGUAGE": "Needs an interpreter.",
    "HEARING": "Is deaf or hard of hearing: ring by text relay (18001), speak slowly, allow time.",
}
# Which ways a precaution closes. None closes a call: who could not even be rung would be dropped.
CLOSES: Mapping[str, frozenset[str]] = {
    "DISCREET": frozenset({"TEXT", "EMAIL", "LETTER"}),
    "SHARED": frozenset({"TEXT"}),
    "ADDRESS": frozenset({"LETTER", "VISIT"}),
}

WHY_UNREACHED: Mapping[str, str] = {
    "NO_PHONE": "no phone number is known",
    "WRONG_NUMBER": "the number is wrong or dead",
    "NO_ANSWER": "rung several times, and nobody answered",
    "RETURNED": "a letter came back",
    "LANGUAGE": "no language in common",
    "UNSAFE": "no way that we have is safe",
}
RUNGS: Mapping[str, str] = {
    "RECORD": "Look in the practice's record for another number or address",
    "LETTER": "Write a letter that asks them to ring",
    "PRACTICE": "Ask the practice who has seen them, and for somebody to ask",
    "VISIT": "Ask the council for a visit",
    "WELFARE": "Ask for a welfare check today",
}
# Whose team owns a rung.
OWNERS: Mapping[str, str] = {
    "RECORD": "practice",
    "LETTER": "locality",
    "PRACTICE": "practice",
    "VISIT": "locality",
    "WELFARE": "surveillance",
}
# What trying a rung may find. The first two climb on; all others end the ladder.
CLIMBS = frozenset({"NOTHING", "NOBODY_TOLD"})
ENDS: Mapping[str, str] = {
    "REACHED": "they were reached",
    "DETAILS": "another number or address was found",
    "SEEN": "somebody has seen them, and they are safe",
    "DIED": "they have died",
    "MOVED": "they live elsewhere",
    "STOPPED": "they are not to be contacted any more",
    "LEFT": "they left the programme",
}
FOUND: Mapping[str, str] = {
    "NOTHING": "tried, and nothing was found",
    "NOBODY_TOLD": "nobody said in time what came of it",
    **ENDS,
}
BY_STAFF = frozenset({"NOTHING", "REACHED", "DETAILS", "SEEN", "DIED", "MOVED"})
NEEDS_WORDS = frozenset({"SEEN", "DIED", "MOVED"})


# What a rung means for this reason, where the usual words would mislead.
FOR_THIS: Mapping[tuple[str, str], str] = {
    ("RETURNED", "RECORD"): "Look in the practice's record for the address they have now",
    ("LANGUAGE", "RECORD"): "Look in the practice's record for their language, and who interprets",
    ("LANGUAGE", "LETTER"): "Write in their language: ask them to ring, or to say who can help",
    ("LANGUAGE", "PRACTICE"): "Ask the practice who speaks with them, and when they come next",
    (
        "UNSAFE",
        "RECORD",
    ): "Look in the practice's record for a safe way; do not ring or write",
    ("UNSAFE", "PRACTICE"): "Ask the practice to speak with them alone when they come next",
    ("UNSAFE", "VISIT"): "Ask the council's safeguarding team before anybody visits",
}
# The channel by which a rung is climbed: closed to somebody, the rung is left out.
BY_WAY: Mapping[str, str] = {"LETTER": "LETTER", "VISIT": "VISIT"}
USELESS: Mapping[str, frozenset[str]] = {"RETURNED": frozenset({"LETTER"})}
# What to mind is looked at again after half a year: people move, part, and get their own phone.
REVIEW_AFTER = timedelta(days=182)


def step_in_words(why: str, rung: str) -> str:
    """The next step, as whoever takes it reads it."""
    return FOR_THIS.get((why, rung), RUNGS[rung])


def ladder(order: str, why: str, closed: Collection[str] = ()) -> Sequence[str]:
    """The rungs for somebody, in the order that the programme sets.

    A useless one is left out, and one by a way that is not safe. Never all: the practice can be
    asked, and a welfare check needs no way of ours.
    """
    rungs = [each.upper() for each in order.split()]
    useless = USELESS.get(why, frozenset())
    return [each for each in rungs if each not in useless and BY_WAY.get(each) not in closed]


def next_rung(order: str, why: str, rung: str, closed: Collection[str] = ()) -> str:
    """The rung above; the last one is its own next, because nobody is ever given up."""
    rungs = ladder(order, why, closed)
    every = [each.upper() for each in order.split()]
    after = every[every.index(rung) + 1 :] if rung in every else every
    return next((each for each in after if each in rungs), rungs[-1])


def waits(days: int) -> timedelta:
    return timedelta(days=days)


@dataclass(frozen=True)
class Reach:
    """What is known of how somebody can be reached."""

    has_mobile: bool
    has_landline: bool
    has_address: bool
    precautions: Collection[str] = ()

    def has(self, channel: str) -> bool:
        return {
            "TEXT": self.has_mobile,
            "CALL": self.has_mobile or self.has_landline,
            "LETTER": self.has_address,
            "VISIT": self.has_address,
        }.get(channel, False)


@dataclass(frozen=True)
class Way:
    """A safe way to somebody: the channel, and what to mind on it, in words for who takes it."""

    channel: str
    mind: Sequence[str]


THROUGH_THE_PRACTICE = "PRACTICE"


def closed_ways(precautions: Collection[str]) -> frozenset[str]:
    """The channels that these precautions close."""
    return frozenset().union(*(CLOSES.get(each, frozenset()) for each in precautions))


def has_a_safe_way(reach: Reach, closed: Collection[str]) -> bool:
    """Whether a text, a call or a letter reaches them safely; a visit is not ours to make."""
    return any(reach.has(way) and way not in closed for way in ("TEXT", "CALL", "LETTER"))


def safe_way(reach: Reach) -> Way:
    """A text, else a call, a letter, a visit, whichever is first there and safe.

    Where none is, their practice is asked: somebody is never left out because a way is closed.
    """
    closed = closed_ways(reach.precautions)
    mind = tuple(PRECAUTIONS[each] for each in PRECAUTIONS if each in reach.precautions)
    for channel in ("TEXT", "CALL", "LETTER", "VISIT"):
        if reach.has(channel) and channel not in closed:
            return Way(channel, mind)
    return Way(THROUGH_THE_PRACTICE, mind)
