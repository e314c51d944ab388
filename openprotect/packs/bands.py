"""Bands: people in certain groups of a programme who are asked, or rung, sooner than the others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openprotect.cohorts.rules import CohortRules
from openprotect.packs.entry import Entry
from openprotect.packs.problems import Reading, not_one_of

KEYS: Final = (
    "name", "title", "groups", "every_days", "misses_before_call", "call_attempts", "call_priority",
)  # fmt: skip


@dataclass(frozen=True)
class Band:
    """Whoever is in one of these groups. What a band does not say is as for everybody."""

    name: str
    title: str
    groups: tuple[str, ...]
    every_days: int | None = None
    settings: Mapping[str, int] | None = None
    # How much sooner the band is rung than the others: points in the queue, as the programme says.
    call_priority: int = 0

    def setting(self, key: str) -> int | None:
        return (self.settings or {}).get(key)


def read_bands(entry: Entry) -> tuple[Band, ...]:
    """The bands of a pack, the first that fits counts."""
    return tuple(_band(each) for each in entry.listed("band")) if entry.has("band") else ()


def _band(entry: Entry) -> Band:
    entry.only(KEYS)
    groups = entry.texts("groups")
    if not groups:
        entry.refuse("groups", "must name at least one group of cohort.toml.")
    asked = ("misses_before_call", "call_attempts")
    return Band(
        name=entry.text("name", longest=40),
        title=entry.text("title", longest=80),
        groups=groups,
        every_days=entry.whole("every_days", 1, 365) if entry.has("every_days") else None,
        settings={each: entry.whole(each, 1, 30) for each in asked if entry.has(each)},
        call_priority=entry.whole("call_priority", 0, 1000, default=0),
    )


def check_bands(
    reading: Reading, file: str, bands: Sequence[Band], cohort: CohortRules | None
) -> None:
    """Each band's groups are groups that the rules find."""
    if cohort is None:
        return
    known = [group.name for group in cohort.groups]
    for band in bands:
        for name in band.groups:
            if name not in known:
                words = f"band {band.name}: {not_one_of(name, known)}"
                reading.refuse(file, None, "band", words)


def band_of(bands: Sequence[Band], groups: Collection[str]) -> Band | None:
    """The band of somebody who is in these groups; None when none fits."""
    return next((each for each in bands if set(each.groups) & set(groups)), None)
