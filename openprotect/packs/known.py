"""What the service knows of a person beside today's answers; a rule sees what its pack may."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Known:
    """What is None is not known, and missing to every rule.

    `groups` are those of the cohort's rules that found the person; `before` are the answers of the
    last time, by question; `at` is the moment of the answers, for what a form works out of it.
    """

    age: int | None = None
    days_silent: int | None = None
    answered_by: str | None = None
    groups: frozenset[str] | None = None
    before: Mapping[str, object] | None = None
    at: datetime | None = None


NOTHING_KNOWN = Known()


def age_on(born: date, on: date) -> int:
    """Whole years: a year older from the first moment of the birthday.

    Somebody born on 29 February grows older on 1 March in other years (the Family Law Reform Act
    1969, section 9, speaks of the commencement of the relevant anniversary; there is none before).
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
