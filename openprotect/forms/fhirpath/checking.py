"""Types of an expression, followed through the model of FHIR before anything is evaluated.

Only what is sure to be wrong is said: where a type is not known, nothing is claimed about it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from openprotect.forms.fhirpath import model
from openprotect.forms.fhirpath.errors import BadExpression
from openprotect.forms.fhirpath.evaluation import constants
from openprotect.forms.fhirpath.expression import Expression, compile  # noqa: A004
from openprotect.forms.fhirpath.items import JSON, kind_of
from openprotect.forms.fhirpath.tree import (
    Binary,
    Call,
    Index,
    Literal,
    Member,
    Node,
    Sign,
    This,
    Typed,
    Variable,
    parts,
    type_name,
    walk,
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with an expression, and where; `is_fatal` when it cannot be computed at all."""

    column: int
    reason: str
    is_fatal: bool = True


def problems(text: str, variables: Collection[str] | None = None, root: str = "") -> list[Problem]:
    """What is wrong with a text: that it is broken, names unknown variables or unknown elements.

    `variables` are the names that will be given, `root` the type of the resource; either is not
    checked when it is not said. An unknown element is not fatal: it is only always empty.
    """
    try:
        expression = compile(text)
    except BadExpression as why:
        return [Problem(why.column, why.reason)]
    found = []
    if variables is not None:
        found = [
            Problem(node.column, f"there is no %{node.name} here")
            for node in walk(expression.tree)
            if isinstance(node, Variable) and not _is_given(node.name, variables)
        ]
    notes = mistakes(expression.tree, root) if root else []
    return found + [Problem(column, reason, is_fatal=False) for column, reason in notes]


def _is_given(name: str, variables: Collection[str]) -> bool:
    known = {"resource", "rootResource", "context", *variables}
    return name in known or constants(name) is not None


@dataclass(frozen=True)
class Known:
    """What is known of the items of a part: paths in the model, and whether they have an order.

    No paths: nothing is known of the type.
    """

    paths: tuple[str, ...] = ()
    is_ordered: bool = True

    @property
    def is_sure(self) -> bool:
        """Whether the elements of every possible type are known."""
        return bool(self.paths) and all(_is_described(path) for path in self.paths)


def _is_described(path: str) -> bool:
    return path.startswith("System.") or path in model.PRIMITIVES or model.knows(path)


def require(expression: Expression, resource: JSON, *, ordered: bool = False) -> None:
    """Refuse an expression that cannot mean anything on a resource of this type."""
    root = resource.get("resourceType", "") if isinstance(resource, dict) else ""
    for column, reason in mistakes(expression.tree, root, ordered=ordered):
        raise BadExpression(reason, column)


def mistakes(tree: Node, root: str, *, ordered: bool = False) -> list[tuple[int, str]]:
    """What is sure to be wrong when the expression stands on an element of type `root`."""
    checker = _Checker(Known((root,) if root else ()), ordered)
    checker.visit(tree, checker.root)
    return sorted(set(checker.found))


_KEEPS = frozenset(
    {"where", "first", "last", "tail", "skip", "take", "single", "trace", "distinct", "sort"}
)
_NEEDS_ORDER = frozenset({"first", "last", "tail", "skip", "take"})
_ON_EACH = frozenset({"where", "exists", "all", "select", "sort", "iif", "trace"})
_UNORDERED = frozenset({"children", "descendants"})
_TYPED_CALLS = frozenset({"as", "ofType"})


class _Checker:
    """Walks the tree once; each kind of node tells what is known of its items."""

    def __init__(self, root: Known, ordered: bool) -> None:
        self.root, self.ordered = root, ordered
        self.found: list[tuple[int, str]] = []

    def visit(self, node: Node, focus: Known) -> Known:
        """What is known of a part's items, when `focus` is what is in focus around it."""
        kinds: dict[type, Callable[..., Known]] = {
            Member: self._member,
            Call: self._call,
            Index: self._index,
            Typed: self._typed,
        }
        if isinstance(node, Literal):
            return Known((kind_of(node.value),))
        if isinstance(node, This):
            return focus if node.name == "$this" else Known()
        if isinstance(node, Variable):
            return self.root if node.name in {"resource", "rootResource"} else Known()
        if type(node) in kinds:
            return kinds[type(node)](node, focus)
        known = [self.visit(part, focus) for part in parts(node)]
        if isinstance(node, Binary) and node.operator == "|":
            return self._either(known)
        return known[0] if isinstance(node, Sign) else Known()

    @staticmethod
    def _either(known: list[Known]) -> Known:
        sure = all(each.paths for each in known)
        paths = tuple(dict.fromkeys(path for each in known for path in each.paths))
        return Known(paths if sure else (), is_ordered=False)

    def _member(self, node: Member, focus: Known) -> Known:
        of = focus if node.of is None else self.visit(node.of, focus)
        if node.of is None and node.name[:1].isupper():
            if any(node.name in model.lineage(path) for path in of.paths):
                return of
            if of.is_sure and model.is_type(node.name):
                self.found.append((node.column, f"this is not a {node.name} but {_said(of)}"))
                return Known()
        return replace(of, paths=self._below(node, of))

    def _below(self, node: Member, of: Known) -> tuple[str, ...]:
        below: list[str] = []
        for path in of.paths:
            below.extend(_element(path, node.name))
        if not below and of.is_sure:
            common = next(filter(None, (model.choice_name(p, node.name) for p in of.paths)), None)
            hint = f"; write {common!r}" if common else ""
            self.found.append((node.column, f"{_said(of)} has no element {node.name!r}{hint}"))
        return tuple(below)

    def _call(self, node: Call, focus: Known) -> Known:
        of = focus if node.of is None else self.visit(node.of, focus)
        if self.ordered and node.name in _NEEDS_ORDER and not of.is_ordered:
            self.found.append((node.column, f"{node.name}() on items that have no order"))
        if node.name in {"is", *_TYPED_CALLS}:
            name = type_name(node.arguments[0]) or ""
            return replace(of, paths=(name.removeprefix("FHIR."),)) if node.name != "is" else _YES
        inner = of if node.name in _ON_EACH and (node.of or node.name != "iif") else focus
        inner = replace(inner, is_ordered=True)
        given = [self.visit(argument, inner) for argument in node.arguments]
        if node.name == "iif":
            self._must_be_truth(node, given[0])
        return self._result(node, of, given)

    def _must_be_truth(self, node: Call, condition: Known) -> None:
        truths = {"System.Boolean", "boolean"}
        if condition.is_sure and not truths.intersection(condition.paths):
            self.found.append((node.column, f"the condition of iif() is {_said(condition)}"))

    @staticmethod
    def _result(node: Call, of: Known, given: list[Known]) -> Known:
        if node.name in _KEEPS:
            return of
        if node.name == "select":
            return replace(given[0], is_ordered=of.is_ordered)
        if node.name == "extension":
            return Known(("Extension",))
        return Known(is_ordered=node.name not in _UNORDERED)

    def _index(self, node: Index, focus: Known) -> Known:
        self.visit(node.place, focus)
        of = self.visit(node.of, focus)
        if self.ordered and not of.is_ordered:
            self.found.append((node.column, "a place among items that have no order"))
        return of

    def _typed(self, node: Typed, focus: Known) -> Known:
        of = self.visit(node.of, focus)
        if node.operator == "is":
            return _YES
        return replace(of, paths=(node.type.removeprefix("FHIR."),))


_YES = Known(("System.Boolean",))


def _element(path: str, name: str) -> list[str]:
    if endings := model.choices(path, name):
        return [model.choice_type(path, name, ending) for ending in endings]
    if path in model.PRIMITIVES:
        path = "Element"
    known = None if model.choice_name(path, name) else model.child(path, name)
    return [known[1]] if known else []


def _said(known: Known) -> str:
    return " or ".join(known.paths[:3]) or "something else"
