"""Rules in plain words, as a clinician reads them, and as evidence without a code says them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from openprotect.cohorts.rules.language import (
    Clause,
    CohortRules,
    Derived,
    Ender,
    Registration,
    Selection,
)
from openprotect.cohorts.rules.measures import Days, Range, Tie

PLACES: Final = {
    "gp": "recorded in general practice",
    "hospital": "recorded in hospital",
    "social": "recorded in social care",
    "list": "taken from a list",
}
FORMULAS: Final = {
    Derived.EGFR: "worked out as eGFR (CKD-EPI 2009, without ethnicity)",
}
FIFTHS: Final = {
    (2 * fifth - 1, 2 * fifth): words
    for fifth, words in enumerate(
        ("most deprived", "second most deprived", "middle", "second least deprived",
         "least deprived"),
        start=1,
    )
}  # fmt: skip


def in_words(rules: CohortRules, clause: Clause) -> str:
    """What one clause asks, whole."""
    return ", ".join([*events_asked(clause), *person_asked(rules, clause)])


def events_asked(clause: Clause) -> Iterator[str]:
    """What a clause asks of the record: which codes, how often, when, and what else."""
    select = clause.select
    if select:
        lists = lists_in_words(select.codelists)
        yield _how_many(clause) + lists + _when(select.days)
        yield from _more_asked(clause, select)


def record_asked(clause: Clause) -> Iterator[str]:
    """What a clause asks of the record, for a reader who sees the codelists beside it."""
    select = clause.select
    if select:
        yield _how_often(clause) + (_when(select.days) or " at any time")
        yield from _more_asked(clause, select)


def _more_asked(clause: Clause, select: Selection) -> Iterator[str]:
    yield from _narrowed(select)
    if clause.apart:
        yield f"the first and the last at least {clause.apart} apart"
    if clause.latest_value:
        yield f"latest value {clause.latest_value}"
    if clause.first:
        yield f"the first of them{_when(clause.first)}"
    if clause.last:
        yield f"the latest of them{_when(clause.last)}"
    yield from _compared(clause)


def lists_in_words(codelists: Sequence[str]) -> str:
    return one_of([key.replace("-", " ") for key in codelists])


def one_of(words: Iterable[str]) -> str:
    """`a, b or c`."""
    listed = list(words)
    return " or ".join(each for each in (", ".join(listed[:-1]), *listed[-1:]) if each)


def _how_many(clause: Clause) -> str:
    if clause.is_absent:
        return "no "
    count = _count(clause)
    many = f"{_days(clause)} with" if clause.on_different_days else f"{_records(clause)} of"
    return f"{count} {many} " if count else ""


def _how_often(clause: Clause) -> str:
    if clause.is_absent:
        return "no record"
    count = _count(clause)
    many = f"{_days(clause)} with a record" if clause.on_different_days else _records(clause)
    return f"{count} {many}" if count else "a record"


def _days(clause: Clause) -> str:
    return "day" if clause.at_most == 1 else "days"


def _records(clause: Clause) -> str:
    return "record" if clause.at_most == 1 else "records"


def _count(clause: Clause) -> str:
    """`2 or more`, `2 to 4`; nothing where one is enough."""
    low, high = clause.at_least, clause.at_most
    if high is None:
        return f"{low} or more" if low > 1 else ""
    return f"{low} to {high}" if high > low else f"exactly {low}"


def _when(days: Days) -> str:
    """The stretch of days, with a space before it; nothing for any time."""
    if days.within and days.until:
        return f" between {days.until} and {days.within} ago"
    told = [f"in the last {days.within}"] if days.within else []
    told += [f"{days.until} ago or earlier"] if days.until else []
    told += [f"on or after {_day(days.since)}"] if days.since else []
    told += [f"up to {_day(days.up_to)}"] if days.up_to else []
    return "".join(f" {each}" for each in told)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _narrowed(select: Selection) -> Iterator[str]:
    """What is asked of each single event."""
    if select.setting:
        yield PLACES.get(select.setting, f"recorded in {select.setting}")
    if select.paired:
        yield f"with {lists_in_words(select.paired)} on the same day of the same admission"
    if select.aged:
        yield f"recorded when {select.aged}"
    if select.unit:
        changed = one_of(each.unit for each in select.conversions) if select.conversions else ""
        yield f"in {select.unit}{f' ({changed} is converted)' if changed else ''}"
    if select.plausible:
        yield f"counting only values {_and(select.plausible)}"
    if select.derived:
        yield FORMULAS[select.derived]


def _and(asked: Range) -> str:
    return str(asked) or "of any size"


def _compared(clause: Clause) -> Iterator[str]:
    for ender in clause.ended_by:
        same = "or on the same day" if ender.tie is Tie.ENDS else "the same day does not end it"
        yield f"unless {_other(ender)} came later ({same})"
    for ender in clause.after:
        same = "or on the same day" if ender.tie is Tie.STANDS else "not on the same day"
        yield f"later than the latest {_other(ender)} ({same})"
    if clause.unless_before:
        yield f"unless {_selected(clause.unless_before)} came on a day before the first of them"


def _other(ender: Ender) -> str:
    return _selected(ender.select)


def _selected(select: Selection) -> str:
    words = lists_in_words(select.codelists) + _when(select.days)
    narrowed = list(_narrowed(select))
    return f"{words} ({', '.join(narrowed)})" if narrowed else words


def person_asked(rules: CohortRules, clause: Clause) -> Iterator[str]:
    """What a clause asks of the person, and of other groups."""
    if clause.ages:
        yield str(clause.ages)
    if clause.sexes:
        yield "sex " + one_of(clause.sexes)
    if clause.deciles:
        yield f"living in {deciles_in_words(clause.deciles)}"
    if clause.registration:
        yield _registered(clause.registration)
    if clause.care_home is not None:
        yield "living in a care home" if clause.care_home else "not known to live in a care home"
    if clause.in_group:
        yield f"in the group “{rules.title_of(clause.in_group)}”"
    if clause.not_in_group:
        yield f"not in the group “{rules.title_of(clause.not_in_group)}”"


def deciles_in_words(deciles: Sequence[int]) -> str:
    """`the most deprived fifth of areas`, or the tenths one by one."""
    chosen = tuple(sorted(deciles))
    if chosen in FIFTHS:
        return f"the {FIFTHS[chosen]} fifth of areas"
    if chosen == tuple(range(1, len(chosen) + 1)):
        return f"the most deprived {len(chosen) * 10}% of areas"
    return f"areas of tenth {one_of(str(each) for each in chosen)} of deprivation (1 is the most)"


def _registered(asked: Registration) -> str:
    told = [f"for at least {asked.at_least}"] if asked.at_least else []
    told += [f"since a day in the last {asked.within}"] if asked.within else []
    return f"registered with the practice {' and '.join(told)}".rstrip()
