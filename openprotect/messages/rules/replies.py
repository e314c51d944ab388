"""What a text that somebody sent us means. What is not plainly a word of ours goes to a person."""

import re
from typing import Final

STOP, START, HELP, EMERGENCY, WORDS = "STOP", "START", "HELP", "EMERGENCY", "WORDS"
STOPS: Final = frozenset({"stop", "stopall", "unsubscribe", "stopp"})
STARTS: Final = frozenset({"start", "unstop"})
# What may stand beside a word of ours without changing what it means.
BESIDE: Final = frozenset(
    word
    for line in (
        "a all am any anymore at contacting do from i is it me message messages messaging more no",
        "now of off please pls plz send sending sms text texting texts thank thanks that the these",
        "this to us want we you your",
    )
    for word in line.split()
)
# So that what cannot wait is read first. Everything else is read by a person too, the same day:
# a word that is missing here costs hours, never the reading.
URGENT: Final = re.compile(
    r"\b(999|112|111|ambulance|emergency|urgent\w*|dying|suicid\w*|kill (?:my|him|her)self|"
    r"end (?:it all|my life)|want to die|overdos\w*|collapsed|unconscious|stroke|heart attack|"
    r"chest pain\w*|bleeding|fallen|fell|choking|(?:can.?t|cannot|can not|hard to|struggling to)"
    r" breathe?|not breathing|breathless\w*|hurting me|hit me|scared of|help me)\b",
    re.IGNORECASE,
)


def meaning_of(words: str) -> str:
    """STOP, START, HELP, or words for a person: urgent ones apart.

    "Stop pls" is STOP. "I can't stop coughing" is not: one word more than politeness, and a person
    reads it.
    """
    if URGENT.search(words):
        return EMERGENCY
    said = re.sub(r"[^\w\s]", " ", words.casefold()).split()
    left = [each for each in said if each not in BESIDE]
    if left and set(left) <= STOPS:
        return STOP
    if left and set(left) <= STARTS:
        return START
    return HELP if said and set(left) == {"help"} and len(said) <= 2 else WORDS
