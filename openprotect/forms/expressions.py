"""FHIRPath as forms need it: is an expression sound, and what is its value at some item."""

from collections.abc import Mapping
from datetime import datetime

from openprotect.forms import fhirpath
from openprotect.forms.fhirpath import BadExpression, CannotEvaluate


class NotComputed(Exception):
    """The expression has no answer for what was given."""


def problem(text: str) -> str:
    """What is wrong with an expression, as its author should read it; '' when it is sound."""
    wrong = (each for each in fhirpath.problems(text) if each.is_fatal)
    return next((f"column {each.column}: {each.reason}" for each in wrong), "")


def value(
    text: str,
    resource: Mapping[str, object],
    node: Mapping[str, object],
    variables: Mapping[str, object],
    at: datetime | None,
) -> list[object]:
    """What an expression gives that stands at a part of a resource."""
    try:
        return fhirpath.compile(text).evaluate(resource, variables, at=at, context=node)
    except (BadExpression, CannotEvaluate) as why:
        raise NotComputed(str(why)) from why


def items(
    text: str,
    resource: Mapping[str, object],
    node: Mapping[str, object],
    variables: Mapping[str, object],
    at: datetime | None,
) -> object:
    """The same with its types, fit to be a variable of another expression."""
    try:
        return fhirpath.compile(text).items(resource, variables, at=at, context=node)
    except (BadExpression, CannotEvaluate) as why:
        raise NotComputed(str(why)) from why
