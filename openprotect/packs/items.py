"""The parts of a questionnaire: an item, its options, when it is shown, and its red flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from openprotect.packs.stored import NotUnderstood, Value, day_of, number_of

Kind = Literal[
    "choice",
    "boolean",
    "integer",
    "decimal",
    "date",
    "string",
    "text",
    "display",
    "group",
]
Operator = Literal["exists", "=", "!=", ">", "<", ">=", "<="]

KINDS: Final[tuple[Kind, ...]] = (
    "choice",
    "boolean",
    "integer",
    "decimal",
    "date",
    "string",
    "text",
    "display",
    "group",
)
FREE_TEXT: Final = ("string", "text")
# Far more than a person can type; what is longer goes to a person unread by any rule.
LONGEST_READ: Final = 100_000
LONGEST_ANSWER: Final[Mapping[str, int]] = {"string": 200, "text": 2000}


@dataclass(frozen=True)
class Option:
    """One answer that may be chosen; `score` is the FHIR ordinal value, where the form has one."""

    code: str
    display: str
    prefix: str = ""
    score: Decimal | None = None
    system: str = ""


@dataclass(frozen=True)
class EmergencyText:
    """What the person must read at once, and which number it sends them to."""

    call: Literal["999", "111"]
    text: str


@dataclass(frozen=True)
class RedFlag:
    """Answers to one question that send the person to 999 or 111 before anything else."""

    emergency: EmergencyText
    codes: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None

    def raised_by(self, value: Value) -> bool:
        if isinstance(value, Decimal):
            above = self.low is None or value >= self.low
            return not self.codes and above and (self.high is None or value <= self.high)
        return as_code(value) in self.codes


@dataclass(frozen=True)
class Condition:
    """One FHIR enableWhen: a comparison with the answer to an earlier question."""

    question: str
    operator: Operator
    value: Value

    def holds(self, answer: Value | None) -> bool:
        """R4 defines "!=" as "no answer equals", so it holds for an unanswered question."""
        if self.operator == "exists":
            return (answer is not None) is self.value
        if answer is None or type(answer) is not type(self.value):
            return self.operator == "!="
        return _compare(answer, self.operator, self.value)


@dataclass(frozen=True)
class Branch:
    """The conditions of one item or of a group above it, joined by all or by any."""

    conditions: tuple[Condition, ...]
    any: bool = False

    def holds(self, answers: Mapping[str, Value]) -> bool:
        outcomes = [each.holds(answers.get(each.question)) for each in self.conditions]
        return any(outcomes) if self.any else all(outcomes)


@dataclass(frozen=True)
class Item:
    """One question, one piece of text, or one heading over several questions."""

    link_id: str
    text: str
    kind: Kind
    help: str = ""
    caller_wording: str = ""
    required: bool = False
    is_hidden: bool = False
    options: tuple[Option, ...] = ()
    enable_when: tuple[Branch, ...] = ()
    max_length: int | None = None
    low: Decimal | date | None = None
    high: Decimal | date | None = None
    unit: str = ""
    group: str = ""
    groups: tuple[str, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()

    @property
    def is_question(self) -> bool:
        return self.kind not in ("display", "group") and not self.is_hidden

    @property
    def is_page(self) -> bool:
        return self.kind != "group" and not self.is_hidden

    @property
    def is_free_text(self) -> bool:
        return self.kind in FREE_TEXT

    @property
    def longest(self) -> int:
        return self.max_length or LONGEST_ANSWER.get(self.kind, 0)

    def option(self, code: str) -> Option | None:
        return next((each for each in self.options if each.code == code), None)

    def shown(self, answers: Mapping[str, Value]) -> bool:
        return all(branch.holds(answers) for branch in self.enable_when)

    def understood(self, stored: object) -> Value | None:
        """A stored answer as its typed value; None when empty, NotUnderstood when it cannot be."""
        if stored is None or (isinstance(stored, str) and not stored.strip()):
            return None
        if self.kind == "choice" and isinstance(stored, str) and self.option(stored):
            return stored
        if self.kind == "boolean" and isinstance(stored, bool):
            return stored
        if self.kind in ("integer", "decimal"):
            return number_of(stored, whole=self.kind == "integer")
        if self.kind == "date":
            return day_of(stored)
        if self.is_free_text and isinstance(stored, str) and len(stored) <= LONGEST_READ:
            return stored
        raise NotUnderstood


def as_code(value: Value) -> str:
    """Yes-or-no answers are compared by the codes that tables and emergency texts use."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _compare(answer: Value, operator: Operator, value: Value) -> bool:
    if operator == "=":
        return answer == value
    if operator == "!=":
        return answer != value
    if isinstance(answer, Decimal) and isinstance(value, Decimal):
        return _in_order(answer - value, operator)
    if isinstance(answer, date) and isinstance(value, date):
        return _in_order(Decimal((answer - value).days), operator)
    return False


def _in_order(difference: Decimal, operator: Operator) -> bool:
    if operator in (">", ">="):
        return difference > 0 or (operator == ">=" and difference == 0)
    return difference < 0 or (operator == "<=" and difference == 0)
