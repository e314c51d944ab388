"""How things stand: which items are shown for the answers so far, and what each of them holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from openprotect.forms.form import Form, repeats_around
from openprotect.forms.items import Branch, Item
from openprotect.forms.places import Place
from openprotect.forms.values import NotUnderstood, Value

MOST_TURNS: Final = 200
Stored = Mapping[str, object]


@dataclass(frozen=True)
class Shown:
    """One occurrence of an item that is shown, with its answers.

    `beneath`: what is shown within a group, or after the answers of a question. `is_computed`: its
    answers come from a formula or an initial value, not from a person. `text` and `options` are the
    item's own unless a formula gives others.
    """

    item: Item
    place: Place
    values: tuple[Value, ...] = ()
    beneath: tuple["Shown", ...] = ()
    is_computed: bool = False
    computed_text: str = ""

    @property
    def key(self) -> str:
        return str(self.place)

    @property
    def value(self) -> Value | None:
        return self.values[0] if self.values else None

    @property
    def text(self) -> str:
        return self.computed_text or self.item.text

    def flat(self) -> Iterator["Shown"]:
        yield self
        for each in self.beneath:
            yield from each.flat()


@dataclass(frozen=True, eq=False)
class State:
    """A form as it stands with some answers."""

    tree: tuple[Shown, ...]

    def everything(self) -> Iterator[Shown]:
        for each in self.tree:
            yield from each.flat()

    @cached_property
    def by_key(self) -> Mapping[str, Shown]:
        return {each.key: each for each in self.everything()}

    def at(self, key: str) -> Shown | None:
        return self.by_key.get(key)

    def is_as(self, other: "State") -> bool:
        return self.tree == other.tree


@dataclass
class Computed:
    """What formulas have given, by place; empty where there are none."""

    enabled: dict[Place, bool] = field(default_factory=dict)
    values: dict[Place, tuple[Value, ...]] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)


class Settling:
    """One pass over a form: each item is shown or not by what is known of those it depends on.

    `live` holds, for each linkId, the answers that count, by turns. A pass begins with those of the
    pass before; the first begins with all that was given, unless every condition looks back.
    """

    def __init__(self, form: Form, answers: Stored, computed: Computed | None = None) -> None:
        self.form, self.answers, self.computed = form, answers, computed or Computed()
        self.live: dict[str, dict[tuple[int, ...], tuple[Value, ...]]] = {}
        self.considered: list[tuple[Item, Place]] = []

    def suppose_all_given(self) -> None:
        """Count every answer there is, whether its question is shown or not."""
        self._suppose(self.form.items, ())

    def settle(self) -> State:
        self.considered = []
        return State(tuple(self._items(self.form.items, ())))

    def _suppose(self, items: tuple[Item, ...], turns: tuple[int, ...]) -> None:
        for item in items:
            place = Place(item.link_id, turns)
            values = self._values(item, place)
            self._count(place, values)
            for inner in self._turns(item, place, values):
                self._suppose(item.items, inner)

    def _items(self, items: tuple[Item, ...], turns: tuple[int, ...]) -> Iterator[Shown]:
        for item in items:
            place = Place(item.link_id, turns)
            self.considered.append((item, place))
            if self._is_shown(item, place):
                yield from self._occurrences(item, place)
            else:
                self._forget(item, turns)

    def _occurrences(self, item: Item, place: Place) -> Iterator[Shown]:
        """A repeating group comes once for each of its turns; everything else once."""
        if item.kind == "group" and item.is_repeated:
            for inner in self._turns(item, place, ()):
                beneath = tuple(self._items(item.items, inner))
                yield Shown(item, Place(item.link_id, inner), beneath=beneath)
            return
        values = self._values(item, place)
        self._count(place, values)
        yield Shown(
            item,
            place,
            values,
            tuple(
                each
                for inner in self._turns(item, place, values)
                for each in self._items(item.items, inner)
            ),
            is_computed=bool(values) and str(place) not in self.answers,
            computed_text=self.computed.texts.get(place, ""),
        )

    def _turns(
        self, item: Item, place: Place, values: tuple[Value, ...]
    ) -> Iterator[tuple[int, ...]]:
        """The turns in which what is beneath an item comes; none beneath an unanswered question."""
        if not item.items:
            return
        if item.kind == "group" and item.is_repeated:
            yield from ((*place.turns, number + 1) for number in range(self._count_of(item, place)))
        elif item.kind == "group":
            yield place.turns
        elif repeats_around(item):
            yield from ((*place.turns, number + 1) for number in range(len(values)))
        elif values:
            yield place.turns

    def _count_of(self, item: Item, place: Place) -> int:
        """How many turns of a group there are: as many as were asked for, and as must be."""
        stored = self.answers.get(str(place))
        wanted = stored if isinstance(stored, int) and not isinstance(stored, bool) else 1
        most = min(item.limits.most_answers or MOST_TURNS, MOST_TURNS)
        return max(1, min(max(wanted, item.limits.least_answers), most))

    def _values(self, item: Item, place: Place) -> tuple[Value, ...]:
        if not item.holds_answers:
            return ()
        given = self._given(item, self.answers.get(str(place)))
        if item.is_read_only or item.is_hidden or not given:
            filled = self.computed.values.get(place, ())
            if not filled and (item.is_hidden or item.is_read_only) and not given:
                filled = item.initial
            given = filled or given
        return given if item.is_repeated else given[:1]

    def _given(self, item: Item, stored: object) -> tuple[Value, ...]:
        try:
            return item.all_understood(stored)
        except NotUnderstood:
            return ()

    def _count(self, place: Place, values: tuple[Value, ...]) -> None:
        self.live.setdefault(place.link_id, {})[place.turns] = values

    def _forget(self, item: Item, turns: tuple[int, ...]) -> None:
        """A hidden answer keeps nothing else alive."""
        if held := self.live.get(item.link_id):
            for inner in [key for key in held if key[: len(turns)] == turns]:
                del held[inner]
        for child in item.items:
            self._forget(child, turns)

    def _is_shown(self, item: Item, place: Place) -> bool:
        if not self.computed.enabled.get(place, True):
            return False
        return all(self._holds(branch, item, place) for branch in item.enable_when)

    def _holds(self, branch: Branch, item: Item, place: Place) -> bool:
        outcomes = (
            each.holds(self._answers_near(each.question, item, place)) for each in branch.conditions
        )
        return any(outcomes) if branch.any else all(outcomes)

    def _answers_near(self, question: str, item: Item, place: Place) -> tuple[Value, ...]:
        """The answers to a question in the same turn, as far as the two stand in the same."""
        held = self.live.get(question)
        if not held:
            return ()
        shared = place.turns[: self.form.turns_shared(question, item.link_id)]
        return tuple(
            value
            for turns, values in held.items()
            if turns[: len(shared)] == shared
            for value in values
        )
