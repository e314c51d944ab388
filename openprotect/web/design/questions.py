"""One question of a pack as one form. The pack says what is an answer; this only draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django import forms

from openprotect.base.refusals import Refused
from openprotect.forms.items import Item
from openprotect.forms.typed_in import Raw, read_all
from openprotect.forms.values import NotUnderstood, Value
from openprotect.web.design.drawn import field_for, is_list_of_lines, own_words, shown_as
from openprotect.web.design.fields import PageForm, Words
from openprotect.web.design.gathered import gathered
from openprotect.web.design.phrases import ENGLISH, Phrases

ANSWER = "answer"
EACH_ON_A_LINE = "Write each on a line of its own."
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
        words: Phrases = ENGLISH,
    ) -> None:
        super().__init__(given)
        self.words = words
        self.item, self._read, self._own = item, read, ""
        if item.is_question:
            self.fields[ANSWER] = _field(replace(item, text=wording or item.text), words)

    @property
    def answer(self) -> object:
        return self.cleaned_data.get(ANSWER)

    def show(self, stored: object) -> None:
        """Put in what was answered before."""
        if not self.item.is_question:
            return
        try:
            values = self.item.all_understood(stored)
        except NotUnderstood:
            return
        self._own = own_words(self.item, values)
        self.initial[ANSWER] = self._shown(values)

    def _shown(self, values: tuple[Value, ...]) -> object:
        if is_list_of_lines(self.item):
            return "\n".join(str(self.item.kept(each)) for each in values)
        return shown_as(self.item, self.fields[ANSWER], values)

    def own_words(self, bound: forms.BoundField) -> str:
        """What stands in the box for words of one's own."""
        return str(self.data.get(f"{bound.html_name}_other", "")) if self.is_bound else self._own

    def clean(self) -> None:
        if not self.item.is_question:
            return
        self.errors.pop(ANSWER, None)
        try:
            self.cleaned_data[ANSWER] = self._given()
        except Refused as why:
            self.add_error(ANSWER, str(why))

    def _given(self) -> object:
        item = self.item
        if item.kind == "attachment":
            return None
        given = gathered(self.fields[ANSWER], self.data, ANSWER)
        if not item.is_repeated:
            return self._read(item, given[0])
        lines: list[Raw] = list(given)
        if is_list_of_lines(item):
            lines = [line for raw in given for line in str(raw).splitlines()]
        return [item.kept(value) for value in read_all(item, lines)] or None


def _field(item: Item, words: Phrases) -> forms.Field:
    """The field that draws an item; a list of lines is one box here, so that a caller can type."""
    if not is_list_of_lines(item):
        return field_for(item, words)
    return Words(
        rows=4, label=item.text, help_text=item.help or EACH_ON_A_LINE, required=item.required
    )
