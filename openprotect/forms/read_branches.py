"""When an item is shown: FHIR enableWhen, of R4 and as STU3 and older tools wrote it."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Final

from openprotect.forms.element import Element
from openprotect.forms.fhir_values import value_of
from openprotect.forms.items import CHOICES, OPERATORS, Branch, Condition, Item, Operator
from openprotect.forms.values import (
    Attachment,
    Coding,
    NotUnderstood,
    PartDay,
    Quantity,
    Reference,
    Value,
)


def read_branch(element: Element) -> tuple[Branch, ...]:
    """The conditions as they are written; whether they can be met is seen when all items are."""
    found = [each for part in element.listed("enableWhen") if (each := _condition(part))]
    behaviour = element.text("enableBehavior")
    if len(found) > 1 and not behaviour:
        element.broken("has several conditions and no enableBehavior; any of them shows it")
    if behaviour not in ("", "all", "any"):
        element.broken(f"enableBehavior is {behaviour[:20]!r}; any of its conditions shows it")
    if len(found) < len(list(element.listed("enableWhen"))) and not found:
        element.broken("none of its conditions can be read; it is always shown")
    return (Branch(tuple(found), any=behaviour != "all"),) if found else ()


def _condition(element: Element) -> Condition | None:
    question = element.text("question")
    if not question:
        element.broken("a condition names no question, and is left out")
        return None
    operator = _operator(element)
    key = element.value_key("answer")
    if operator == "exists":
        return Condition(question, operator, element.flag(key) if key else _has_answer(element))
    try:
        value = value_of(key, element.values.get(key))
    except NotUnderstood:
        element.broken(f"a condition on {question} has no answer that can be read; left out")
        return None
    return Condition(question, operator, value)


def _has_answer(element: Element) -> bool:
    return element.flag("hasAnswer") if element.has("hasAnswer") else True


def _operator(element: Element) -> Operator:
    found = element.text("operator")
    for each in OPERATORS:
        if each == found:
            return each
    if not found and element.has("hasAnswer"):
        element.broken("hasAnswer is of FHIR STU3; taken as the operator exists")
        return "exists"
    if found:
        element.broken(f"the operator {found[:20]!r} is not FHIR's; taken as =")
    else:
        element.broken("a condition has no operator; taken as =")
    return "="


def check_branch(element: Element, item: Item, items: Mapping[str, Item]) -> None:
    """Say which conditions can never be met, or only by an answer still to come."""
    for condition in (each for branch in item.enable_when for each in branch.conditions):
        question = items.get(condition.question)
        if question is None:
            element.broken(f"depends on {condition.question!r}, which is not in the form")
        elif condition.question == item.link_id:
            element.broken("depends on itself")
        elif _is_within(question, item):
            element.broken(f"depends on {condition.question!r}, which is beneath it")
        elif not question.holds_answers:
            element.broken(f"depends on {condition.question!r}, which nobody answers")
        else:
            _check_type(element, condition.value, condition.operator, question)


def _is_offered(value: Value, question: Item) -> bool:
    return any(type(each.value) is type(value) for each in question.options)


def _said(value: Value) -> str:
    return {bool: "a boolean", Decimal: "a number", str: "words"}.get(
        type(value), f"a {type(value).__name__.lower()}"
    )


def _is_within(inner: Item, outer: Item) -> bool:
    return any(each is inner or _is_within(inner, each) for each in outer.items)


def _check_type(element: Element, value: Value, operator: str, question: Item) -> None:
    if operator == "exists":
        return
    if operator in (">", "<", ">=", "<=") and question.kind in (*CHOICES, "boolean", "attachment"):
        element.broken(
            f"{operator} cannot compare answers to {question.link_id}, a {question.kind}"
        )
    if not isinstance(value, _COMPARABLE[question.kind]) and not _is_offered(value, question):
        element.broken(
            f"compares {question.link_id}, a {question.kind}, with {_said(value)}, which it is not"
        )
    elif question.options and isinstance(value, Coding) and not question.option_of(value):
        element.broken(
            f"{value.code or value.display!r} is none of the answers to {question.link_id}"
        )


_COMPARABLE: Final[Mapping[str, tuple[type, ...]]] = {
    "choice": (Coding, str),
    "open-choice": (Coding, str),
    "boolean": (bool,),
    "integer": (Decimal,),
    "decimal": (Decimal,),
    "date": (date, PartDay),
    "dateTime": (date, PartDay),
    "time": (time,),
    "string": (str,),
    "text": (str,),
    "url": (str,),
    "quantity": (Quantity, Decimal),
    "reference": (Reference,),
    "attachment": (Attachment,),
}
