"""The parts of a questionnaire: an item, its answers to choose from, and when it is shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

from openprotect.forms.comparing import equal, order
from openprotect.forms.values import (
    Attachment,
    Coding,
    Kept,
    NotUnderstood,
    Quantity,
    Reference,
    Value,
    as_code,
    from_parts,
    kept,
    moment_of,
    number_of,
    part_day_of,
    time_of,
)

Kind = Literal[
    "choice",
    "open-choice",
    "boolean",
    "integer",
    "decimal",
    "date",
    "dateTime",
    "time",
    "string",
    "text",
    "url",
    "quantity",
    "reference",
    "attachment",
    "display",
    "group",
]
Operator = Literal["exists", "=", "!=", ">", "<", ">=", "<="]

KINDS: Final[tuple[Kind, ...]] = (
    "choice",
    "open-choice",
    "boolean",
    "integer",
    "decimal",
    "date",
    "dateTime",
    "time",
    "string",
    "text",
    "url",
    "quantity",
    "reference",
    "attachment",
    "display",
    "group",
)
OPERATORS: Final[tuple[Operator, ...]] = ("exists", "=", "!=", ">", "<", ">=", "<=")
FREE_TEXT: Final = ("string", "text")
CHOICES: Final = ("choice", "open-choice")
NUMBERS: Final = ("integer", "decimal")
TABLES: Final = frozenset(("table", "htable", "gtable", "atable", "grid"))
# Far more than a person can type; what is longer goes to a person unread by any rule.
LONGEST_READ: Final = 100_000
LONGEST_ANSWER: Final[Mapping[str, int]] = {"string": 200, "text": 2000, "url": 500}
# The key under which words of one's own are kept, where the form offers answers as well.
OWN_WORDS: Final = "words"


@dataclass(frozen=True)
class Option:
    """One answer that may be chosen; `score` is its ordinal value or weight, where it has one.

    `code` is its name within the question and what is kept when it is chosen. `other` is its value
    where that is no code: words, a number, a day, a time, a reference.
    """

    code: str
    display: str
    prefix: str = ""
    score: Decimal | None = None
    system: str = ""
    other: Value | None = None
    is_exclusive: bool = False
    is_initial: bool = False

    @property
    def value(self) -> Value:
        return Coding(self.code, self.display, self.system) if self.other is None else self.other


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
        number = value.value if isinstance(value, Quantity) else value
        if isinstance(number, Decimal):
            above = self.low is None or number >= self.low
            return not self.codes and above and (self.high is None or number <= self.high)
        return as_code(value) in self.codes


@dataclass(frozen=True)
class Condition:
    """One FHIR enableWhen: a comparison with the answers to another question."""

    question: str
    operator: Operator
    value: Value

    def holds(self, answers: Sequence[Value]) -> bool:
        """R4: at least one answer compares so; "!=" holds when no answer is equal."""
        if self.operator == "exists":
            return bool(answers) is self.value
        if self.operator == "!=":
            return not any(equal(each, self.value) for each in answers)
        return any(self._compares(each) for each in answers)

    def _compares(self, answer: Value) -> bool:
        if self.operator == "=":
            return equal(answer, self.value)
        found = order(answer, self.value)
        if found is None:
            return False
        allowed = {">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0)}
        return found in allowed[self.operator]


@dataclass(frozen=True)
class Branch:
    """The conditions of one item, joined by all or by any."""

    conditions: tuple[Condition, ...]
    any: bool = False


@dataclass(frozen=True)
class Formula:
    """An expression of the form, in FHIRPath. `name` is the variable that it defines, if any."""

    text: str
    name: str = ""


@dataclass(frozen=True)
class Constraint:
    """Something that must be true of a form's answers, and the words for when it is not."""

    key: str
    formula: Formula
    human: str
    is_error: bool = True


@dataclass(frozen=True)
class Formulas:
    """What of an item is computed; a formula that is None is not there."""

    enable: Formula | None = None
    calculated: Formula | None = None
    initial: Formula | None = None
    options: Formula | None = None
    text: Formula | None = None
    low: Formula | None = None
    high: Formula | None = None
    variables: tuple[Formula, ...] = ()
    constraints: tuple[Constraint, ...] = ()

    def all(self) -> Iterator[Formula]:
        single = (self.enable, self.calculated, self.initial, self.options, self.text)
        yield from (each for each in (*single, self.low, self.high) if each)
        yield from self.variables
        yield from (each.formula for each in self.constraints)


@dataclass(frozen=True)
class Limits:
    """What an answer must keep to. `pattern` is a regular expression for the whole answer."""

    least_length: int = 0
    places: int | None = None
    least_answers: int = 0
    most_answers: int | None = None
    pattern: str = ""
    largest: int | None = None
    media: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One question, one piece of text, or one heading over several questions.

    `items` are beneath it: for a question, they follow each of its answers. `is_plural`: there may
    be several answers to it, since it or something around it repeats. `lacks_options`: its
    answers are on a list that is not here, so they are asked for in words. `written_id` is the
    linkId of the form where `link_id` had to differ from it, because another item has it as well.
    """

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
    low: Value | None = None
    high: Value | None = None
    unit: str = ""
    group: str = ""
    groups: tuple[str, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    prefix: str = ""
    is_repeated: bool = False
    is_plural: bool = False
    is_read_only: bool = False
    lacks_options: bool = False
    control: str = ""
    format: str = ""
    open_label: str = ""
    units: tuple[Coding, ...] = ()
    initial: tuple[Value, ...] = ()
    limits: Limits = Limits()
    formulas: Formulas = Formulas()
    written_id: str = ""
    items: tuple["Item", ...] = field(default=(), repr=False)

    @property
    def fhir_id(self) -> str:
        return self.written_id or self.link_id

    @property
    def is_question(self) -> bool:
        """Whether somebody is asked it: hidden items are filled by the form itself."""
        return self.holds_answers and not self.is_hidden

    @property
    def holds_answers(self) -> bool:
        return self.kind not in ("display", "group")

    @property
    def is_page(self) -> bool:
        return self.kind != "group" and not self.is_hidden

    @property
    def is_free_text(self) -> bool:
        return self.kind in FREE_TEXT

    @property
    def is_table(self) -> bool:
        return self.kind == "group" and self.control in TABLES

    @property
    def takes_own_words(self) -> bool:
        """Whether words that are on no list are an answer, too."""
        return self.kind == "open-choice" or (self.kind == "choice" and self.lacks_options)

    @property
    def longest(self) -> int:
        return self.max_length or LONGEST_ANSWER.get(self.kind, 0)

    @cached_property
    def _by_code(self) -> Mapping[str, Option]:
        return {each.code: each for each in self.options}

    def option(self, code: str) -> Option | None:
        return self._by_code.get(code)

    def option_of(self, value: Value) -> Option | None:
        return next((each for each in self.options if equal(each.value, value)), None)

    def kept(self, value: Value) -> Kept:
        """What is stored of one answer: an option by its code, everything else in plain JSON."""
        if option := self.option_of(value) if self.options else None:
            return option.code
        if self.kind in CHOICES and isinstance(value, str):
            return {OWN_WORDS: value}
        return kept(value)

    def understood(self, stored: object) -> Value | None:
        """A stored answer as its typed value; None when empty, NotUnderstood when it cannot be."""
        if stored is None or (isinstance(stored, str) and not stored.strip()):
            return None
        if isinstance(stored, str) and (option := self.option(stored)):
            return option.value
        if self.kind in CHOICES:
            return self._chosen(stored)
        if self.options:
            raise NotUnderstood
        return self._typed(stored)

    def all_understood(self, stored: object) -> tuple[Value, ...]:
        """Every answer to a question that may have several."""
        given = stored if isinstance(stored, list | tuple) else (stored,)
        return tuple(value for each in given if (value := self.understood(each)) is not None)

    def _chosen(self, stored: object) -> Value:
        if not isinstance(stored, dict) or not self.takes_own_words:
            raise NotUnderstood
        if stored.keys() != {OWN_WORDS}:
            return from_parts(stored, Coding)
        words = stored[OWN_WORDS]
        if not isinstance(words, str) or len(words) > LONGEST_READ:
            raise NotUnderstood
        return words if self.kind == "open-choice" else Coding(display=words)

    def _typed(self, stored: object) -> Value:
        if self.kind in NUMBERS:
            return number_of(stored, whole=self.kind == "integer")
        if self.kind in _READERS:
            return _READERS[self.kind](stored)
        if self.kind in _OF_PARTS:
            return from_parts(stored, _OF_PARTS[self.kind])
        fits = bool if self.kind == "boolean" else str
        if type(stored) is not fits or len(str(stored)) > LONGEST_READ:
            raise NotUnderstood
        return stored


_READERS: Final = {
    "date": part_day_of,
    "dateTime": moment_of,
    "time": time_of,
}
_OF_PARTS: Final[Mapping[str, type[Quantity | Reference | Attachment]]] = {
    "quantity": Quantity,
    "reference": Reference,
    "attachment": Attachment,
}
