"""Legal moves of a noun from one state to the next; drawn into docs/states by a command."""

from collections.abc import Iterator, Mapping

from openprotect.base.refusals import Refused


class IllegalMove(Refused):
    """The thing is no longer in a state from which this can be done."""


class Moves:
    """Which states may follow which."""

    def __init__(self, allowed: Mapping[str, set[str]]) -> None:
        self._allowed = {str(start): frozenset(map(str, ends)) for start, ends in allowed.items()}

    def check(self, start: str, end: str) -> None:
        """Raise IllegalMove unless `end` may follow `start`."""
        if str(end) not in self._allowed.get(str(start), frozenset()):
            raise IllegalMove(f"This is already {str(start).lower()}: it cannot become {end}.")

    def allows(self, start: str, end: str) -> bool:
        return str(end) in self._allowed.get(str(start), frozenset())

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for start, ends in self._allowed.items():
            for end in sorted(ends):
                yield start, end
