"""An expression as a tree of frozen values: what the grammar gives and the evaluation reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from openprotect.forms.fhirpath.values import System


@dataclass(frozen=True)
class Literal:
    """A value as written."""

    value: System
    column: int = 0


@dataclass(frozen=True)
class Nothing:
    """The empty collection, written {}."""

    column: int = 0


@dataclass(frozen=True)
class Variable:
    """A value from outside: %resource."""

    name: str
    column: int = 0


@dataclass(frozen=True)
class This:
    """$this, $index or $total."""

    name: str
    column: int = 0


@dataclass(frozen=True)
class Member:
    """An element by its name; of what is in focus when `of` is none."""

    name: str
    of: "Node | None"
    column: int = 0


@dataclass(frozen=True)
class Call:
    """A function with its arguments; on what is in focus when `of` is none."""

    name: str
    arguments: tuple["Node", ...]
    of: "Node | None"
    column: int = 0


@dataclass(frozen=True)
class Index:
    """The item at a place, counted from nought."""

    of: "Node"
    place: "Node"
    column: int = 0


@dataclass(frozen=True)
class Sign:
    """A plus or minus before a number."""

    sign: str
    of: "Node"
    column: int = 0


@dataclass(frozen=True)
class Binary:
    """Two sides and an operator between them."""

    operator: str
    left: "Node"
    right: "Node"
    column: int = 0


@dataclass(frozen=True)
class Typed:
    """`is` or `as`, with the type that is asked for."""

    operator: str
    of: "Node"
    type: str
    column: int = 0


Node = Literal | Nothing | Variable | This | Member | Call | Index | Sign | Binary | Typed


def parts(node: Node) -> tuple[Node, ...]:
    """What a node is made of, left to right."""
    match node:
        case Member(of=of):
            return (of,) if of else ()
        case Call(of=of, arguments=arguments):
            return (of, *arguments) if of else arguments
        case Index(of=of, place=place):
            return (of, place)
        case Sign(of=of) | Typed(of=of):
            return (of,)
        case Binary(left=left, right=right):
            return (left, right)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(parts(each)))


def type_name(node: Node) -> str | None:
    """The type that an argument of is(), as() or ofType() names, or none when it names none."""
    match node:
        case Member(name=name, of=None):
            return name
        case Member(name=name, of=Member(name=space, of=None)):
            return f"{space}.{name}"
    return None
