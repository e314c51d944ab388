"""Bars drawn on the server: text keeps its size at any width, and the table is always beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from openprotect.web.design.words import number

ROW = 2.8  # em from one bar to the next: a line for the label, the bar, air


@dataclass(frozen=True)
class Bar:
    """One bar: `said` is its figure in the table, `short` the same beside the bar.

    A bar of a waterfall starts where the next one ends.
    """

    label: str
    value: float
    said: str = ""
    short: str = ""
    start: float = 0


@dataclass(frozen=True)
class Drawn:
    """One bar placed: heights in em, its length as a percentage of the drawing."""

    label: str
    said: str
    label_y: float
    bar_y: float
    percent: float
    start: float = 0


@dataclass(frozen=True)
class Bars:
    """A bar chart and its table. Without `most`, the longest bar fills the width."""

    id: str
    title: str
    description: str
    head: Sequence[str]
    bars: Sequence[Bar]
    most: float | None = None

    @property
    def height(self) -> float:
        return round(ROW * len(self.bars), 2)

    @cached_property
    def drawn(self) -> tuple[Drawn, ...]:
        whole = self.most or max((bar.value for bar in self.bars), default=0) or 1
        return tuple(
            Drawn(
                label=bar.label,
                said=bar.short or bar.said or number(bar.value),
                label_y=round(ROW * place + 1, 2),
                bar_y=round(ROW * place + 1.35, 2),
                percent=round(min(100 * bar.value / whole, 100), 1),
                start=round(min(100 * bar.start / whole, 100), 1),
            )
            for place, bar in enumerate(self.bars)
        )

    @property
    def table(self) -> tuple[tuple[str, ...], ...]:
        return tuple((bar.label, bar.said or number(bar.value)) for bar in self.bars)
