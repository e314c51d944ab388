"""Walk the tree of an expression over a resource, within what it may cost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from openprotect.forms.fhirpath import arithmetic, comparing, model
from openprotect.forms.fhirpath.errors import CannotEvaluate, TooCostly
from openprotect.forms.fhirpath.items import Element, Item, kind_of, member, plain
from openprotect.forms.fhirpath.tree import (
    Binary,
    Call,
    Index,
    Literal,
    Member,
    Node,
    Nothing,
    Sign,
    This,
    Typed,
    Variable,
)
from openprotect.forms.fhirpath.values import Quantity

Items = list[Item]


@dataclass
class Budget:
    """What an expression may still cost: steps taken, items and letters made."""

    steps: int = 200_000

    def pay(self, steps: int) -> None:
        """Take some of it; stop the expression when none is left."""
        self.steps -= steps
        if self.steps < 0:
            raise TooCostly("the expression took too many steps")


@dataclass(frozen=True)
class World:
    """What is the same wherever in the expression we are."""

    variables: Mapping[str, Sequence[Item]]
    at: datetime | None
    functions: "Mapping[str, Function]"
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True)
class Scope:
    """Where in the expression we are: the item in focus, its place, a running total."""

    world: World
    this: Sequence[Item]
    index: int | None = None
    total: Sequence[Item] = ()

    def on(self, item: Item, index: int) -> "Scope":
        """The same, with one item in focus."""
        return replace(self, this=(item,), index=index)


@dataclass(frozen=True)
class Calling:
    """A call under way: what it is called on, its arguments not yet computed, where it stands."""

    name: str
    input: Items
    arguments: tuple[Node, ...]
    scope: Scope

    def argument(self, place: int) -> Items:
        """An argument's items, in the scope around the call; none when it was not given."""
        if place >= len(self.arguments):
            return []
        return evaluate(self.arguments[place], self.scope)

    def for_each(self, item: Item, index: int, place: int = 0) -> Items:
        """An argument's items with one item of the input in focus."""
        return evaluate(self.arguments[place], self.scope.on(item, index))

    def text(self, place: int) -> str | None:
        """An argument that must be words."""
        value = single_value(self.argument(place), f"the argument of {self.name}()")
        if value is None or isinstance(value, str):
            return value
        raise CannotEvaluate(f"{self.name}() asks for words, not {kind_of(value)}")

    def whole(self, place: int) -> int | None:
        """An argument that must be a whole number."""
        value = single_value(self.argument(place), f"the argument of {self.name}()")
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise CannotEvaluate(f"{self.name}() asks for a whole number, not {kind_of(value)}")

    def value(self) -> Item | None:
        """The only item that it is called on, as a value."""
        return single_value(self.input, f"the input of {self.name}()")

    def pay(self, steps: int) -> None:
        """Take from what the expression may cost."""
        self.scope.world.budget.pay(steps)


Function = Callable[[Calling], Items]


def evaluate(node: Node, scope: Scope) -> Items:
    """The items that a part of the expression stands for."""
    scope.world.budget.pay(1)
    found = cast("Callable[[Node, Scope], Items]", _STEPS[type(node)])(node, scope)
    scope.world.budget.pay(len(found) // 8)
    return found


# --- from items to one value -----------------------------------------------------------------


def single(items: Sequence[Item], what: str) -> Item | None:
    """The only item, or none; several are refused."""
    if len(items) > 1:
        raise CannotEvaluate(f"{what} must be one item, not {len(items)}")
    return items[0] if items else None


def single_value(items: Sequence[Item], what: str) -> Item | None:
    """The only item as a value."""
    item = single(items, what)
    return None if item is None else plain(item)


def truth(items: Sequence[Item], what: str) -> bool | None:
    """The only item as yes or no: by the standard, anything but no is a yes; none is unknown."""
    item = single(items, what)
    if item is None:
        return None
    value = plain(item)
    return value if isinstance(value, bool) else True


def criterion(items: Sequence[Item], what: str) -> bool | None:
    """The only item, which must be yes or no."""
    value = single_value(items, what)
    if value is None or isinstance(value, bool):
        return value
    raise CannotEvaluate(f"{what} must be true or false, not {kind_of(value)}")


def of_answer(answer: bool | None) -> Items:
    """Yes or no as items; none when it is not known."""
    return [] if answer is None else [answer]


# --- kinds of node ---------------------------------------------------------------------------


def _literal(node: Literal, _: Scope) -> Items:
    return [node.value]


def _nothing(_: Nothing, __: Scope) -> Items:
    return []


def _variable(node: Variable, scope: Scope) -> Items:
    if node.name in scope.world.variables:
        return list(scope.world.variables[node.name])
    if (constant := constants(node.name)) is not None:
        return [constant]
    raise CannotEvaluate(f"there is no %{node.name} here")


def constants(name: str) -> str | None:
    """What FHIR defines for every expression."""
    if name.startswith("vs-"):
        return f"http://hl7.org/fhir/ValueSet/{name[3:]}"
    if name.startswith("ext-"):
        return f"http://hl7.org/fhir/StructureDefinition/{name[4:]}"
    return _CONSTANTS.get(name)


_CONSTANTS = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}


def _this(node: This, scope: Scope) -> Items:
    if node.name == "$this":
        return list(scope.this)
    if node.name == "$total":
        return list(scope.total)
    return [] if scope.index is None else [scope.index]


def _member(node: Member, scope: Scope) -> Items:
    if node.of is None:
        if _names_type(node.name, scope.this):
            return list(scope.this)
        given: Iterable[Item] = scope.this
    else:
        given = evaluate(node.of, scope)
    found: Items = []
    for item in given:
        found.extend(member(item, node.name))
    return found


def _names_type(name: str, items: Sequence[Item]) -> bool:
    """Whether a path begins with the type of what is in focus, as in Patient.name."""
    if len(items) != 1 or not isinstance(items[0], Element) or not name[:1].isupper():
        return False
    return name in model.lineage(items[0].kind)


def _call(node: Call, scope: Scope) -> Items:
    given = list(scope.this) if node.of is None else evaluate(node.of, scope)
    return scope.world.functions[node.name](Calling(node.name, given, node.arguments, scope))


def _index(node: Index, scope: Scope) -> Items:
    given = evaluate(node.of, scope)
    place = single_value(evaluate(node.place, scope), "an index")
    if place is None:
        return []
    if not isinstance(place, int) or isinstance(place, bool):
        raise CannotEvaluate("an index must be a whole number")
    return [given[place]] if 0 <= place < len(given) else []


def _sign(node: Sign, scope: Scope) -> Items:
    value = single_value(evaluate(node.of, scope), f"what follows {node.sign}")
    if value is None:
        return []
    if isinstance(value, Quantity):
        return [value if node.sign == "+" else Quantity(-value.value, value.unit)]
    if not arithmetic.is_number(value):
        raise CannotEvaluate(f"{node.sign} needs a number, not {kind_of(value)}")
    number = cast("int | Decimal", value)
    return [number if node.sign == "+" else -number]


def _typed(node: Typed, scope: Scope) -> Items:
    item = single(evaluate(node.of, scope), f"what stands before {node.operator!r}")
    if item is None:
        return []
    if node.operator == "is":
        return [model.matches(kind_of(item), node.type)]
    return [item] if model.exactly(kind_of(item), node.type) else []


# --- operators -------------------------------------------------------------------------------


def _binary(node: Binary, scope: Scope) -> Items:
    if node.operator in _LOGIC:
        return _logic(node, scope)
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    scope.world.budget.pay(len(left) * len(right) // 8)
    return _OPERATORS[node.operator](left, right, scope)


def _logic(node: Binary, scope: Scope) -> Items:
    left = truth(evaluate(node.left, scope), f"what stands before {node.operator!r}")
    if (node.operator, left) in _SETTLED:
        return [_SETTLED[node.operator, left]]
    right = truth(evaluate(node.right, scope), f"what stands after {node.operator!r}")
    return of_answer(_LOGIC[node.operator](left, right))


def _and(left: bool | None, right: bool | None) -> bool | None:
    if False in (left, right):
        return False
    return None if None in (left, right) else True


def _or(left: bool | None, right: bool | None) -> bool | None:
    if True in (left, right):
        return True
    return None if None in (left, right) else False


def _xor(left: bool | None, right: bool | None) -> bool | None:
    return None if None in (left, right) else left is not right


def _implies(left: bool | None, right: bool | None) -> bool | None:
    return _or(None if left is None else not left, right)


# What the left side alone decides; the right one is not computed then.
_SETTLED: dict[tuple[str, bool | None], bool] = {
    ("and", False): False,
    ("or", True): True,
    ("implies", False): True,
}
_LOGIC = {"and": _and, "or": _or, "xor": _xor, "implies": _implies}


def _arithmetic(operator: str) -> Callable[[Items, Items, Scope], Items]:
    def compute(left: Items, right: Items, _: Scope) -> Items:
        one = single_value(left, f"what stands before {operator!r}")
        other = single_value(right, f"what stands after {operator!r}")
        if one is None or other is None:
            return []
        if isinstance(one, Element) or isinstance(other, Element):
            raise CannotEvaluate(f"{kind_of(one)} {operator} {kind_of(other)} means nothing")
        result = arithmetic.compute(operator, one, other)
        return [] if result is None else [result]

    return compute


def _joined(left: Items, right: Items, scope: Scope) -> Items:
    words = [_words(left, "before"), _words(right, "after")]
    scope.world.budget.pay(sum(map(len, words)) // 64)
    return ["".join(words)]


def _words(items: Items, side: str) -> str:
    value = single_value(items, f"what stands {side} '&'")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CannotEvaluate(f"'&' joins words, not {kind_of(value)}")
    return value


def _ordered(holds: Callable[[int], bool]) -> Callable[[Items, Items, Scope], Items]:
    def compare(left: Items, right: Items, _: Scope) -> Items:
        one, other = single(left, "the left side"), single(right, "the right side")
        if one is None or other is None:
            return []
        order = comparing.order(one, other)
        return [] if order is None else [holds(order)]

    return compare


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _among(items: Items, wanted: Items) -> Items:
    item = single(wanted, "what is looked for")
    return [] if item is None else [comparing.holds(items, item)]


_OPERATORS: dict[str, Callable[[Items, Items, Scope], Items]] = {
    **{operator: _arithmetic(operator) for operator in ("+", "-", "*", "/", "div", "mod")},
    "&": _joined,
    "|": lambda left, right, _: comparing.distinct([*left, *right]),
    "=": lambda left, right, _: of_answer(comparing.equal(left, right)),
    "!=": lambda left, right, _: of_answer(_not(comparing.equal(left, right))),
    "~": lambda left, right, _: [comparing.equivalent(left, right)],
    "!~": lambda left, right, _: [not comparing.equivalent(left, right)],
    "<": _ordered(lambda order: order < 0),
    "<=": _ordered(lambda order: order <= 0),
    ">": _ordered(lambda order: order > 0),
    ">=": _ordered(lambda order: order >= 0),
    "in": lambda left, right, _: _among(right, left),
    "contains": lambda left, right, _: _among(left, right),
}
_STEPS: dict[type, object] = {
    Literal: _literal,
    Nothing: _nothing,
    Variable: _variable,
    This: _this,
    Member: _member,
    Call: _call,
    Index: _index,
    Sign: _sign,
    Typed: _typed,
    Binary: _binary,
}
