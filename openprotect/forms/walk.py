"""The way through a form: its pages in order, what comes next, and what is still missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from openprotect.forms.keeping_to import least
from openprotect.forms.places import Place
from openprotect.forms.state import MOST_TURNS, Shown, State

# Ends the key of the page that asks whether there is another turn of a repeating group.
ANOTHER: Final = "+"


@dataclass(frozen=True)
class Page:
    """One page: a question, a text to read, a table of questions, or whether there is another.

    `shown`: the question or the text; every question of a table; the turn of the group after which
    another may follow. `headings`: the groups around it, the outermost first. `key` names the page.
    """

    key: str
    kind: Literal["question", "text", "table", "another"]
    shown: tuple[Shown, ...]
    headings: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Shown, ...]:
        return self.shown if self.kind in ("question", "table") else ()

    @property
    def group(self) -> Place | None:
        """For "another": the group whose turns are counted, whose key holds how many there are."""
        place = self.shown[0].place
        return Place(place.link_id, place.turns[:-1]) if self.kind == "another" else None

    @property
    def turn(self) -> int:
        """For "another": which turn has just been answered, counted from 1."""
        return self.shown[0].place.turns[-1] if self.kind == "another" else 0


def pages(state: State) -> tuple[Page, ...]:
    """Every page that the answers so far lead to, in order."""
    return tuple(_pages(state.tree, ()))


def first_page(state: State) -> Page | None:
    return next(_pages(state.tree, ()), None)


def page_at(state: State, key: str) -> Page | None:
    return next((page for page in pages(state) if page.key == key), None)


def next_page(state: State, key: str) -> Page | None:
    """The page after one; None after the last, and when there is no page of that key."""
    following = iter(pages(state))
    for page in following:
        if page.key == key:
            return next(following, None)
    return None


def page_before(state: State, key: str) -> Page | None:
    before = None
    for page in pages(state):
        if page.key == key:
            return before
        before = page
    return None


def missing(state: State) -> tuple[Shown, ...]:
    """Questions that are shown, must be answered by a person, and are not (enough)."""
    return tuple(_missing(state.tree))


def _missing(tree: tuple[Shown, ...]) -> Iterator[Shown]:
    for shown in tree:
        item = shown.item
        if item.is_hidden:
            continue
        if item.is_question and not item.is_read_only and len(shown.values) < least(item):
            yield shown
        found = list(_missing(shown.beneath))
        yield from found
        if item.kind == "group" and item.required and not found and not has_answer(shown):
            yield from _first_question(shown)


def has_answer(shown: Shown) -> bool:
    return any(each.values for each in shown.flat())


def is_asked(shown: Shown) -> bool:
    """Whether a person is asked: not when the form fills it in, or nobody may change it."""
    item = shown.item
    if not item.is_question or item.is_read_only:
        return False
    return not (item.formulas.calculated and shown.is_computed)


def _first_question(shown: Shown) -> Iterator[Shown]:
    asked = (each for each in shown.flat() if is_asked(each))
    if first := next(asked, None):
        yield first


def _pages(tree: tuple[Shown, ...], headings: tuple[str, ...]) -> Iterator[Page]:
    for shown in tree:
        if not shown.item.is_hidden:
            yield from _pages_of(shown, headings)


def _pages_of(shown: Shown, headings: tuple[str, ...]) -> Iterator[Page]:
    item = shown.item
    if item.kind == "display":
        yield Page(shown.key, "text", (shown,), headings)
    elif item.kind == "group":
        inner = (*headings, shown.text) if shown.text else headings
        if _is_one_table(shown):
            yield Page(shown.key, "table", tuple(filter(is_asked, shown.beneath)), inner)
        else:
            yield from _pages(shown.beneath, inner)
        if may_have_another(shown):
            yield Page(shown.key + ANOTHER, "another", (shown,), inner)
    else:
        if is_asked(shown):
            yield Page(shown.key, "question", (shown,), headings)
        yield from _pages(shown.beneath, headings)


def _is_one_table(shown: Shown) -> bool:
    """A table is one page when there is nothing in it but questions, of which some are asked."""
    rows = [each for each in shown.beneath if not each.item.is_hidden]
    plain = all(each.item.holds_answers and not each.item.items for each in rows)
    return shown.item.is_table and plain and any(map(is_asked, rows))


def may_have_another(shown: Shown) -> bool:
    """Whether the page after a turn of a group asks if there is one more."""
    item = shown.item
    if not item.is_repeated or item.is_read_only or not any(map(is_asked, shown.flat())):
        return False
    turn = shown.place.turns[-1]
    most = min(item.limits.most_answers or MOST_TURNS, MOST_TURNS)
    return item.limits.least_answers <= turn < most
