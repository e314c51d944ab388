"""Functions that ask something of each item: where, select, all, repeat, aggregate, sort."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cmp_to_key

from openprotect.forms.fhirpath import comparing
from openprotect.forms.fhirpath.evaluation import (
    Calling,
    Items,
    criterion,
    evaluate,
    single,
    truth,
)
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import Item
from openprotect.forms.fhirpath.tree import Node, Sign


def _holds(call: Calling, item: Item, index: int) -> bool | None:
    return truth(call.for_each(item, index), f"the condition of {call.name}()")


def _where(call: Calling) -> Items:
    return [item for n, item in enumerate(call.input) if _holds(call, item, n)]


def _exists(call: Calling) -> Items:
    if not call.arguments:
        return [bool(call.input)]
    return [any(_holds(call, item, n) for n, item in enumerate(call.input))]


def _all(call: Calling) -> Items:
    return [all(_holds(call, item, n) for n, item in enumerate(call.input))]


def _select(call: Calling) -> Items:
    found: Items = []
    for n, item in enumerate(call.input):
        found.extend(call.for_each(item, n))
    return found


def _repeat(call: Calling) -> Items:
    found: Items = []
    waiting: Sequence[Item] = call.input
    while waiting:
        fresh: Items = []
        for n, item in enumerate(waiting):
            for each in call.for_each(item, n):
                call.pay(1 + len(found) // 8)
                if not comparing.holds(found, each):
                    found.append(each)
                    fresh.append(each)
        waiting = fresh
    return found


def _repeat_all(call: Calling) -> Items:
    found: Items = []
    waiting: Sequence[Item] = call.input
    while waiting:
        fresh = [each for n, item in enumerate(waiting) for each in call.for_each(item, n)]
        call.pay(len(fresh))
        found.extend(fresh)
        waiting = fresh
    return found


def _aggregate(call: Calling) -> Items:
    total = call.argument(1)
    for n, item in enumerate(call.input):
        total = evaluate(call.arguments[0], replace(call.scope.on(item, n), total=total))
    return total


def _iif(call: Calling) -> Items:
    item = single(call.input, "the input of iif()")
    scope = call.scope if item is None else replace(call.scope, this=(item,))
    chosen = criterion(evaluate(call.arguments[0], scope), "the condition of iif()")
    place = 1 if chosen else 2
    return evaluate(call.arguments[place], scope) if place < len(call.arguments) else []


def _trace(call: Calling) -> Items:
    """Only checks that it could be computed: what forms hold is not for a log."""
    call.text(0)
    if len(call.arguments) > 1:
        _select(replace(call, arguments=call.arguments[1:]))
    return call.input


def _sort(call: Calling) -> Items:
    keys = [_key(each) for each in call.arguments]
    call.pay(len(call.input) * len(call.input).bit_length())
    rows = [(_keys(call, item, n, keys), item) for n, item in enumerate(call.input)]
    signs = [sign for _, sign in keys] or [1]

    def order(one: tuple[list[Items], Item], other: tuple[list[Items], Item]) -> int:
        for mine, theirs, sign in zip(one[0], other[0], signs, strict=True):
            if found := _order_of_keys(mine, theirs, sign):
                return found
        return 0

    return [item for _, item in sorted(rows, key=cmp_to_key(order))]


def _key(node: Node) -> tuple[Node, int]:
    """What to sort by, and which way: a minus in front turns the order round."""
    if isinstance(node, Sign) and node.sign == "-":
        return node.of, -1
    return node, 1


def _keys(call: Calling, item: Item, index: int, keys: list[tuple[Node, int]]) -> list[Items]:
    if not keys:
        return [[item]]
    return [evaluate(node, call.scope.on(item, index)) for node, _ in keys]


def _order_of_keys(mine: Items, theirs: Items, sign: int) -> int:
    """What has no key comes first, up or down."""
    one, other = single(mine, "a key of sort()"), single(theirs, "a key of sort()")
    if one is None or other is None:
        return (one is not None) - (other is not None)
    return sign * (comparing.order(one, other) or 0)


FUNCTIONS = {
    "where": Known(_where, 1, 1),
    "exists": Known(_exists, 0, 1),
    "all": Known(_all, 1, 1),
    "select": Known(_select, 1, 1),
    "repeat": Known(_repeat, 1, 1),
    "repeatAll": Known(_repeat_all, 1, 1),
    "aggregate": Known(_aggregate, 1, 2),
    "iif": Known(_iif, 2, 3),
    "trace": Known(_trace, 1, 2),
    "sort": Known(_sort, 0, 5),
}
