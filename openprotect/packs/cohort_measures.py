"""Lengths of time, days, ranges and ages, as cohort.toml writes them."""

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from openprotect.cohorts.rules import Ages, Days, Range, Span
from openprotect.packs.entry import Entry

SPAN: Final = re.compile(r"([1-9][0-9]{0,3}) (day|week|month|year)s?")
MONTHS: Final = {"month": 1, "year": 12}
DAYS: Final = {"day": 1, "week": 7}
OLDEST: Final = 130
LONGEST_IN_DAYS: Final = OLDEST * 366
MONTH_IN_DAYS: Final = 30.436875
LARGEST: Final = 1e9
WINDOW: Final = ("within", "until", "between", "since", "up_to")
BOUNDS: Final = ("at_least", "above", "at_most", "below")


def read_span(entry: Entry, key: str) -> Span | None:
    written = entry.text(key) if entry.has(key) else ""
    return _span(entry, key, written) if written else None


def _span(entry: Entry, key: str, written: str) -> Span | None:
    found = SPAN.fullmatch(written)
    if found is None:
        entry.refuse(key, 'must be a length of time, such as "6 months" or "14 days".')
        return None
    count, unit = int(found[1]), found[2]
    span = Span(months=count * MONTHS.get(unit, 0), days=count * DAYS.get(unit, 0))
    if in_days(span) > LONGEST_IN_DAYS:
        entry.refuse(key, f"is longer than a life; at most {OLDEST} years are allowed.")
        return None
    return span


def in_days(span: Span) -> float:
    """About how long, to compare two lengths of time; a month has no length of its own."""
    return span.months * MONTH_IN_DAYS + span.days


def read_days(entry: Entry) -> Days:
    """A stretch of days: back from the day asked about, or between fixed days."""
    within, until = read_span(entry, "within"), read_span(entry, "until")
    if entry.has("between"):
        for key in ("within", "until"):
            if entry.has(key):
                entry.refuse(key, "stands beside between, which says both ends already.")
        until, within = _between(entry)
    elif within and until and in_days(until) > in_days(within):
        entry.refuse("until", f"ends the window {until} ago, before it begins {within} ago.")
    since, up_to = _day(entry, "since"), _day(entry, "up_to")
    if since and up_to and since > up_to:
        entry.refuse("since", f"is later than up_to ({up_to}): no day lies between them.")
    return Days(within, until, since, up_to)


def _day(entry: Entry, key: str) -> date | None:
    day = entry.day(key) if entry.has(key) else date.min
    return day if day > date.min else None


def _between(entry: Entry) -> tuple[Span | None, Span | None]:
    """The nearer and the farther end, both counted back from the day asked about."""
    written = entry.values["between"]
    if not isinstance(written, list) or [type(each) for each in written] != [str, str]:
        entry.refuse("between", 'must hold two lengths of time: ["31 days", "60 days"].')
        return None, None
    near, far = (_span(entry, "between", each) for each in written)
    if near and far and in_days(near) > in_days(far):
        other = f'["{written[1]}", "{written[0]}"]'
        entry.refuse("between", f"is the wrong way round: write {other}, the nearer end first.")
    return near, far


def read_range(entry: Entry, key: str) -> Range | None:
    """Bounds as words: at_least and at_most are inside the range, above and below are not."""
    if not entry.has(key):
        return None
    table = entry.entry(key)
    table.only(BOUNDS)
    if not table.values:
        entry.refuse(key, "must hold at_least, above, at_most or below.")
    for one, other in (("at_least", "above"), ("at_most", "below")):
        if table.has(one) and table.has(other):
            table.refuse(one, f"stands beside {other}: say one of them.")
    low = next(_numbers(table, "at_least", "above"), None)
    high = next(_numbers(table, "at_most", "below"), None)
    asked = Range(low, high, table.has("above"), table.has("below"))
    if is_empty(asked):
        table.refuse("", "holds no number at all.")
    return asked


def _numbers(table: Entry, *keys: str) -> Iterator[float]:
    yield from (read_number(table, key) for key in keys if table.has(key))


def read_number(table: Entry, key: str) -> float:
    value = table.values.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        table.refuse(key, "must be a number.")
    elif math.isnan(value) or abs(value) > LARGEST:
        table.refuse(key, f"must be a number from {-LARGEST:.0f} to {LARGEST:.0f}.")
    else:
        return float(value)
    return 0.0


def is_empty(asked: Range) -> bool:
    """No number is inside."""
    if asked.low is None or asked.high is None:
        return False
    is_open = asked.low_is_open or asked.high_is_open
    return asked.low > asked.high or (asked.low == asked.high and is_open)


def never_overlap(one: Range, other: Range) -> bool:
    """No number is in both."""
    return _lies_below(one, other) or _lies_below(other, one)


def _lies_below(one: Range, other: Range) -> bool:
    return one.high is not None and is_empty(
        Range(other.low, one.high, other.low_is_open, one.high_is_open)
    )


def read_ages(entry: Entry, key: str) -> Ages | None:
    if not entry.has(key):
        return None
    table = entry.entry(key)
    table.only(("from", "to"))
    low = table.whole("from", 0, OLDEST, default=0)
    high = table.whole("to", 0, 200, default=200)
    if not table.values or low > high:
        table.refuse("", "must hold from, to, or both, in whole years.")
        return None
    return Ages(low, high)
