"""ODS writes names in capitals, which are slow to read and read out letter by letter."""

import re

CAPITALS = frozenset({"PCN", "GP", "NHS", "PMS", "HIP", "UEA", "APMS"})
SMALL = frozenset({"and", "of", "the", "at", "on", "in", "by", "le"})
IN_FULL = {"H/C": "Health Centre", "MED": "Medical", "CTR": "Centre"}


def readable(name: str) -> str:
    """`ST JOHN'S SURGERY` as `St John's Surgery`; initials stay capitals."""
    if name != name.upper():
        return name
    words = [_word(word, first=not position) for position, word in enumerate(name.split())]
    return " ".join(words)


def _word(word: str, *, first: bool) -> str:
    if word in CAPITALS:
        return word
    if word in IN_FULL:
        return IN_FULL[word]
    if word.lower() in SMALL and not first:
        return word.lower()
    return re.sub(r"(^|[-(])([a-z])", lambda found: found[1] + found[2].upper(), word.lower())
