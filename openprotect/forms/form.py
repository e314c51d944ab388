"""A questionnaire as plain values: what is asked, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from openprotect.forms.items import Constraint, Formula, Item
from openprotect.forms.values import Value


@dataclass(frozen=True)
class Form:
    """What is asked, as a tree of items. It knows nothing of the person who answers.

    `outside`: the variables that whoever starts the form may give, or that nothing gives here.
    `resource` is the FHIR Questionnaire it was read from, which its formulas may look at.
    """

    url: str
    title: str
    items: tuple[Item, ...]
    version: str = ""
    status: str = ""
    language: str = ""
    languages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    starts_on: Value | None = None
    ends_on: Value | None = None
    variables: tuple[Formula, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    outside: frozenset[str] = frozenset()
    resource: Mapping[str, object] = field(default_factory=dict, repr=False)

    @cached_property
    def everything(self) -> tuple[Item, ...]:
        """Every item, in the order in which they are met."""
        return tuple(_flat(self.items))

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        return tuple(item for item in self.everything if item.is_question)

    def item(self, link_id: str) -> Item | None:
        return self._by_link_id.get(link_id)

    @cached_property
    def _by_link_id(self) -> Mapping[str, Item]:
        return {item.link_id: item for item in self.everything}

    def depth(self, link_id: str) -> int:
        """How many repeating things stand around an item."""
        return len(self._lines.get(link_id, ()))

    @cached_property
    def parents(self) -> Mapping[str, Item]:
        return {child.link_id: item for item in self.everything for child in item.items}

    @cached_property
    def _lines(self) -> Mapping[str, tuple[str, ...]]:
        """For each item, the repeating things around it, from the outermost."""
        found: dict[str, tuple[str, ...]] = {}
        _trace(self.items, (), found)
        return found

    def turns_shared(self, one: str, other: str) -> int:
        """How many repeating things stand around both of two items."""
        lines = zip(self._lines.get(one, ()), self._lines.get(other, ()), strict=False)
        return sum(1 for first, second in lines if first == second)

    @cached_property
    def written(self) -> Mapping[str, Mapping[str, object]]:
        """The items as the Questionnaire has them, by the linkId they have there."""
        found: dict[str, Mapping[str, object]] = {}
        waiting = [self.resource]
        while waiting:
            listed = waiting.pop().get("item")
            for each in listed if isinstance(listed, list) else ():
                if isinstance(each, dict):
                    found.setdefault(str(each.get("linkId")), each)
                    waiting.append(each)
        return found

    @cached_property
    def computes(self) -> bool:
        """Whether anything that is shown or answered depends on a formula."""
        return any(
            each.formulas.enable or each.formulas.calculated or each.formulas.text
            for each in self.everything
        )

    def is_conditional(self, item: Item) -> bool:
        """Whether it depends on answers if the item is shown."""
        around = self.around(item)
        below_an_answer = any(each.holds_answers for each in around[1:])
        return below_an_answer or any(each.enable_when or each.formulas.enable for each in around)

    def around(self, item: Item) -> tuple[Item, ...]:
        """The item, and then what stands around it: what must be shown for it to be."""
        return (item, *(found for each in item.groups if (found := self.item(each))))

    def decide_on(self, item: Item) -> tuple[str, ...]:
        """The questions whose answers decide by conditions whether the item is shown."""
        return tuple(
            condition.question
            for each in self.around(item)
            for branch in each.enable_when
            for condition in branch.conditions
        )

    @cached_property
    def asked_about(self) -> frozenset[str]:
        """The questions on which the conditions of others depend."""
        return frozenset(
            condition.question
            for item in self.everything
            for branch in item.enable_when
            for condition in branch.conditions
        )

    @cached_property
    def looks_back_only(self) -> bool:
        """Whether every condition asks of an earlier item, so that one pass settles everything."""
        place = {item.link_id: number for number, item in enumerate(self.everything)}
        return all(
            place.get(condition.question, 0) < place[item.link_id]
            for item in self.everything
            for branch in item.enable_when
            for condition in branch.conditions
        )


def repeats_around(item: Item) -> bool:
    """Whether what is beneath the item comes once for each turn or answer of it."""
    return item.is_repeated and bool(item.items)


def _flat(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.items)


def _trace(
    items: tuple[Item, ...], line: tuple[str, ...], found: dict[str, tuple[str, ...]]
) -> None:
    for item in items:
        found.setdefault(item.link_id, line)
        _trace(item.items, (*line, item.link_id) if repeats_around(item) else line, found)
