"""An expression, compiled once and evaluated for each answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from openprotect.forms.fhirpath import grammar, model
from openprotect.forms.fhirpath.errors import BadExpression, TooCostly
from openprotect.forms.fhirpath.evaluation import Budget, Scope, World, constants, evaluate
from openprotect.forms.fhirpath.functions import FUNCTIONS, NOT_HERE
from openprotect.forms.fhirpath.items import JSON, Element, Item, as_json, element
from openprotect.forms.fhirpath.tree import Call, Node, Typed, Variable, type_name, walk
from openprotect.forms.fhirpath.values import Date, DateTime, Quantity, Time

_DO = {name: known.do for name, known in FUNCTIONS.items()}
_TYPED_CALLS = frozenset({"is", "as", "ofType"})
STEPS = 200_000  # well under a second


@dataclass(frozen=True)
class Expression:
    """A sound expression."""

    text: str
    tree: Node

    @property
    def variables(self) -> frozenset[str]:
        """The names of what it needs from outside, but for those that FHIR defines."""
        names = (node.name for node in walk(self.tree) if isinstance(node, Variable))
        return frozenset(name for name in names if constants(name) is None)

    @property
    def reads_clock(self) -> bool:
        """Whether the answer may change with the day or the time."""
        clock = {"now", "today", "timeOfDay"}
        return any(isinstance(node, Call) and node.name in clock for node in walk(self.tree))

    def evaluate(
        self,
        resource: JSON,
        variables: Mapping[str, object] | None = None,
        *,
        at: datetime | None = None,
        context: object = None,
        steps: int = STEPS,
    ) -> list[JSON]:
        """The answer as JSON has it: numbers with a fraction as Decimal, dates as text."""
        found = self.items(resource, variables, at=at, context=context, steps=steps)
        return [as_json(item) for item in found]

    def items(
        self,
        resource: JSON,
        variables: Mapping[str, object] | None = None,
        *,
        at: datetime | None = None,
        context: object = None,
        steps: int = STEPS,
    ) -> list[Item]:
        """The answer with its types, fit to be a variable of another expression.

        `context` is what the expression stands on when that is a part of the resource; a variable
        is one item or a list: values, JSON, or what `items` gave.
        """
        root = as_items(resource)
        focus = root if context is None else as_items(context)
        known = {name: as_items(value) for name, value in (variables or {}).items()}
        known = {"resource": root, "rootResource": root, "context": focus, **known}
        world = World(known, at, _DO, Budget(steps))
        try:
            return evaluate(self.tree, Scope(world, focus))
        except RecursionError:
            raise TooCostly("the expression goes too deep") from None


def as_items(value: object) -> list[Item]:
    """A value from outside, or several, as what expressions work on."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [item for each in value for item in as_items(each)]
    if isinstance(value, Element | Quantity | Date | DateTime | Time | Decimal | bool | int | str):
        return [value]
    return [element(value)]


@lru_cache(maxsize=5_000)
def compile(text: str) -> Expression:  # noqa: A001
    """The expression of a text; refused when it is broken or calls what is not there."""
    tree = grammar.parse(text)
    for node in walk(tree):
        if isinstance(node, Call):
            _check_call(node)
        elif isinstance(node, Typed):
            _check_type(node.type, node.column)
    return Expression(text, tree)


def _check_call(node: Call) -> None:
    if node.name in NOT_HERE:
        why = NOT_HERE[node.name]
        raise BadExpression(f"{node.name}() is not supported here: {why}", node.column)
    known = FUNCTIONS.get(node.name)
    if known is None:
        raise BadExpression(f"there is no function {node.name}()", node.column)
    given = len(node.arguments)
    if not known.least <= given <= known.most:
        takes = _counted(known.least, known.most)
        raise BadExpression(f"{node.name}() takes {takes}, not {given}", node.column)
    if node.name in _TYPED_CALLS:
        _check_type(type_name(node.arguments[0]) or "", node.column)


def _counted(least: int, most: int) -> str:
    if most == 0:
        return "no arguments"
    number = str(least) if least == most else f"{least} to {most}"
    return f"{number} argument{'' if most == 1 else 's'}"


def _check_type(name: str, column: int) -> None:
    if not model.is_type(name):
        raise BadExpression(f"there is no type {name!r}" if name else "a type is missing", column)
