"""Answers as a person would say them."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from openprotect.forms.items import Item
from openprotect.forms.state import Shown, State, Stored
from openprotect.forms.values import (
    Attachment,
    Coding,
    Quantity,
    Reference,
    Value,
    kept_number,
)


def in_words(state: State, answers: Stored) -> Iterator[tuple[str, str]]:
    """Each question that is shown and answered, with its answers; those worked out as well."""
    for shown in state.everything():
        if shown.item.is_hidden or not shown.item.holds_answers:
            continue
        stored = answers.get(shown.key)
        if shown.values or stored is not None:
            yield titled(shown), _said(shown, stored)


def titled(shown: Shown) -> str:
    """The question, with the number of its turn where it comes several times."""
    turns = ".".join(map(str, shown.place.turns))
    return f"{shown.text} ({turns})" if turns else shown.text


def _said(shown: Shown, stored: object) -> str:
    if not shown.values:
        return "(an answer that cannot be read)" if str(stored).strip() else "(nothing written)"
    return ", ".join(said(shown.item, value) for value in shown.values)


def said(item: Item, value: Value) -> str:
    """One answer as it is read out."""
    option = item.option_of(value) if item.options else None
    if option:
        return option.display
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return f"{kept_number(value)} {item.unit}".strip()
    return measured(value) or _named(value)


def measured(value: Value) -> str:
    """An amount, a day or a time in words; empty of anything else."""
    if isinstance(value, Quantity):
        return f"{kept_number(value.value)} {value.unit or value.code}".strip()
    if isinstance(value, datetime):
        return f"{value:%-d %B %Y at %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return f"{value:%H:%M}" if isinstance(value, time) else ""


def _named(value: Value) -> str:
    if isinstance(value, Coding):
        return value.display or value.code
    if isinstance(value, Reference):
        return value.display or value.reference
    if isinstance(value, Attachment):
        return value.title or value.url or "a file"
    return str(value)
