"""From text to a tree, by the grammar of the kept library; whatever it cannot read is refused."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from antlr4 import CommonTokenStream, InputStream, Token
from antlr4.error.ErrorListener import ErrorListener
from antlr4.ListTokenSource import ListTokenSource
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

from openprotect.forms.fhirpath.errors import BadExpression
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
from openprotect.forms.fhirpath.values import CALENDAR, Date, DateTime, Quantity, Time

LONGEST = 10_000  # characters; the longest of 259 expressions of real forms has 490
DEEPEST_BRACKETS = 40
DEEPEST = 120
LARGEST_INTEGER = 2**63
_ESCAPES = {"f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def parse(text: str) -> Node:
    """The tree of an expression."""
    if not text.strip():
        raise BadExpression("the expression is empty", 1)
    if len(text) > LONGEST:
        raise BadExpression(f"longer than {LONGEST} characters", LONGEST)
    parser: Any = FHIRPathParser(CommonTokenStream(ListTokenSource(_tokens(text))))
    parser.removeErrorListeners()
    parser.addErrorListener(_Refusal())
    try:
        return _node(parser.entireExpression().expression(), 0)
    except RecursionError:  # a row of a thousand signs; brackets are counted before
        raise BadExpression("it goes too deep", 1) from None


class _Refusal(ErrorListener):  # type: ignore[misc]
    """The grammar's complaint as ours, with its column."""

    def syntaxError(self, _: Any, symbol: Any, line: int, column: int, why: str, __: Any) -> None:
        words = "it ends too early" if symbol is not None and symbol.type == Token.EOF else why
        raise BadExpression(words if line == 1 else f"line {line}: {words}", column + 1)


def _tokens(text: str) -> list[Any]:
    lexer = FHIRPathLexer(InputStream(text))
    lexer.removeErrorListeners()
    lexer.addErrorListener(_Refusal())
    tokens: list[Any] = []
    depth = 0
    for token in lexer.getAllTokens():
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth > DEEPEST_BRACKETS:
            raise BadExpression(f"more than {DEEPEST_BRACKETS} brackets deep", token.column + 1)
        if not (tokens and _is_bare_time_mark(tokens[-1], token)):
            tokens.append(token)
    return tokens


def _is_bare_time_mark(before: Any, token: Any) -> bool:
    """Join the T of @2015T to its date: the library's grammar knows T only before a time."""
    joined = bool(
        before.type == FHIRPathLexer.DATETIME
        and token.type == FHIRPathLexer.IDENTIFIER
        and token.text == "T"
        and before.stop + 1 == token.start
    )
    if joined:
        before.text += "T"
    return joined


def _node(context: Any, depth: int) -> Node:
    if depth > DEEPEST:
        raise BadExpression(f"more than {DEEPEST} steps deep", _column(context))
    return _READERS[type(context).__name__.removesuffix("Context")](context, depth + 1)


def _column(context: Any) -> int:
    return int(context.start.column) + 1


def _only_child(context: Any, depth: int) -> Node:
    return _node(context.getChild(0), depth)


def _in_brackets(context: Any, depth: int) -> Node:
    return _node(context.expression(), depth)


def _invocation(context: Any, depth: int) -> Node:
    return _invoked(context.invocation(), _node(context.expression(), depth), depth)


def _invocation_term(context: Any, depth: int) -> Node:
    return _invoked(context.invocation(), None, depth)


def _invoked(context: Any, of: Node | None, depth: int) -> Node:
    column = _column(context)
    kind = type(context).__name__
    if kind == "MemberInvocationContext":
        return Member(_identifier(context.identifier()), of, column)
    if kind != "FunctionInvocationContext":
        return This(context.getText(), column)
    function = context.functn()
    given = function.paramList()
    arguments = tuple(_node(each, depth) for each in given.expression()) if given else ()
    return Call(_identifier(function.identifier()), arguments, of, column)


def _identifier(context: Any) -> str:
    text = str(context.getText())
    return _unescaped(text[1:-1]) if text.startswith("`") else text


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        mark = found[1]
        return chr(int(mark[1:], 16)) if len(mark) > 1 else _ESCAPES.get(mark, mark)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", plain, text, flags=re.DOTALL)


def _index(context: Any, depth: int) -> Node:
    of, place = context.expression()
    return Index(_node(of, depth), _node(place, depth), _column(context))


def _sign(context: Any, depth: int) -> Node:
    return Sign(context.getChild(0).getText(), _node(context.expression(), depth), _column(context))


def _binary(context: Any, depth: int) -> Node:
    left, right = context.expression()
    operator = context.getChild(1)
    column = int(operator.symbol.column) + 1
    return Binary(operator.getText(), _node(left, depth), _node(right, depth), column)


def _typed(context: Any, depth: int) -> Node:
    names = context.typeSpecifier().qualifiedIdentifier().identifier()
    name = ".".join(_identifier(each) for each in names)
    of = _node(context.expression(), depth)
    return Typed(context.getChild(1).getText(), of, name, _column(context.typeSpecifier()))


def _variable(context: Any, _: int) -> Node:
    constant = context.externalConstant()
    name = constant.identifier()
    text = _identifier(name) if name else _unescaped(constant.STRING().getText()[1:-1])
    return Variable(text, _column(context))


def _number(text: str, column: int) -> int | Decimal:
    if "." in text:
        return Decimal(text)
    if int(text) >= LARGEST_INTEGER:
        raise BadExpression(f"{text} is too large for a whole number", column)
    return int(text)


def _quantity(context: Any, _: int) -> Node:
    column = _column(context)
    quantity = context.quantity()
    number, unit = quantity.NUMBER().getText(), quantity.unit()
    if unit is None:
        return Literal(_number(number, column), column)
    return Literal(Quantity(Decimal(number), _unit(unit.getText())), column)


def _unit(text: str) -> str:
    unit = _unescaped(text[1:-1]) if text.startswith("'") else text
    return unit.removesuffix("s") if unit.removesuffix("s") in CALENDAR else unit


def _moment(context: Any, _: int) -> Node:
    column, text = _column(context), context.getText().removeprefix("@")
    kind: type[Date | DateTime | Time] = DateTime if "T" in text else Date
    if text.startswith("T"):
        kind, text = Time, text[1:]
    value = kind.read(text)
    if value is None:
        raise BadExpression(f"there is no such date or time as {text}", column)
    return Literal(value, column)


_READERS: dict[str, Callable[[Any, int], Node]] = {
    "TermExpression": _only_child,
    "InvocationExpression": _invocation,
    "IndexerExpression": _index,
    "PolarityExpression": _sign,
    "TypeExpression": _typed,
    **dict.fromkeys(
        (
            "MultiplicativeExpression",
            "AdditiveExpression",
            "UnionExpression",
            "InequalityExpression",
            "EqualityExpression",
            "MembershipExpression",
            "AndExpression",
            "OrExpression",
            "ImpliesExpression",
        ),
        _binary,
    ),
    "InvocationTerm": _invocation_term,
    "LiteralTerm": _only_child,
    "ExternalConstantTerm": _variable,
    "ParenthesizedTerm": _in_brackets,
    "NullLiteral": lambda context, _: Nothing(_column(context)),
    "BooleanLiteral": lambda context, _: Literal(context.getText() == "true", _column(context)),
    "StringLiteral": lambda context, _: Literal(
        _unescaped(context.getText()[1:-1]), _column(context)
    ),
    "NumberLiteral": lambda context, _: Literal(
        _number(context.getText(), _column(context)), _column(context)
    ),
    "DateTimeLiteral": _moment,
    "TimeLiteral": _moment,
    "QuantityLiteral": _quantity,
}
