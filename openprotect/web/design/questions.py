"""One question of a pack as one form. The pack says what is an answer; this only draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from openprotect.base.refusals import Refused
from openprotect.forms.items import Item
from openprotect.web.design.days import BOXES
from openprotect.web.design.fields import YES_OR_NO, Choice, Day, Number, Option, PageForm, Words

ANSWER = "answer"
# Answers that mean 'I cannot tell' stand below the others, so that nobody takes one by speed.
UNSURE = ("unsure", "not-sure", "dont-know", "unknown", "prefer-not-to-say")
Reader = Callable[[Item, Mapping[str, str] | str], object]


class QuestionForm(PageForm):
    """The page of one item. `read` is the questionnaire's own, the same for web and phone."""

    is_one_question = True

    def __init__(
        self,
        item: Item,
        given: Mapping[str, Any] | None = None,
        *,
        read: Reader,
        wording: str = "",
    ) -> None:
        super().__init__(given)
        self.item, self._read = item, read
        if item.is_question:
            self.fields[ANSWER] = field_for(item, wording or item.text)

    @property
    def answer(self) -> object:
        return self.cleaned_data.get(ANSWER)

    def clean(self) -> None:
        if not self.item.is_question:
            return
        self.errors.pop(ANSWER, None)
        try:
            self.cleaned_data[ANSWER] = self._read(self.item, self._typed())
        except Refused as why:
            self.add_error(ANSWER, str(why))

    def _typed(self) -> Mapping[str, str] | str:
        if self.item.kind == "date":
            return {box: self.data.get(f"{ANSWER}_{box}", "") for box in BOXES}
        return str(self.data.get(ANSWER, ""))


def field_for(item: Item, label: str) -> forms.Field:
    """The field that draws an item."""
    asked: dict[str, Any] = {"label": label, "help_text": item.help, "required": item.required}
    if item.kind == "choice":
        return Choice([_option(each.code, each.display) for each in item.options], **asked)
    if item.kind == "boolean":
        return Choice(YES_OR_NO, inline=True, **asked)
    if item.kind == "date":
        return Day(**asked)
    if item.kind in ("integer", "decimal"):
        return Number(places=0 if item.kind == "integer" else 2, suffix=item.unit, **asked)
    return Words(rows=5 if item.kind == "text" else 0, max_length=item.longest or None, **asked)


def _option(code: str, text: str) -> Option:
    return Option(code, text, apart=code in UNSURE)
