"""One person judged, plainly: the reference that every engine must agree with, and what is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from openprotect.cohorts.rules.clauses import Because, fault_of, nearest
from openprotect.cohorts.rules.facts import Case, Fact
from openprotect.cohorts.rules.language import Clause, CohortRules, Group
from openprotect.cohorts.rules.standing import exclusion
from openprotect.cohorts.rules.wording import in_words
from openprotect.records.rules.values import Event, Person

NOWHERE: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True)
class Evidence:
    """A dated fact for which somebody is in a group."""

    group: str
    code: str
    term: str
    on: date
    source: str
    value: float | None = None

    @property
    def place(self) -> tuple[str, date, str, str, str, float]:
        """Where it stands among the evidence of one person, whichever engine found it."""
        value = float("-inf") if self.value is None else self.value
        return self.group, self.on, self.code, self.source, self.term, value


@dataclass(frozen=True)
class Miss:
    """A clause that does not hold, of an alternative of which the record holds something.

    `fact` is what the record holds for the clause, `against` what speaks against it.
    """

    group: str
    clause: Clause
    fact: Fact | None
    because: Because
    against: Fact | None = None


@dataclass(frozen=True)
class Judgement:
    """Which groups one person is in and why, which they missed and why, and whether they count.

    Of somebody excluded, the groups and the evidence are those that they would be found for;
    `excluded` is a reason of the population or the name of an exclusion, and `excluded_for` the
    evidence of that exclusion.
    """

    groups: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    misses: tuple[Miss, ...]
    excluded: str = ""
    excluded_for: tuple[Evidence, ...] = ()
    parts: tuple[str, ...] = ()


def judge(
    rules: CohortRules,
    person: Person,
    events: Sequence[Event],
    as_of: date,
    deprivation: Mapping[str, int] = NOWHERE,
    *,
    with_misses: bool = True,
) -> Judgement:
    """The groups, evidence and near misses of one person, as of a day.

    `deprivation` tells the tenth of each LSOA, from 1, the most deprived. Near misses double the
    work; who only compares groups and evidence leaves them out.
    """
    case = Case(rules, person, events, as_of, deprivation.get(person.lsoa))
    held: dict[str, frozenset[Evidence]] = {}
    misses: list[Miss] = []
    for group in rules.in_order():
        met, missed = _judge_group(case, group, held)
        if met:
            held[group.name] = met
        elif with_misses and group not in rules.exclusions:
            misses += _near(case, missed)
    excluded = exclusion(rules.population, person, as_of) or _first(rules.exclusions, held)
    groups = tuple(group.name for group in rules.groups if group.name in held)
    return Judgement(
        groups=groups,
        evidence=_in_order(each for name in groups for each in held[name]),
        misses=tuple(misses),
        excluded=excluded,
        excluded_for=_in_order(held.get(excluded, ())),
        parts=tuple(part.name for part in rules.parts if part.name in held),
    )


def _first(groups: Iterable[Group], held: Mapping[str, object]) -> str:
    return next((group.name for group in groups if group.name in held), "")


def _in_order(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda each: each.place))


Held = Mapping[str, frozenset[Evidence]]


@dataclass(frozen=True)
class Outcome:
    """What one clause comes to: what it shows, or why it does not hold."""

    evidence: tuple[Evidence, ...] = ()
    miss: Miss | None = None


def _judge_group(
    case: Case, group: Group, held: Held
) -> tuple[frozenset[Evidence], list[tuple[Outcome, ...]]]:
    """The evidence of every alternative that holds, and the alternatives that do not."""
    met: set[Evidence] = set()
    failed: list[tuple[Outcome, ...]] = []
    for alternative in group.any_of:
        outcomes = tuple(_judge_clause(case, group, clause, held) for clause in alternative)
        if any(each.miss for each in outcomes):
            failed.append(outcomes)
        else:
            evidence = [found for each in outcomes for found in each.evidence]
            met |= set(evidence or [_undated(case, group, alternative)])
    return frozenset(met), failed


def _judge_clause(case: Case, group: Group, clause: Clause, held: Held) -> Outcome:
    fact = case.fact(clause.select) if clause.select else None
    fault = fault_of(case, clause, fact, held)
    if fault:
        return Outcome(miss=Miss(group.name, clause, fact, fault.because, fault.against))
    return Outcome(evidence=tuple(_shown(group, clause, fact, held)))


def _near(case: Case, failed: Iterable[Sequence[Outcome]]) -> Iterator[Miss]:
    """The misses of those alternatives of which the record holds something."""
    for outcomes in failed:
        misses = [_with_nearest(case, each.miss) for each in outcomes if each.miss]
        if any(each.evidence for each in outcomes) or any(miss.fact for miss in misses):
            yield from misses


def _with_nearest(case: Case, miss: Miss) -> Miss:
    """Where nothing counts, what the record holds of these codes all the same."""
    clause = miss.clause
    if miss.fact or clause.select is None or clause.is_absent:
        return miss
    because, fact = nearest(case, clause.select) or (miss.because, None)
    return replace(
        miss, fact=fact, because=because if miss.because is Because.NOTHING else miss.because
    )


def _shown(group: Group, clause: Clause, fact: Fact | None, held: Held) -> Iterator[Evidence]:
    """The clause's own latest event, and whatever puts somebody in the group it names."""
    if fact and not clause.is_absent:
        latest, value = fact.latest, fact.value if clause.latest_value else None
        yield Evidence(group.name, latest.code, latest.term, fact.last, latest.source, value)
    for each in held.get(clause.in_group, ()):
        yield Evidence(group.name, each.code, each.term, each.on, each.source, each.value)


def _undated(case: Case, group: Group, alternative: tuple[Clause, ...]) -> Evidence:
    """What stands for clauses of which no event of the record is evidence, such as an age."""
    person = case.person
    days = [
        clause.ages.reached_on(person.birth_date)
        for clause in alternative
        if clause.ages and person.birth_date
    ]
    if person.registered_on and any(clause.registration for clause in alternative):
        days.append(person.registered_on)
    on = max(days, default=person.birth_date or case.as_of)
    words = "; ".join(in_words(case.rules, clause) for clause in alternative)
    return Evidence(group.name, "", words, on, person.source)
