"""Small numbers kept from telling of single people: hidden, and not given back by a total.

A count of 1 to 4 is shown as "1 to 4". Where the total of a table is shown as well, a reader could
take the other counts from it; so further counts are hidden, the smallest first, until each small
count could be at least two numbers. Where there are none left to hide, no bounds are given at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAST = 5  # the smallest number that is shown as it is
SMALL = f"1 to {LEAST - 1}"
HIDDEN = "hidden"


@dataclass(frozen=True)
class Masked:
    """A column of counts as it may be shown, with its total."""

    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class _Hiding:
    """A column of counts, of which the small ones are hidden, and some others with them."""

    counts: tuple[int, ...]
    others: frozenset[int] = frozenset()

    @property
    def small(self) -> frozenset[int]:
        return frozenset(place for place, each in enumerate(self.counts) if 0 < each < LEAST)

    def is_safe(self) -> bool:
        """Whether, by the total and all that is shown, each small count could be two numbers."""
        hidden = sum(self.counts[place] for place in (*self.small, *self.others))
        beside = len(self.small) - 1
        lowest = 1 if self.others else max(1, hidden - beside * (LEAST - 1))
        highest = min(LEAST - 1, hidden - beside - len(self.others) * LEAST)
        return lowest < highest


def small(count: int) -> str:
    """One count that stands alone."""
    return SMALL if 0 < count < LEAST else f"{count:,}"


def later(before: int, after: int, *, joined: int = 0, left: int = 0) -> str:
    """The later of two counts: told in fives where the step between them would tell of a few."""
    steps = (joined, left, abs(after - before))
    if any(0 < step < LEAST for step in steps) and after >= LEAST:
        return f"about {LEAST * round(after / LEAST):,}"
    return small(after)


def masked(counts: Sequence[int]) -> Masked:
    """Counts that add up to their total, as far as both may be shown."""
    total, hiding = sum(counts), _Hiding(tuple(counts))
    if not hiding.small or total < LEAST:
        return Masked(tuple(small(each) for each in counts), small(total))
    for place in sorted(range(len(counts)), key=lambda place: (counts[place], place)):
        if counts[place] >= LEAST and not hiding.is_safe():
            hiding = replace(hiding, others=hiding.others | {place})
    words = SMALL if hiding.is_safe() else HIDDEN
    return Masked(
        tuple(
            words if place in hiding.small else HIDDEN if place in hiding.others else f"{each:,}"
            for place, each in enumerate(counts)
        ),
        f"{total:,}",
    )
