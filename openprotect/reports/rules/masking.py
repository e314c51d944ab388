"""Small numbers kept from telling of single people, in tables, totals and from one run to the next.

A count of 1 to 4 is shown as "1 to 4", every other is rounded to the nearest 5, totals for
themselves, as NHS Digital has published hospital statistics since 2018: rounded figures need not
add up. Where a column holds a small number, its total is told as what the figures shown allow, and
so tells nothing more than they do. What changed in a run that found fewer than 5 people in all can
still be worked out from its two totals.
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
    if exact or not any(0 < each < LEAST for each in counts):
        return Column(cells, told(sum(counts), exact=exact))
    least, most = (sum(ends) for ends in zip(*map(_ends, counts), strict=True))
    return Column(cells, f"{least:,} to {most:,}")


def _ends(count: int) -> tuple[int, int]:
    """The least and the most that the figure shown for this count may stand for."""
    if count < LEAST:
        return (1, LEAST - 1) if count else (0, 0)
    return max(LEAST, rounded(count) - 2), rounded(count) + 2
