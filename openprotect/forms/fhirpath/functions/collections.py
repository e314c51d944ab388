"""Functions on a collection as a whole: parts of it, what it shares with another, all or any."""

from openprotect.forms.fhirpath import comparing
from openprotect.forms.fhirpath.errors import CannotEvaluate
from openprotect.forms.fhirpath.evaluation import (
    Calling,
    Items,
    criterion,
    evaluate,
    of_answer,
    truth,
)
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import children


def _other(call: Calling) -> Items:
    other = call.argument(0)
    call.pay(len(call.input) * len(other) // 8)
    return other


def _truths(call: Calling) -> list[bool]:
    return [bool(criterion([item], f"each item of {call.name}()")) for item in call.input]


def _not(call: Calling) -> Items:
    answer = truth(call.input, "the input of not()")
    return of_answer(None if answer is None else not answer)


def _single(call: Calling) -> Items:
    if len(call.input) > 1:
        raise CannotEvaluate(f"single() found {len(call.input)} items")
    return call.input


def _skip(call: Calling) -> Items:
    number = call.whole(0)
    return [] if number is None else call.input[max(0, number) :]


def _take(call: Calling) -> Items:
    number = call.whole(0)
    return [] if number is None else call.input[: max(0, number)]


def _distinct(call: Calling) -> Items:
    call.pay(len(call.input) ** 2 // 64)
    return comparing.distinct(call.input)


def _subset(inner: Items, outer: Items) -> bool:
    return all(comparing.holds(outer, item) for item in inner)


def _children(call: Calling) -> Items:
    return [child for item in call.input for child in children(item)]


def _descendants(call: Calling) -> Items:
    found: Items = []
    waiting = _children(call)
    while waiting:
        call.pay(len(waiting))
        found.extend(waiting)
        waiting = [child for item in waiting for child in children(item)]
    return found


def _exclude(call: Calling) -> Items:
    other = _other(call)
    return [item for item in call.input if not comparing.holds(other, item)]


def _intersect(call: Calling) -> Items:
    other = _other(call)
    return comparing.distinct([item for item in call.input if comparing.holds(other, item)])


def _coalesce(call: Calling) -> Items:
    for argument in call.arguments:
        if found := evaluate(argument, call.scope):
            return found
    return []


FUNCTIONS = {
    "empty": Known(lambda call: [not call.input]),
    "not": Known(_not),
    "allTrue": Known(lambda call: [all(_truths(call))]),
    "anyTrue": Known(lambda call: [any(_truths(call))]),
    "allFalse": Known(lambda call: [not any(_truths(call))]),
    "anyFalse": Known(lambda call: [not all(_truths(call))]),
    "subsetOf": Known(lambda call: [_subset(call.input, _other(call))], 1, 1),
    "supersetOf": Known(lambda call: [_subset(_other(call), call.input)], 1, 1),
    "count": Known(lambda call: [len(call.input)]),
    "distinct": Known(_distinct),
    "isDistinct": Known(lambda call: [len(_distinct(call)) == len(call.input)]),
    "single": Known(_single),
    "first": Known(lambda call: call.input[:1]),
    "last": Known(lambda call: call.input[-1:]),
    "tail": Known(lambda call: call.input[1:]),
    "skip": Known(_skip, 1, 1),
    "take": Known(_take, 1, 1),
    "intersect": Known(_intersect, 1, 1),
    "exclude": Known(_exclude, 1, 1),
    "union": Known(lambda call: comparing.distinct([*call.input, *_other(call)]), 1, 1),
    "combine": Known(lambda call: [*call.input, *_other(call)], 1, 1),
    "children": Known(_children),
    "descendants": Known(_descendants),
    "coalesce": Known(_coalesce, 1, 20),
}
