"""Small numbers kept from telling of single people, in tables, totals and from one run to the next.

A count of 1 to 4 is shown as "1 to 4", every other is rounded to the nearest 5, totals for
themselves, as NHS Digital has published hospital statistics since 2018. So neither a total nor
yesterday's table gives a small number back: rounded figures need not add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5  # the smallest number that is told, and the step between numbers
SMALL = f"1 to {LEAST - 1}"


@dataclass(frozen=True)
class Column:
    """A column of counts as it may be shown, with its total."""

    cells: tuple[str, ...]
    total: str


def rounded(count: int) -> int:
    """The nearest number that is told; a small one is drawn as the smallest."""
    return LEAST * max(1, round(count / LEAST)) if count else 0


def told(count: int, *, exact: bool = False) -> str:
    """One count as it may be shown."""
    if exact or not count:
        return f"{count:,}"
    return SMALL if count < LEAST else f"{rounded(count):,}"


def column(counts: Sequence[int], *, exact: bool = False) -> Column:
    """Counts that add up, each and their total as they may be shown."""
    cells = tuple(told(each, exact=exact) for each in counts)
    return Column(cells, told(sum(counts), exact=exact))
