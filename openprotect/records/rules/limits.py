"""From what change on an import waits for a second person: each limit, its bounds and its reason.

These are the defaults for everybody. An installation may set its own within the bounds, in
`import-limits.toml` in its home; anything else there is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from openprotect.base.refusals import Refused


class BadLimit(Refused):
    """A limit that is not known, not a number, or outside what a locality may choose."""


@dataclass(frozen=True)
class Limit:
    """More than `usual` stops an import; a locality may choose from `low` to `high`."""

    title: str
    usual: float
    low: float
    high: float
    why: str
    # Below so many, chance alone reaches the share.
    at_least: int = 0


LIMITS: Mapping[str, Limit] = {
    "size": Limit(
        "% more or fewer people, in an extract of everybody", 5, 1, 20,
        "half a file, or last year's, was the commonest fault of national lists (hazard H22)",
    ),
    "misshapen": Limit(
        "% of rows without the agreed types", 1, 0.1, 5,
        "columns shifted by one pass unnoticed where every column is text", at_least=11,
    ),
    "mean_age": Limit(
        "years by which the mean age moves", 1, 0.2, 5,
        "a population ages 0.1 years a month; days and months swapped, or a century, move it more",
        at_least=200,
    ),
    "age_band": Limit(
        "points by which the share of an age band moves", 3, 0.5, 10,
        "a missing care-home or school extract leaves the mean nearly as it was", at_least=200,
    ),
    "deaths": Limit(
        "% of people alive before, and dead now", 0.5, 0.1, 3,
        "about 0.1 % of people in England die in a month; one rule once made 10,924 dead or written"
        " to", at_least=10,
    ),
    "revived": Limit(
        "% of people dead before, and alive now", 0.5, 0.01, 5,
        "writing to the dead hurts families; a death is seldom taken back", at_least=3,
    ),
    "practice": Limit(
        "% by which one practice grows or shrinks", 20, 5, 50,
        "lists of national programmes grew by 15 to 352 % in one load", at_least=50,
    ),
    "moved": Limit(
        "% of people with another practice than before", 5, 1, 30,
        "about 1 % move in a month; more is a merger of practices, or a shifted column",
        at_least=50,
    ),
    "birth_date": Limit(
        "% of people with the same birth date", 0.5, 0.1, 2,
        "one day in a life of 80 years holds 0.003 %; more is a filler", at_least=100,
    ),
    "sex_changed": Limit(
        "% of people whose sex changes between female and male", 0.2, 0.05, 2,
        "a code list turned round (1 and 2) turns everybody", at_least=5,
    ),
    "sex_share": Limit(
        "points by which the share of women moves", 2, 0.5, 10,
        "the share is steady to a tenth of a point from month to month", at_least=200,
    ),
    "objections": Limit(
        "% of objections withdrawn", 10, 1, 50,
        "an objection lost is a person contacted against their will", at_least=5,
    ),
    "events_gone": Limit(
        "% of the events of the people in it no longer there", 10, 2, 50,
        "records grow; a file cut short takes history away", at_least=100,
    ),
    "extract_days": Limit(
        "days old, counted from the day of the extract", 42, 7, 180,
        "hospital data of the national list was seven weeks old before anybody noticed",
    ),
}  # fmt: skip
# 65,536 and 1,048,576 lines: what old and new spreadsheets hold, with and without a header.
SPREADSHEETS = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
Limits = Mapping[str, float]
USUAL: Limits = {key: limit.usual for key, limit in LIMITS.items()}


def localised(chosen: Mapping[str, object]) -> Limits:
    """The usual limits with those that this installation chose. Raises BadLimit."""
    limits = dict(USUAL)
    for key, value in chosen.items():
        if key not in LIMITS:
            raise BadLimit(f"import-limits.toml: there is no limit {key[:30]!r}.")
        limit = LIMITS[key]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not limit.low <= float(str(value)) <= limit.high:
            raise BadLimit(
                f"import-limits.toml: {key} must be a number from {limit.low} to {limit.high}."
            )
        limits[key] = float(str(value))
    return limits
