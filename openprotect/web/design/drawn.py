"""How each kind of question of a form is drawn, and how an answer to it stands in its field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django import forms

from openprotect.forms.items import CHOICES, Item
from openprotect.forms.values import Coding, Quantity, Reference, Value, as_code
from openprotect.web.design.entries import OWN, Clock, Measure, Moment, NoFile, OneOrOwn, SomeOrOwn
from openprotect.web.design.fields import Choice, Choices, Day, Number, Option, Words
from openprotect.web.design.phrases import Phrases

# Answers that mean 'I cannot tell' stand below the others, so that nobody takes one by speed.
UNSURE: Final = ("unsure", "not-sure", "dont-know", "unknown", "prefer-not-to-say")
LONG_LIST: Final = 20  # more answers than this are a drop-down
SHORT: Final = 5
LINES: Final = frozenset(
    {"integer", "decimal", "date", "dateTime", "time", "string", "text", "url", "quantity",
     "reference", "choice"}
)  # fmt: skip


def is_list_of_lines(item: Item) -> bool:
    """Whether a question takes several answers, each typed into a box of its own."""
    return item.is_repeated and not item.options and item.kind in {*LINES, "open-choice"}


def field_for(item: Item, words: Phrases, place: int = 0) -> forms.Field:
    """The field that draws an item; `place` counts the boxes of a list of lines."""
    label = f"{item.prefix} {item.text}".strip()
    asked: dict[str, Any] = {"label": label, "help_text": _hint(item, words), "required": False}
    if place > 1:
        asked |= {"label": f"{words.answer} {place}", "help_text": ""}
    if item.options:
        return _offered(item, words, asked)
    if item.kind == "boolean":
        yes_no = (Option("yes", words.yes), Option("no", words.no))
        return Choice(yes_no, inline=True, **asked)
    if item.kind == "attachment":
        return NoFile(**asked)
    return _typed(item, words, asked)


def _hint(item: Item, words: Phrases) -> str:
    is_optional = not item.required and item.is_free_text and not item.help
    return item.help or (words.optional if is_optional else "")


def _offered(item: Item, words: Phrases, asked: dict[str, Any]) -> forms.Field:
    options = [_option(each.code, each.display, each.is_exclusive, item) for each in item.options]
    if item.takes_own_words:
        own = {"own": item.open_label or words.other, "own_words": words.other_words}
        kind = SomeOrOwn if item.is_repeated else OneOrOwn
        return kind(options, **own, **asked)
    if item.is_repeated:
        return Choices(options, **asked)
    is_long = len(options) > LONG_LIST or item.control == "drop-down"
    drops = is_long and len(options) > SHORT
    first = [Option("", words.choose)] if drops else []
    return Choice([*first, *options], drop_down=drops, **asked)


def _option(code: str, text: str, is_exclusive: bool, item: Item) -> Option:
    apart = is_exclusive if item.is_repeated else code in UNSURE
    return Option(code, text, apart=apart)


def _typed(item: Item, words: Phrases, asked: dict[str, Any]) -> forms.Field:
    if item.kind == "date":
        return Day(**asked)
    if item.kind == "dateTime":
        return Moment(**asked)
    if item.kind == "time":
        return Clock(**asked)
    if item.kind == "quantity":
        units = item.units or ((Coding(display=item.unit),) if item.unit else ())
        return Measure([Option(_unit(each), each.display or each.code) for each in units], **asked)
    if item.kind in ("integer", "decimal"):
        return Number(places=0 if item.kind == "integer" else 2, suffix=item.unit, **asked)
    rows = 5 if item.kind == "text" else 0
    return Words(rows=rows, max_length=item.longest or None, **asked)


def _unit(unit: Coding) -> str:
    return unit.code or unit.display


# --- what was answered, as its field shows it ------------------------------------------------


def shown_as(item: Item, field: forms.Field, values: Sequence[Value]) -> Any:
    """Answers given before, or proposed by the form, as the field has them."""
    if isinstance(field, Choices):
        return [_chosen(item, value) for value in values]
    if not values:
        return None
    value = values[0]
    if item.options:
        return _chosen(item, value)
    if isinstance(field, Day):
        return value if isinstance(value, date) else None
    return _in_boxes(value)


def _chosen(item: Item, value: Value) -> str:
    option = item.option_of(value)
    return option.code if option else OWN


def _in_boxes(value: Value) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Quantity):
        return {"answer": f"{value.value:f}", "unit": value.code or value.unit}
    if isinstance(value, date | time):
        return _moment(value)
    if isinstance(value, Reference | Coding):
        return value.display or as_code(value)
    return value if isinstance(value, str) else None


def _moment(value: date | time) -> dict[str, str]:
    parts: dict[str, str] = {}
    if isinstance(value, date):
        parts = {"day": f"{value.day}", "month": f"{value.month}", "year": f"{value.year}"}
    if isinstance(value, datetime | time):
        parts |= {"hour": f"{value.hour}", "minute": f"{value.minute:02d}"}
    return parts


def own_words(item: Item, values: Sequence[Value]) -> str:
    """The words of one's own among the answers."""
    if item.kind not in CHOICES:
        return ""
    own = (each for each in values if not item.option_of(each))
    return next((each.display if isinstance(each, Coding) else str(each) for each in own), "")
