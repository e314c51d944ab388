"""Expressions over facts: checked for types when they are written, never guessed when they run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cel_expr_python import cel

_T: Final = cel.Type
_ENVIRONMENT: Final = cel.NewEnv(
    variables={
        "code": _T.Map(_T.STRING, _T.STRING),
        "num": _T.Map(_T.STRING, _T.DOUBLE),
        "day": _T.Map(_T.STRING, _T.STRING),
        "said": _T.Map(_T.STRING, _T.STRING),
        "codes": _T.Map(_T.STRING, _T.List(_T.STRING)),
        "nums": _T.Map(_T.STRING, _T.List(_T.DOUBLE)),
        "days": _T.Map(_T.STRING, _T.List(_T.STRING)),
    }
)


class NotComputed(Exception):
    """The expression has no answer for these facts."""


class NotAnExpression(Exception):
    """The expression does not hold together."""


@dataclass(frozen=True)
class Test:
    """One compiled expression that is either true or false of some facts."""

    text: str
    program: Any

    def holds(self, facts: Any) -> bool:
        """CEL answers trouble with an error value, not an exception; neither is ever "no"."""
        try:
            found = self.program.eval(activation=facts)
        except (RuntimeError, TypeError, ValueError) as why:
            raise NotComputed from why
        if found.type() != _T.BOOL:
            raise NotComputed
        return found.value() is True


@dataclass(frozen=True)
class Mask:
    """Several tests in one expression: which of them hold, as the bits of a number.

    To ask the engine once is many times quicker than to ask it once for each test. Trouble in any
    one test is trouble in all: then they must be asked one by one.
    """

    program: Any

    def of(self, facts: Any) -> int:
        try:
            found = self.program.eval(activation=facts)
        except (RuntimeError, TypeError, ValueError) as why:
            raise NotComputed from why
        if found.type() != _T.INT:
            raise NotComputed
        return int(found.value())


MOST_IN_A_MASK: Final = 62


def masked(tests: Sequence[Test]) -> Mask:
    """The tests as one expression; the first is the lowest bit."""
    bits = [f"({each.text} ? {1 << place} : 0)" for place, each in enumerate(tests)]
    return Mask(_ENVIRONMENT.compile(_summed(bits)))


def _summed(terms: Sequence[str]) -> str:
    """In pairs of pairs: the engine reads no expression that is nested deeply."""
    if len(terms) < 2:
        return terms[0] if terms else "0"
    half = len(terms) // 2
    return f"({_summed(terms[:half])} + {_summed(terms[half:])})"


def ready(shelves: Mapping[str, Mapping[str, object]]) -> Any:
    """Facts made ready once for all the tests of one person."""
    return _ENVIRONMENT.Activation(shelves)


def compiled(text: str) -> Test:
    try:
        program = _ENVIRONMENT.compile(text)
    except RuntimeError as why:
        raise NotAnExpression(str(why)) from why
    if program.return_type() != _T.BOOL:
        raise NotAnExpression("is neither true nor false.")
    return Test(text, program)
