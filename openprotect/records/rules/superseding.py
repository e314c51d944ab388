"""NHS numbers that were replaced by others: followed to the current one, and never rewritten.

A record stays under the number that it came with; what it is read as follows from the pairs that
are in force. Taking a pair away therefore gives back exactly what was there before.
"""

from collections.abc import Iterable, Mapping

from openprotect.base.refusals import Refused


class BadSupersession(Refused):
    """A pair that contradicts another one, or would lead round in a circle."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words)
        self.reason = reason


def current(pairs: Mapping[str, str]) -> dict[str, str]:
    """Each superseded number with the number that is current now, however many lie between."""
    return {old: _follow(pairs, old) for old in pairs}


def _follow(pairs: Mapping[str, str], start: str) -> str:
    met = {start}
    at = start
    while at in pairs:
        at = pairs[at]
        if at in met:
            raise BadSupersession("supersession-circle", "These numbers replace one another.")
        met.add(at)
    return at


def join(known: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """The pairs with one more. Refused when the old number has another successor already."""
    if old == new or known.get(old, new) != new:
        words = "This number was replaced by another one already: that must be undone first."
        raise BadSupersession("supersession-differs", words)
    joined = {**known, old: new}
    _follow(joined, old)
    return joined


def part(known: Mapping[str, str], olds: Iterable[str]) -> dict[str, str]:
    """The pairs without these: each number stands for itself again."""
    gone = set(olds)
    return {old: new for old, new in known.items() if old not in gone}
