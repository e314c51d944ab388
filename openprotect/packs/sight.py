"""What the triage rules of one pack may see beside the answers, and how their findings are owned.

From the table `[triage]` of pack.toml: age bands, groups of the cohort as flags, how an answer
changed since last time, and sums of the scores of answers; from the form, what it works out itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from openprotect.forms.items import Item, Option
from openprotect.forms.values import NotUnderstood, Value, as_code
from openprotect.packs.known import Known
from openprotect.packs.works_out import WorksOut

Change = Literal["worse", "new", "different", "better", "same"]
# The first of these that is true of one answer behind a rule is true of the rule.
CHANGES: Final[tuple[Change, ...]] = ("worse", "new", "different", "better", "same")
WORDS_OF_CHANGE: Final[Mapping[str, str]] = {
    "worse": "worse than last time",
    "new": "no answer last time",
    "different": "another answer than last time",
    "better": "better than last time",
    "same": "the same as last time",
}
COLLECT: Final = "collect"
MOST_URGENT_OWNER: Final = "most-urgent-owner"
AGE_BAND: Final = "age-band"
FLAG: Final = "flag:"
CHANGED: Final = "change:"
SCORE: Final = "score:"
BEFORE: Final = "before:"


@dataclass(frozen=True)
class AgeBand:
    """Ages in whole years; `high` is None when there is no end."""

    low: int
    high: int | None

    def __str__(self) -> str:
        return f"{self.low}+" if self.high is None else f"{self.low}-{self.high}"

    def holds(self, age: int) -> bool:
        return self.low <= age and (self.high is None or age <= self.high)


@dataclass(frozen=True)
class Order:
    """Which of two answers is worse: by their place in a list, or by size."""

    from_best: tuple[str, ...] = ()
    higher_is_worse: bool = True
    least: Decimal = Decimal(0)


@dataclass(frozen=True)
class Score:
    """A sum of the scores of several answers; missing unless every one of them is given."""

    name: str
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Sight:
    """The table `[triage]` of one pack; empty where it says nothing."""

    hit: str = COLLECT
    bar: int = 100
    age_bands: tuple[AgeBand, ...] = ()
    flags: tuple[str, ...] = ()
    orders: Mapping[str, Order] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    works_out: WorksOut | None = None

    def columns(self, items: Mapping[str, Item]) -> Iterator[Item]:
        """A fact for each thing that rules may see, as a column of the table."""
        if self.age_bands:
            bands = tuple(Option(str(each), f"Aged {each}") for each in self.age_bands)
            yield Item(AGE_BAND, "Age band on the day of the answer", "choice", options=bands)
        for flag in self.flags:
            yield Item(f"{FLAG}{flag}", f"In the group {self.titles.get(flag, flag)}", "boolean")
        how = tuple(Option(each, WORDS_OF_CHANGE[each]) for each in CHANGES)
        for name in self.orders:
            text = f"Since last time: {items[name].text}"
            yield Item(f"{CHANGED}{name}", text, "choice", options=how)
        for score in self.scores:
            low, high = _range(score, items)
            yield Item(f"{SCORE}{score.name}", score.title, "decimal", low=low, high=high)
        if self.works_out:
            yield from self.works_out.items

    def facts(
        self, items: Mapping[str, Item], answers: Mapping[str, object], known: Known
    ) -> dict[str, object]:
        """What is known, as facts under the names of the columns; what is missing is left out."""
        plain = {
            "age": known.age, "days_silent": known.days_silent, "answered_by": known.answered_by,
        }  # fmt: skip
        facts: dict[str, object] = {name: each for name, each in plain.items() if each is not None}
        facts.update(self._of_the_person(known))
        for name in self.orders:
            if change := self.change(items[name], answers, known):
                facts[f"{CHANGED}{name}"] = change
        for score in self.scores:
            if (total := _total(score, items, answers)) is not None:
                facts[f"{SCORE}{score.name}"] = total
        if self.works_out:
            facts.update(self.works_out.facts(answers, known.at))
        return facts

    def _of_the_person(self, known: Known) -> Iterator[tuple[str, object]]:
        if known.age is not None:
            bands = (str(each) for each in self.age_bands if each.holds(known.age))
            yield from ((AGE_BAND, band) for band in bands)
        if known.groups is not None:
            yield from ((f"{FLAG}{each}", each in known.groups) for each in self.flags)

    def change(self, item: Item, answers: Mapping[str, object], known: Known) -> Change | None:
        """How an answer changed since last time; None when there is none today."""
        today = _read(item, answers.get(item.link_id))
        if today is None:
            return None
        before = _read(item, (known.before or {}).get(item.link_id))
        if before is None:
            return "new"
        if today == before:
            return "same"
        order = self.orders.get(item.link_id)
        return _compared(order, before, today) if order else "different"

    def behind(self, columns: Sequence[str], items: Mapping[str, Item]) -> tuple[str, ...]:
        """The questions whose answers some columns look at."""
        sums = {f"{SCORE}{each.name}": each.questions for each in self.scores}
        if self.works_out:
            sums.update(self.works_out.behind)
        found: dict[str, None] = {}
        for column in columns:
            for name in sums.get(column, (column.removeprefix(CHANGED),)):
                if name in items:
                    found[name] = None
        return tuple(found)


def _read(item: Item, stored: object) -> Value | None:
    try:
        return item.understood(stored)
    except NotUnderstood:
        return None


def _compared(order: Order, before: Value, today: Value) -> Change:
    if isinstance(before, Decimal) and isinstance(today, Decimal):
        if abs(today - before) < order.least:
            return "same"
        return "worse" if (today > before) is order.higher_is_worse else "better"
    places = order.from_best
    earlier, later = as_code(before), as_code(today)
    if earlier in places and later in places:
        return "worse" if places.index(later) > places.index(earlier) else "better"
    return "different"


def _total(score: Score, items: Mapping[str, Item], answers: Mapping[str, object]) -> object:
    """Exact text, as decimals are kept; None when an answer or its score is missing."""
    total = Decimal(0)
    for name in score.questions:
        value = _read(items[name], answers.get(name))
        option = items[name].option(as_code(value)) if value is not None else None
        if option is None or option.score is None:
            return None
        total += option.score
    return total


def _range(score: Score, items: Mapping[str, Item]) -> tuple[Decimal | None, Decimal | None]:
    scored = [
        [option.score for option in items[name].options if option.score is not None]
        for name in score.questions
    ]
    if not all(scored):
        return None, None
    return sum(map(min, scored), Decimal(0)), sum(map(max, scored), Decimal(0))


SEES_NOTHING: Final = Sight()
