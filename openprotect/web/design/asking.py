"""A page of any form as one form of ours: a question, a table of questions, or a text to read.

The form itself judges each answer, so that web, phone and paper agree; this draws, and gathers
what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from openprotect.base.refusals import Refused
from openprotect.forms.answering import Answers, put
from openprotect.forms.computing import NOTHING_KNOWN, Known, as_asked, proposed
from openprotect.forms.form import Form
from openprotect.forms.items import Item
from openprotect.forms.state import Shown, State
from openprotect.forms.typed_in import Raw, read_all
from openprotect.forms.values import Value
from openprotect.forms.walk import Page
from openprotect.web.design.drawn import field_for, is_list_of_lines, own_words, shown_as
from openprotect.web.design.fields import Choice, Choices, Option, PageForm
from openprotect.web.design.gathered import gathered
from openprotect.web.design.phrases import ENGLISH, Phrases

MOST_ENTRIES = 20
ADD = "add"


@dataclass(frozen=True)
class Asked:
    """One question on a page: where it stands, how it is asked, and its name in the page's form."""

    shown: Shown
    item: Item
    name: str
    number: int = 1  # how many boxes are drawn for a question that takes several lines

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields."""
        if not is_list_of_lines(self.item):
            return (self.name,)
        return tuple(f"{self.name}-{place}" for place in range(1, self.number + 1))


class AskForm(PageForm):
    """Every question of one page. `values` holds what was answered once it is valid."""

    def __init__(
        self,
        page: Page,
        state: State,
        form: Form,
        given: QueryDict | None = None,
        *,
        known: Known = NOTHING_KNOWN,
        words: Phrases = ENGLISH,
        heading: str = "",
    ) -> None:
        super().__init__(given)
        self.given, self.words = given, words
        self.is_one_question = len(page.questions) == 1 and not heading
        self.values: dict[str, tuple[Value, ...]] = {}
        self.asked: list[Asked] = []
        self._own: dict[str, str] = {}
        for place, shown in enumerate(page.questions):
            item = as_asked(form, state, shown.key, known) or shown.item
            before = proposed(form, state, shown.key, known)
            self._draw(Asked(shown, item, f"a{place}"), before)

    def _draw(self, asked: Asked, before: Sequence[Value]) -> None:
        several = is_list_of_lines(asked.item)
        if several:
            asked = Asked(asked.shown, asked.item, asked.name, self._entries(asked.name, before))
        for place, name in enumerate(asked.names):
            field = field_for(asked.item, self.words, place + 1 if several else 0)
            setattr(field, "is_further", place > 0)  # noqa: B010
            self.fields[name] = field
            now = (before[place : place + 1] if several else before) or ()
            self.initial[name] = shown_as(asked.item, field, now)
            self._own[name] = own_words(asked.item, now)
        self.asked.append(asked)

    def _entries(self, name: str, before: Sequence[Value]) -> int:
        """How many boxes: as many as there were, one more or fewer by the button pressed."""
        if self.given is None:
            return min(max(1, len(before)), MOST_ENTRIES)
        typed = [key for key in self.data if key.startswith(f"{name}-")]
        places = {key.removeprefix(f"{name}-").partition("_")[0] for key in typed}
        number = max(
            (int(each) for each in places if each.isdecimal() and len(each) < 3), default=1
        )
        more = 1 if self.given.get(ADD) == name else 0
        return min(number + more, MOST_ENTRIES)

    @property
    def wants_more(self) -> bool:
        """Whether the button pressed only adds a box: nothing is judged then."""
        return bool(self.given is not None and self.given.get(ADD))

    @property
    def may_add(self) -> tuple[str, ...]:
        """The questions to which another box can be added, by name."""
        lists = (each for each in self.asked if is_list_of_lines(each.item))
        return tuple(each.name for each in lists if each.number < _most(each.item))

    def clean(self) -> None:
        for asked in self.asked:
            for name in asked.names:
                self.errors.pop(name, None)
            if asked.item.kind == "attachment":
                continue
            try:
                self.values[asked.shown.key] = read_all(asked.item, self._typed(asked))
            except Refused as why:
                self.add_error(asked.names[0], str(why))

    def _typed(self, asked: Asked) -> list[Raw]:
        if self.given is None:
            return []
        if isinstance(self.fields[asked.names[0]], Choices):
            return gathered(self.fields[asked.name], self.given, asked.name)
        return [
            raw
            for name in asked.names
            for raw in gathered(self.fields[name], self.given, name) or [""]
        ]

    def answered(self, form: Form, answers: Mapping[str, object]) -> Answers:
        """The answers with those of this page in place."""
        after = dict(answers)
        for asked in self.asked:
            if asked.shown.key in self.values:
                after = put(form, after, asked.shown.place, self.values[asked.shown.key])
        return after

    def own_words(self, bound: forms.BoundField) -> str:
        """What stands in the box for words of one's own."""
        if self.given is not None:
            return str(self.given.get(f"{bound.html_name}_other", ""))
        return self._own.get(bound.name, "")


class AnotherForm(PageForm):
    """Whether there is one more turn of a repeating group."""

    is_one_question = True

    def __init__(
        self, given: QueryDict | None, *, words: Phrases, again: bool, hint: str = ""
    ) -> None:
        super().__init__(given, initial={"another": "yes" if again else None})
        self.words = words
        options = (Option("yes", words.yes), Option("no", words.no))
        self.fields["another"] = Choice(options, label=words.one_more, help_text=hint, inline=True)

    @property
    def is_wanted(self) -> bool:
        return bool(self.cleaned_data.get("another") == "yes")


def _most(item: Item) -> int:
    return min(item.limits.most_answers or MOST_ENTRIES, MOST_ENTRIES)
