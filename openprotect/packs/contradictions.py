"""Clauses that contradict themselves or each other: they would find nobody, and say so never."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from openprotect.cohorts.rules import Ages, Clause, Derived, Registration, Selection, Tie
from openprotect.cohorts.rules.measures import unit_as_compared
from openprotect.packs.cohort_measures import in_days, never_overlap
from openprotect.packs.entry import Entry

# What may not stand beside `none = true`: it would be asked of events that are not there.
OF_EVENTS: Final = (
    "at_least", "at_most", "count", "apart", "latest_value", "first", "last", "ended_by", "after",
    "unless_before",
)  # fmt: skip
TAKES: Final = {Derived.EGFR: "umol/L"}


def refuse_contradictions(entry: Entry, clause: Clause) -> None:
    """Everything in one clause that cannot be true together, or says nothing."""
    if clause.is_absent:
        for key in OF_EVENTS:
            if entry.has(key):
                entry.refuse(key, "cannot be asked of codes that must not be there (none = true).")
    else:
        _refuse_counts(entry, clause)
        _refuse_values(entry, clause)
        _refuse_own_ends(entry, clause)
    _refuse_person(entry, clause)


def _refuse_counts(entry: Entry, clause: Clause) -> None:
    most = clause.at_most
    if most is not None and most < clause.at_least:
        entry.refuse("at_most", f"is less than at_least ({clause.at_least}): nobody has both.")
    elif most == 1 and clause.apart:
        entry.refuse("apart", "lies between two events, and at_most allows one.")


def _refuse_values(entry: Entry, clause: Clause) -> None:
    select, asked = clause.select, clause.latest_value
    if select is None:
        return
    believed = select.plausible
    is_own = select.derived is None
    if is_own and asked and believed and never_overlap(asked, believed):
        entry.refuse("latest_value", "asks for values that plausible does not believe.")


def refuse_units(entry: Entry, select: Selection) -> None:
    """A value is only understood with its unit, and a formula only with values it can bear."""
    unit = unit_as_compared(select.unit)
    if select.unit and not select.needs_value:
        entry.refuse("unit", "says something of a value, and no value is asked for.")
    if select.conversions and not select.unit:
        entry.refuse("convert", "needs unit: into what are values converted?")
    others = [unit_as_compared(each.unit) for each in select.conversions]
    if unit in others or len(set(others)) < len(others):
        entry.refuse("convert", "converts a unit twice, or the unit that is asked for.")
    if select.derived and select.plausible is None:
        entry.refuse("derive", "needs plausible: which measured values may be believed?")
    if select.derived and unit and unit != unit_as_compared(TAKES[select.derived]):
        entry.refuse("unit", f"must be {TAKES[select.derived]!r}, which the formula takes.")
    if set(select.paired) & set(select.codelists):
        entry.refuse("same_admission_as", "names the list itself: each code would be its own pair.")


def _refuse_own_ends(entry: Entry, clause: Clause) -> None:
    """Events are never later than themselves."""
    select = clause.select and replace(clause.select, has_value=False)
    for key, enders in (("ended_by", clause.ended_by), ("after", clause.after)):
        for ender in enders:
            if ender.tie is Tie.ENDS and replace(ender.select, has_value=False) == select:
                entry.refuse(key, "names the clause's own codes: it would never hold.")


def _refuse_person(entry: Entry, clause: Clause) -> None:
    asked = clause.registration
    if asked and _is_too_long(asked):
        entry.refuse("registration", "asks for longer than it allows: nobody has both.")
    if clause.in_group and clause.in_group == clause.not_in_group:
        entry.refuse("not_in_group", "is the group that in_group asks for: nobody has both.")


def _is_too_long(asked: Registration) -> bool:
    least, most = asked.at_least, asked.within
    return least is not None and most is not None and in_days(least) > in_days(most)


def refuse_impossible(entry: Entry, clauses: Sequence[Clause], population: Ages) -> None:
    """Clauses that must hold together, and never do."""
    for clause in clauses:
        if clause.ages and not _share(clause.ages, population):
            entry.refuse("", f"asks for people {clause.ages}, and the population has none.")
    for one, other in combinations(clauses, 2):
        why = _why_never(one, other)
        if why:
            entry.refuse("", f"can never hold: {why}.")


def _why_never(one: Clause, other: Clause) -> str:
    """Why no person can meet both; '' when somebody may."""
    if one.ages and other.ages and not _share(one.ages, other.ages):
        return f"nobody is both {one.ages} and {other.ages}"
    if one.sexes and other.sexes and not set(one.sexes) & set(other.sexes):
        return "two clauses ask for different sexes"
    if one.deciles and other.deciles and not set(one.deciles) & set(other.deciles):
        return "two clauses ask for different areas of deprivation"
    if None not in (one.care_home, other.care_home) and one.care_home != other.care_home:
        return "one clause asks for a care home and another for none"
    return _why_never_recorded(one, other) or _why_never_recorded(other, one)


def _why_never_recorded(one: Clause, other: Clause) -> str:
    if one.in_group and one.in_group == other.not_in_group:
        return f"one clause asks for the group {one.in_group!r} and another against it"
    if one.is_absent and other.select and not other.is_absent and _covers(one, other.select):
        return "one clause asks for codes that another says must not be there"
    return ""


def _covers(absent: Clause, select: Selection) -> bool:
    """Whether each event of the selection is one that must not be there."""
    missing = absent.select
    if missing is None or not set(select.codelists) <= set(missing.codelists):
        return False
    plain = replace(missing, codelists=select.codelists, has_value=False)
    return plain in (
        replace(select, has_value=False),
        Selection(select.codelists),
        Selection(select.codelists, days=select.days),
    )


def _share(one: Ages, other: Ages) -> bool:
    return max(one.low, other.low) <= min(one.high, other.high)
