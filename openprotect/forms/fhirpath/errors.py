"""What can be wrong with an expression, said so that its author can mend it."""

from openprotect.base.refusals import Refused


class BadExpression(Refused):
    """The text is not an expression that can be computed: where, and why."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(f"column {column}: {reason}")
        self.reason, self.column = reason, column


class CannotEvaluate(Refused):
    """The expression is sound but has no answer for what it was given."""


class TooCostly(CannotEvaluate):
    """The expression was stopped: it took more steps, items or text than a page may cost."""
