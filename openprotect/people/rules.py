"""Which ways of contact a person leaves open, and in which order they like them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

ALL, TEXT, EMAIL, LETTER, CALL = "", "TEXT", "EMAIL", "LETTER", "CALL"
WAYS = (TEXT, EMAIL, LETTER, CALL)
REFUSED, AGREED, PREFERRED = "REFUSED", "AGREED", "PREFERRED"
REVIEW_NEEDS_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Said:
    """What somebody said of a way (or all of them), in a programme (or in all)."""

    way: str
    programme_id: UUID | None
    answer: str


def refuses(said: Iterable[Said], way: str, programme_id: UUID) -> bool:
    """Whether a way is closed in a programme: a refusal at any scope that holds it closes it."""
    return any(
        each.answer == REFUSED
        and each.way in (ALL, way)
        and each.programme_id in (None, programme_id)
        for each in said
    )


def has_agreed(said: Iterable[Said], way: str, programme_id: UUID) -> bool:
    """Whether somebody agreed to a way that needs it."""
    return any(
        each.answer in (AGREED, PREFERRED)
        and each.way == way
        and each.programme_id in (None, programme_id)
        for each in said
    )


def as_preferred(order: Sequence[str], said: Iterable[Said], programme_id: UUID) -> tuple[str, ...]:
    """The ways in the programme's order, but first the ones that somebody likes best."""
    liked = {
        each.way
        for each in said
        if each.answer == PREFERRED and each.programme_id in (None, programme_id)
    }
    return tuple(sorted(order, key=lambda way: way not in liked))
