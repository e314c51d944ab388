"""What is found wrong with a response, and what that makes of it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Fault:
    """One thing wrong at one item; a doubt when it is no error.

    `is_softer`: a rule about the whole that a response in the making need not keep to yet.
    """

    item: str
    where: str
    words: str
    is_error: bool = True
    is_softer: bool = False

    def __str__(self) -> str:
        place = self.item or self.where
        return f"{place}: {self.words}" if place else self.words


@dataclass(frozen=True)
class Verdict:
    """Whether a response is valid: it is when nothing in it is an error."""

    faults: tuple[Fault, ...]

    @property
    def is_valid(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(each for each in self.faults if each.is_error)

    @property
    def doubts(self) -> tuple[Fault, ...]:
        return tuple(each for each in self.faults if not each.is_error)


def error(item: str, where: str, words: str, *, is_softer: bool = False) -> Fault:
    return Fault(item, where, words, is_softer=is_softer)


def warning(item: str, where: str, words: str) -> Fault:
    return Fault(item, where, words, is_error=False)


def softer(fault: Fault) -> Fault:
    """The same, as it counts in a response that is not finished."""
    return replace(fault, is_error=fault.is_error and not fault.is_softer)
