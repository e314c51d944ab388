"""One person judged, plainly: the reference that every engine must agree with, and what is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from openprotect.cohorts.rules.language import (
    Ages,
    Clause,
    CohortRules,
    Group,
    Population,
    Selection,
    Tie,
    coded,
)
from openprotect.records.rules.values import Event, Person

DECEASED, UNREGISTERED, AGE = "deceased", "not registered with a practice", "outside the ages"


@dataclass(frozen=True, order=True)
class Evidence:
    """A dated fact for which somebody is in a group."""

    group: str
    code: str
    term: str
    on: date
    source: str
    value: float | None = None


@dataclass(frozen=True)
class Fact:
    """What one selection finds of one person."""

    first: date
    last: date
    events: int
    days: int
    value: float | None
    latest: Event


@dataclass(frozen=True)
class Miss:
    """A clause with something of it in the record, which all the same does not hold."""

    group: str
    clause: Clause
    fact: Fact | None
    because: str
    ender: Fact | None = None


@dataclass(frozen=True)
class Judgement:
    """Which groups one person is in and why, which they missed and why, and whether they count."""

    groups: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    misses: tuple[Miss, ...]
    excluded: str = ""


def judge(rules: CohortRules, person: Person, events: Sequence[Event], as_of: date) -> Judgement:
    """The groups, evidence and near misses of one person, as of a day."""
    codes = _coded(rules)
    groups: list[str] = []
    evidence: set[Evidence] = set()
    misses: list[Miss] = []
    for group in rules.groups:
        met, missed = _judge_group(group, person, events, codes, as_of)
        evidence |= met
        if met:
            groups.append(group.name)
        else:
            misses += missed
    excluded = exclusion(rules.population, person, as_of)
    return Judgement(tuple(groups), tuple(sorted(evidence, key=_order)), tuple(misses), excluded)


def _order(each: Evidence) -> tuple[str, date, str, str]:
    return each.group, each.on, each.code, each.source


Codes = Mapping[Selection, Mapping[tuple[str, str], str]]


def _coded(rules: CohortRules) -> Codes:
    clauses = (
        clause for group in rules.groups for alternative in group.any_of for clause in alternative
    )
    asked = {each for clause in clauses for each in (clause.select, clause.ended_by) if each}
    return {selection: coded(rules, selection) for selection in asked}


def _judge_group(
    group: Group, person: Person, events: Sequence[Event], codes: Codes, as_of: date
) -> tuple[set[Evidence], list[Miss]]:
    met: set[Evidence] = set()
    missed: list[Miss] = []
    for alternative in group.any_of:
        outcomes = [
            _judge_clause(group, each, person, events, codes, as_of) for each in alternative
        ]
        if all(isinstance(outcome, Evidence) for outcome in outcomes):
            met |= {outcome for outcome in outcomes if isinstance(outcome, Evidence)}
        elif any(isinstance(outcome, Evidence) or outcome.fact for outcome in outcomes):
            missed += [outcome for outcome in outcomes if isinstance(outcome, Miss)]
    return met, missed


def _judge_clause(
    group: Group,
    clause: Clause,
    person: Person,
    events: Sequence[Event],
    codes: Codes,
    as_of: date,
) -> Evidence | Miss:
    fact = fact_of(clause.select, events, codes, as_of) if clause.select else None
    ender = fact_of(clause.ended_by, events, codes, as_of) if clause.ended_by else None
    because = _fault(clause, person, fact, ender, as_of)
    if because:
        return Miss(group.name, clause, fact, because, ender)
    if fact is None:
        return _by_age(group, clause.ages or Ages(), person.birth_date or as_of, person.source)
    shown = fact.latest
    value = fact.value if clause.latest_value else None
    return Evidence(group.name, shown.code, shown.term, fact.last, shown.source, value)


def _fault(
    clause: Clause, person: Person, fact: Fact | None, ender: Fact | None, as_of: date
) -> str:
    """Why the clause does not hold; '' when it does."""
    if clause.ages and not (person.birth_date and clause.ages.holds(person.birth_date, as_of)):
        return "age"
    if clause.select is None:
        return ""
    if fact is None:
        return "nothing"
    if (fact.days if clause.on_different_days else fact.events) < clause.at_least:
        return "too few"
    if clause.latest_value and not (
        fact.value is not None and clause.latest_value.holds(fact.value)
    ):
        return "value"
    if ender and (ender.last > fact.last or (ender.last == fact.last and clause.tie is Tie.ENDS)):
        return "ended"
    return ""


def _by_age(group: Group, ages: Ages, born: date, source: str) -> Evidence:
    return Evidence(group.name, "", str(ages), ages.reached_on(born), source)


def fact_of(
    selection: Selection, events: Iterable[Event], codes: Codes, as_of: date
) -> Fact | None:
    """What the selection finds. On the latest day the highest value and the first code count."""
    found = sorted(_selected(selection, events, codes, as_of), key=lambda each: each.on)
    if not found:
        return None
    last = [each for each in found if each.on == found[-1].on]
    values = [each.value for each in last if each.value is not None]
    return Fact(
        first=found[0].on,
        last=found[-1].on,
        events=len(found),
        days=len({each.on for each in found}),
        value=max(values, default=None),
        latest=min(last, key=lambda each: (each.code, each.term, each.source)),
    )


def _selected(
    selection: Selection, events: Iterable[Event], codes: Codes, as_of: date
) -> Iterator[Event]:
    """The events that count, each with a term: its own, or else its codelist's."""
    since, until = selection.since(as_of), selection.last_day(as_of)
    for event in events:
        listed = codes[selection].get((event.system, event.code))
        if listed is None or event.on > until or (since and event.on < since):
            continue
        if _is_believed(selection, event.value):
            yield event if event.term else replace(event, term=listed)


def _is_believed(selection: Selection, value: float | None) -> bool:
    if value is None:
        return not selection.has_value and selection.plausible is None
    return selection.plausible is None or selection.plausible.holds(value)


def exclusion(population: Population, person: Person, as_of: date) -> str:
    """Why somebody is not asked about at all; '' when they are."""
    if population.alive and is_dead(person, as_of):
        return DECEASED
    if population.registered and not _is_registered(person, as_of):
        return UNREGISTERED
    if person.birth_date is None or not population.ages.holds(person.birth_date, as_of):
        return AGE
    return ""


def is_dead(person: Person, as_of: date) -> bool:
    """Dead by that day; a death without a date counts for every day."""
    if person.deceased_on:
        return person.deceased_on <= as_of
    return person.deceased


def _is_registered(person: Person, as_of: date) -> bool:
    joined = person.registered_on
    return bool(person.practice_code) and (joined is None or joined <= as_of)
