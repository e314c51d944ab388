"""Whether one clause holds of one person, and if not, what speaks against it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from openprotect.cohorts.rules.facts import Case, Fact
from openprotect.cohorts.rules.language import Clause, Ender, Registration, Selection
from openprotect.cohorts.rules.measures import EVER, Tie


class Because(StrEnum):
    """Why a clause does not hold."""

    AGE = "age"
    SEX = "sex"
    DEPRIVATION = "deprivation"
    REGISTRATION = "registration"
    CARE_HOME = "care home"
    NOT_IN_GROUP = "not in group"
    IN_GROUP = "in group"
    NOTHING = "nothing"
    OUT_OF_TIME = "out of time"
    NOT_BELIEVED = "not believed"
    PRESENT = "present"
    TOO_FEW = "too few"
    TOO_MANY = "too many"
    TOO_CLOSE = "too close"
    VALUE = "value"
    FIRST = "first"
    LAST = "last"
    ENDED = "ended"
    NOT_AFTER = "not after"
    BEFORE = "before"


@dataclass(frozen=True)
class Fault:
    """Why a clause does not hold, and the other fact that speaks against it, if one does."""

    because: Because
    against: Fact | None = None


def fault_of(case: Case, clause: Clause, fact: Fact | None, held: Collection[str]) -> Fault | None:
    """The first thing that speaks against the clause; None when all of it holds."""
    wrong = _wrong_person(case, clause) or _wrong_group(clause, held)
    if wrong:
        return Fault(wrong)
    if clause.select is None:
        return None
    if clause.is_absent:
        return Fault(Because.PRESENT) if fact else None
    if fact is None:
        return Fault(Because.NOTHING)
    own = _wrong_count(clause, fact) or _wrong_fact(clause, fact, case.as_of)
    return Fault(own) if own else _opposed(case, clause, fact)


def _wrong_person(case: Case, clause: Clause) -> Because | None:
    person, born = case.person, case.person.birth_date
    if clause.ages and not (born and clause.ages.holds(born, case.as_of)):
        return Because.AGE
    if clause.sexes and person.sex not in clause.sexes:
        return Because.SEX
    if clause.deciles and case.decile not in clause.deciles:
        return Because.DEPRIVATION
    if clause.registration and not _registered(
        clause.registration, person.registered_on, case.as_of
    ):
        return Because.REGISTRATION
    # Unknown means not known to live in one, which is how nearly everybody is recorded.
    if clause.care_home is not None and bool(person.care_home) is not clause.care_home:
        return Because.CARE_HOME
    return None


def _registered(asked: Registration, joined: date | None, as_of: date) -> bool:
    """A registration without a day is neither long nor recent."""
    if joined is None or joined > as_of:
        return False
    if asked.at_least and joined > asked.at_least.before(as_of):
        return False
    return asked.within is None or joined >= asked.within.before(as_of)


def _wrong_group(clause: Clause, held: Collection[str]) -> Because | None:
    if clause.in_group and clause.in_group not in held:
        return Because.NOT_IN_GROUP
    if clause.not_in_group and clause.not_in_group in held:
        return Because.IN_GROUP
    return None


def _wrong_count(clause: Clause, fact: Fact) -> Because | None:
    count = fact.days if clause.on_different_days else fact.events
    if count < clause.at_least:
        return Because.TOO_FEW
    if clause.at_most is not None and count > clause.at_most:
        return Because.TOO_MANY
    if clause.apart and fact.first > clause.apart.before(fact.last):
        return Because.TOO_CLOSE
    return None


def _wrong_fact(clause: Clause, fact: Fact, as_of: date) -> Because | None:
    asked = clause.latest_value
    if asked and (fact.value is None or not asked.holds(fact.value)):
        return Because.VALUE
    if clause.first and not clause.first.holds(fact.first, as_of):
        return Because.FIRST
    if clause.last and not clause.last.holds(fact.last, as_of):
        return Because.LAST
    return None


def _opposed(case: Case, clause: Clause, fact: Fact) -> Fault | None:
    """What other events say against the clause."""
    for ender in clause.ended_by:
        other = case.fact(ender.select)
        if other and _ends(ender, other.last, fact.last):
            return Fault(Because.ENDED, other)
    for ender in clause.after:
        other = case.fact(ender.select)
        if other is None or not _comes_after(ender, other.last, fact.last):
            return Fault(Because.NOT_AFTER, other)
    if clause.unless_before:
        other = case.fact(clause.unless_before)
        if other and other.first < fact.first:
            return Fault(Because.BEFORE, other)
    return None


def _ends(ender: Ender, other: date, own: date) -> bool:
    return other > own or (other == own and ender.tie is Tie.ENDS)


def _comes_after(ender: Ender, other: date, own: date) -> bool:
    return own > other or (own == other and ender.tie is Tie.STANDS)


def nearest(case: Case, selection: Selection) -> tuple[Because, Fact] | None:
    """What the record does hold of a selection of which nothing counts, and why it does not."""
    fact = case.fact(replace(selection, days=EVER))
    if fact:
        return Because.OUT_OF_TIME, fact
    fact = case.fact(Selection(selection.codelists))
    return (Because.NOT_BELIEVED, fact) if fact else None
