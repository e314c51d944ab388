"""Scores of a form: the sums of the ordinal values of the answers that were chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from openprotect.forms.state import Shown, State


@dataclass(frozen=True)
class Score:
    """The sum of a group, or of the whole form where `key` is empty.

    `total` is missing while a question that counts has no answer: a sum of some is no score.
    """

    key: str
    title: str
    total: Decimal | None


def scores(state: State) -> tuple[Score, ...]:
    """The score of each group that has one, and of the whole."""
    groups = [each for each in state.everything() if each.item.kind == "group"]
    found = [Score(each.key, each.text, _sum(each.beneath)) for each in groups if _counts(each)]
    if any(_counts(each) for each in state.tree):
        found.append(Score("", "", _sum(state.tree)))
    return tuple(found)


def _counts(shown: Shown) -> bool:
    return any(True for _ in _scored((shown,)))


def _sum(tree: tuple[Shown, ...]) -> Decimal | None:
    total = Decimal(0)
    for shown in _scored(tree):
        points = [_points(shown, number) for number in range(len(shown.values))]
        if not points or None in points:
            return None
        total += sum(each for each in points if each is not None)
    return total


def _points(shown: Shown, number: int) -> Decimal | None:
    option = shown.item.option_of(shown.values[number])
    return option.score if option else None


def _scored(tree: tuple[Shown, ...]) -> Iterator[Shown]:
    """The questions that are shown and whose answers carry scores."""
    for top in tree:
        for each in top.flat():
            if any(option.score is not None for option in each.item.options):
                yield each
