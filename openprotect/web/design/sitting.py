"""Somebody's way through a form, page by page: what is shown, and where an answer leads.

It keeps nothing and knows no address. Whoever uses it gives the answers so far, and stores those
that it gives back: a link's check-in, a caller's screen, somebody who tries a form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict

from openprotect.forms.answering import Answers, kept_of, with_turns, without_turn
from openprotect.forms.computing import NOTHING_KNOWN, Known, settled
from openprotect.forms.form import Form
from openprotect.forms.state import Shown, State
from openprotect.forms.walk import Page, first_page, missing, next_page, page_at, page_before, pages
from openprotect.web.design.answered import Section, in_words, sections
from openprotect.web.design.asking import AnotherForm, AskForm
from openprotect.web.design.phrases import Phrases, direction, phrases


@dataclass(frozen=True)
class Turn:
    """One turn of a repeating group in a few words, and its number."""

    number: int
    words: str


@dataclass(frozen=True)
class Sitting:
    """A form, and the answers so far."""

    form: Form
    answers: Answers
    known: Known = NOTHING_KNOWN
    language: str = ""

    @cached_property
    def state(self) -> State:
        return settled(self.form, self.answers, self.known)

    @property
    def speaks(self) -> str:
        """The language in which the form is asked."""
        return self.language or self.form.language or "en"

    @property
    def words(self) -> Phrases:
        return phrases(self.speaks)

    @property
    def direction(self) -> str:
        return direction(self.speaks)

    def page(self, key: str) -> Page | None:
        """The page of a key; without one, the first."""
        return page_at(self.state, key) if key else first_page(self.state)

    @property
    def pages(self) -> tuple[Page, ...]:
        return pages(self.state)

    def before(self, page: Page) -> Page | None:
        return page_before(self.state, page.key)

    def after(self, key: str) -> Page | None:
        return next_page(self.state, key)

    @property
    def unanswered(self) -> str:
        """The page of the first question that must be answered and is not; empty if there is none.

        A file is never waited for: no page takes one.
        """
        waiting = (each for each in missing(self.state) if each.item.kind != "attachment")
        wanted = next(waiting, None)
        return self.page_of(wanted) if wanted else ""

    def page_of(self, shown: Shown) -> str:
        """The key of the page that asks a question: that of its table, or its own."""
        return self._pages_of.get(shown.key, shown.key)

    @cached_property
    def _pages_of(self) -> dict[str, str]:
        return {shown.key: page.key for page in pages(self.state) for shown in page.questions}

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return sections(self.state, self.words)

    def turns(self, page: Page) -> tuple[Turn, ...]:
        """The turns there are of the group that a page asks about, in a few words."""
        group = page.group
        if group is None:
            return ()
        found = (
            each
            for each in self.state.everything()
            if each.place.link_id == group.link_id and each.place.turns[:-1] == group.turns
        )
        return tuple(Turn(each.place.turns[-1], self._in_short(each)) for each in found)

    def _in_short(self, turn: Shown) -> str:
        answers = (
            in_words(each.item, value, self.words) for each in turn.flat() for value in each.values
        )
        return ", ".join(list(answers)[:3]) or self.words.empty


@dataclass(frozen=True)
class Step:
    """What a page holds, and once something was sent, the answers after it and where it leads.

    `answers` is none while the page must be shown (again); `onward` is the next page's key, empty
    when the answers can be looked over.
    """

    page: Page
    ask: AskForm | AnotherForm
    turns: tuple[Turn, ...] = ()
    answers: Answers | None = None
    onward: str = ""
    headings: tuple[str, ...] = field(default=())


def step(sitting: Sitting, page: Page, given: QueryDict | None = None) -> Step:
    """Show a page; or with what was given there, take it and go on."""
    if page.kind == "another":
        return _another(sitting, page, given)
    heading = page.headings[-1] if page.kind == "table" and page.headings else ""
    ask = AskForm(
        page,
        sitting.state,
        sitting.form,
        given,
        known=sitting.known,
        words=sitting.words,
        heading=heading,
    )
    above = page.headings[:-1] if heading else page.headings
    if given is None or ask.wants_more or not ask.is_valid():
        return Step(page, ask, headings=above)
    return _taken(sitting, page, ask, ask.answered(sitting.form, sitting.answers))


def _another(sitting: Sitting, page: Page, given: QueryDict | None) -> Step:
    turns, group = sitting.turns(page), page.group
    again = bool(turns) and turns[-1].number > page.turn
    hint = page.headings[-1] if page.headings else ""
    ask = AnotherForm(given, words=sitting.words, again=again, hint=hint)
    if given is None or group is None:
        return Step(page, ask, turns)
    if (number := str(given.get("remove", ""))).isdecimal() and len(number) < 4:
        answers = without_turn(sitting.form, sitting.answers, group, int(number))
        return Step(page, ask, turns, answers, first_of(sitting, answers, page))
    if not ask.is_valid():
        return Step(page, ask, turns)
    wanted = max(page.turn + 1, len(turns)) if ask.is_wanted else page.turn
    return _taken(sitting, page, ask, with_turns(sitting.form, sitting.answers, group, wanted))


def first_of(sitting: Sitting, answers: Answers, page: Page) -> str:
    """Where to go on after a turn was taken away: the last question about another, or onward."""
    after = Sitting(sitting.form, answers, sitting.known, sitting.language)
    if page_at(after.state, page.key):
        return page.key
    before = page.key.rpartition("@")[0] + "@"
    left = [each.key for each in pages(after.state) if each.kind == "another"]
    return next((key for key in reversed(left) if key.startswith(before)), "")


def _taken(sitting: Sitting, page: Page, ask: AskForm | AnotherForm, answers: Answers) -> Step:
    """The answers without those to what is no longer shown, and the page that follows."""
    after = Sitting(sitting.form, answers, sitting.known, sitting.language)
    following = after.after(page.key)
    kept = kept_of(after.state, answers)
    return Step(page, ask, answers=kept, onward=following.key if following else "")
