"""Which of several rows for one NHS number is gone on with.

The NHS number decides, and nothing else ever links two records: where it is in doubt, or where
taking a row would lose something said before, the row waits for a person. What is plain is decided
for all rows at once, in SQL (`actions/deciding.py`); here is what takes a look at each row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openprotect.records.rules.values import Outcome, Person

# Of all rows: fewer with a filler birth date are single mistakes, more are a sender's habit.
FILLER_SHARE = 0.005
# A telephone of so many people is marked as shared; of more, it is a practice's own or a mistake.
SHARED_BY = 5
SHARED_BY_TOO_MANY = 500


@dataclass(frozen=True)
class Claim:
    """One of several rows that differ and claim the same NHS number."""

    line: int
    person: Person


@dataclass(frozen=True)
class Chosen:
    """The row to go on with, if any, and what becomes of the others."""

    line: int | None
    others: Sequence[tuple[int, Outcome, str]]


def plain(person: Person) -> Person:
    """The person without what does not matter when two rows are compared."""
    return replace(person, phone_shared=False, updated_at="", source="", subject="")


def choose(claims: Sequence[Claim]) -> Chosen:
    """Of two practices' rows the newer registration counts; any other difference is held."""
    if len({claim.person.birth_date for claim in claims}) > 1:
        return _all_held(claims, "same-number-other-birth-date")
    days = [claim.person.registered_on for claim in claims]
    if len({claim.person.practice_code for claim in claims}) == 1:
        return _all_held(claims, "same-number-differs")
    if None in days or len(set(days)) < len(claims):
        return _all_held(claims, "same-number-two-practices")
    newest, *older = sorted(claims, key=lambda claim: str(claim.person.registered_on), reverse=True)
    return Chosen(newest.line, [(claim.line, Outcome.DUPLICATE, "") for claim in older])


def _all_held(claims: Sequence[Claim], reason: str) -> Chosen:
    return Chosen(None, [(claim.line, Outcome.HELD, reason) for claim in claims])
