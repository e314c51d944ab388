"""What is wrong with a pack, said at the cell, so that its author can mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from openprotect.base.refusals import Refused

Severity = Literal["refused", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong, or doubtful, in one file of a pack.

    `column` names the column of a table or the path of a key; `place` is the character of the row
    at which it stands, where that is known.
    """

    file: str
    row: int | None
    column: str | None
    message: str
    severity: Severity = "refused"
    place: int | None = None

    def __str__(self) -> str:
        parts = (self.file, self.row, self.place, self.column)
        place = ":".join(str(part) for part in parts if part)
        warning = "warning: " if self.severity == "warning" else ""
        return f"{place}: {warning}{self.message}"


class PackRefused(Refused):
    """A pack that may not be used; `problems` holds all that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Reading:
    """Gathers every problem met while one pack is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(
        self,
        file: str,
        row: int | None,
        column: str | None,
        message: str,
        place: int | None = None,
    ) -> None:
        self.problems.append(Problem(file, row, column, message, place=place))

    def warn(
        self,
        file: str,
        row: int | None,
        column: str | None,
        message: str,
        place: int | None = None,
    ) -> None:
        self.problems.append(Problem(file, row, column, message, "warning", place))

    @property
    def is_refused(self) -> bool:
        return any(problem.severity == "refused" for problem in self.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(each for each in self.problems if each.severity == "warning")


def not_one_of(word: str, allowed: Iterable[str]) -> str:
    """Say that a word is unknown, which one was probably meant, and which are allowed."""
    known = sorted(allowed)
    close = difflib.get_close_matches(word, known, n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    shown = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
    return f"{word[:60]!r} is not known here.{meant} Allowed: {shown}."
