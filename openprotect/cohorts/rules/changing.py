"""What changed for one person between two runs of the rules, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

JOINED, LEFT, CHANGED, MOVED = KINDS = ("joined", "left", "changed", "moved")
NO_RULE: Final = "no rule holds any longer"
NOT_IN_RECORDS: Final = "no longer in the records"
EXCLUDED: Final = "excluded: {reason}"
NEW_RULE: Final = "newly meets a rule"
NEW_IN_RECORDS: Final = "new in the records"
NO_LONGER_EXCLUDED: Final = "no longer excluded: {reason}"
OTHER_GROUPS: Final = "found for other groups"
OTHER_PRACTICE: Final = "registered with another practice"


@dataclass(frozen=True)
class Standing:
    """Where a run found somebody, and in which groups."""

    practice: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Changed:
    """Somebody whom two runs found differently: what changed, and in which groups."""

    nhs_number: str
    kind: str
    practice: str
    practice_before: str
    came_into: tuple[str, ...]
    went_out_of: tuple[str, ...]


def changes(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> Iterator[Changed]:
    """Everybody of whom something changed, in order of NHS number, each once."""
    for number in sorted(before.keys() | after.keys()):
        was, now = before.get(number), after.get(number)
        if was != now:
            yield _change(number, was, now)


def _change(number: str, was: Standing | None, now: Standing | None) -> Changed:
    old = was.groups if was else frozenset[str]()
    new = now.groups if now else frozenset[str]()
    kind = JOINED if was is None else LEFT if now is None else CHANGED if old != new else MOVED
    here, there = now or was, was
    return Changed(
        number,
        kind,
        here.practice if here else "",
        there.practice if there else "",
        tuple(sorted(new - old)),
        tuple(sorted(old - new)),
    )


def why_left(excluded: str, *, known: bool) -> str:
    """Why somebody is no longer found, from what the records now say of them."""
    if not known:
        return NOT_IN_RECORDS
    return EXCLUDED.format(reason=excluded) if excluded else NO_RULE


def why_joined(excluded: str, *, known: bool) -> str:
    """Why somebody is found now, from what the records then said of them."""
    if not known:
        return NEW_IN_RECORDS
    return NO_LONGER_EXCLUDED.format(reason=excluded) if excluded else NEW_RULE
