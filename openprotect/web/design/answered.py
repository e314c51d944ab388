"""Answers to a form in words, as somebody reads them over, prints them or hears them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from openprotect.forms.items import Item
from openprotect.forms.state import Shown, State
from openprotect.forms.values import Attachment, Coding, Quantity, Reference, Value
from openprotect.forms.walk import is_asked, pages
from openprotect.web.design import words as said
from openprotect.web.design.phrases import ENGLISH, Phrases


@dataclass(frozen=True)
class Line:
    """One question and its answer; `key` is the page on which it can be changed, if it is asked."""

    question: str
    answer: str
    key: str = ""
    is_empty: bool = False


@dataclass(frozen=True)
class Section:
    """The lines under one heading; the first may have none."""

    heading: str
    lines: tuple[Line, ...]


def sections(state: State, words: Phrases = ENGLISH) -> tuple[Section, ...]:
    """Every question that is shown, with its answer, under the headings of the form."""
    at = {shown.key: page.key for page in pages(state) for shown in page.questions}
    return tuple(_sections(state.tree, "", at, words))


def _sections(
    tree: tuple[Shown, ...], heading: str, at: Mapping[str, str], words: Phrases
) -> Iterator[Section]:
    waiting: list[Line] = []
    for shown in tree:
        if shown.item.is_hidden or shown.item.kind == "display":
            continue
        if shown.item.kind == "group":
            if waiting:
                yield Section(heading, tuple(waiting))
                waiting = []
            yield from _sections(shown.beneath, _heading(shown) or heading, at, words)
        else:
            waiting.extend(_lines(shown, at, words))
    if waiting:
        yield Section(heading, tuple(waiting))


def _heading(shown: Shown) -> str:
    turn = f" {shown.place.turns[-1]}" if shown.item.is_repeated and shown.text else ""
    return f"{shown.text}{turn}"


def _lines(shown: Shown, at: Mapping[str, str], words: Phrases) -> Iterator[Line]:
    if shown.values or is_asked(shown):
        answer = ", ".join(in_words(shown.item, each, words) for each in shown.values)
        yield Line(shown.text, answer or words.empty, at.get(shown.key, ""), not answer)
    for each in shown.beneath:
        if not each.item.is_hidden and each.item.kind != "display":
            yield from _lines(each, at, words)


def in_words(item: Item, value: Value, words: Phrases = ENGLISH) -> str:
    """One answer as a person would say it."""
    if option := item.option_of(value) if item.options else None:
        return option.display
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, Decimal):
        return f"{value:f} {item.unit}".strip()
    if isinstance(value, datetime):
        return f"{said.day(value.date())}, {value:%H:%M}"
    if isinstance(value, date | time):
        return said.day(value) if isinstance(value, date) else f"{value:%H:%M}"
    return _of_parts(value)


def _of_parts(value: Value) -> str:
    if isinstance(value, Quantity):
        return f"{value.value:f} {value.unit or value.code}".strip()
    if isinstance(value, Coding):
        return value.display or value.code
    if isinstance(value, Reference):
        return value.display or value.reference
    return value.title if isinstance(value, Attachment) else str(value)
