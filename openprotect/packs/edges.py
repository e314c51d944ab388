"""Whether record cards try every edge of the rules: windows, values, ages, counts and ties.

An edge is tried when one card stands on it and another just beyond it, whatever becomes of them:
that the outcome is right is for the cards themselves to say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from openprotect.cohorts.rules import (
    EVER,
    Ages,
    Clause,
    CohortRules,
    Days,
    Fact,
    Population,
    Range,
    Selection,
    coded,
)
from openprotect.cohorts.rules.facts import Case, value_of
from openprotect.packs.who import RecordCard
from openprotect.records.rules.values import Event

A_DAY: Final = timedelta(days=1)
NEAR: Final = 0.1  # a derived value seldom falls on the bound itself
OLDEST: Final = 120
MOST_SHOWN: Final = 3


@dataclass(frozen=True)
class Tried:
    """The cards, as the selections of these rules see them."""

    cards: Sequence[RecordCard]
    rules: CohortRules

    def events(self, select: Selection) -> Iterator[tuple[RecordCard, Event]]:
        """Every event that the selection would count in its time, whenever it was."""
        always = replace(select, days=EVER)
        for card in self.cards:
            case = Case(self.rules, card.person, card.events, date.max)
            yield from ((card, event) for event in case.counted(always))

    def facts(self, select: Selection) -> Iterator[tuple[RecordCard, Fact]]:
        for card in self.cards:
            fact = Case(self.rules, card.person, card.events, card.as_of).fact(select)
            if fact:
                yield card, fact


def untried(cards: Sequence[RecordCard], rules: CohortRules) -> Iterator[str]:
    """Each edge of each rule that no card stands on, or that none stands beyond."""
    tried = Tried(cards, rules)
    yield from (f"population: no card has {gap}" for gap in _of_population(rules.population, cards))
    for kind, groups in (
        ("part", rules.parts),
        ("group", rules.groups),
        ("exclusion", rules.exclusions),
    ):
        for group in groups:
            clauses = [clause for alternative in group.any_of for clause in alternative]
            gaps = dict.fromkeys(gap for each in clauses for gap in _of_clause(each, tried))
            yield from (f"{kind} {group.name}: no card has {gap}" for gap in gaps)


def _of_population(population: Population, cards: Sequence[RecordCard]) -> Iterator[str]:
    yield from _of_ages(population.ages, cards)
    if needed := population.registered_for:
        joined = {
            (card.person.registered_on - needed.before(card.as_of)).days
            for card in cards
            if card.person.registered_on
        }
        yield from _missing(joined, {0: f"registration {needed} ago", 1: "a day less than that"})


def _of_clause(clause: Clause, tried: Tried) -> Iterator[str]:
    if clause.ages:
        yield from _of_ages(clause.ages, tried.cards)
    for select in clause.selections():
        events = list(tried.events(select))
        yield from _of_days(
            select.days, ((card, event.on) for card, event in events), _named(select)
        )
        if select.plausible:
            yield from _of_range(select.plausible, _measured(select, tried), _named(select))
    if clause.select and not clause.is_absent:
        yield from _of_facts(clause, clause.select, tried)


def _of_facts(clause: Clause, select: Selection, tried: Tried) -> Iterator[str]:
    facts, name = list(tried.facts(select)), _named(select)
    if clause.first:
        firsts = ((card, fact.first) for card, fact in facts)
        yield from _of_days(clause.first, firsts, f"first {name}")
    if clause.last:
        lasts = ((card, fact.last) for card, fact in facts)
        yield from _of_days(clause.last, lasts, f"last {name}")
    if clause.latest_value:
        values = {fact.value for _, fact in facts if fact.value is not None}
        near = NEAR if select.derived else 0.0
        yield from _of_range(clause.latest_value, values, f"latest {name}", near)
    yield from _of_counts(clause, facts, name)
    for other in (*clause.ended_by, *clause.after):
        yield from _of_ties(select, other.select, tried)


def _of_counts(
    clause: Clause, facts: Sequence[tuple[RecordCard, Fact]], name: str
) -> Iterator[str]:
    counts = {fact.days if clause.on_different_days else fact.events for _, fact in facts}
    if clause.at_least > 1:
        for count in (clause.at_least, clause.at_least - 1):
            yield from _missing(counts, {count: f"{count} of {name}"})
    if clause.at_most:
        for count in (clause.at_most, clause.at_most + 1):
            yield from _missing(counts, {count: f"{count} of {name}"})
    if apart := clause.apart:
        gaps = {(apart.before(fact.last) - fact.first).days for _, fact in facts}
        yield from _missing(gaps, {0: f"{name} just {apart} apart", -1: "a day less than that"})


def _of_ties(select: Selection, other: Selection, tried: Tried) -> Iterator[str]:
    """One before the other, both on a day, and the other way round."""
    theirs = {card.name: fact.last for card, fact in tried.facts(other)}
    between = {
        _sign((fact.last - theirs[card.name]).days)
        for card, fact in tried.facts(select)
        if card.name in theirs
    }
    one, two = _named(select), _named(other)
    words = {-1: f"{two} after {one}", 0: f"{two} on the day of {one}", 1: f"{two} before {one}"}
    if set(coded(tried.rules, select.codelists)) <= set(coded(tried.rules, other.codelists)):
        del words[1]  # each code is one of those that end it: they are never earlier
    yield from _missing(between, words)


def _sign(away: float) -> int:
    return (away > 0) - (away < 0)


def _of_days(days: Days, seen: Iterable[tuple[RecordCard, date]], name: str) -> Iterator[str]:
    seen = list(seen)
    if days.within or days.since:
        away = {(on - (days.first_day(card.as_of) or on)).days for card, on in seen}
        yield from _missing(
            away, {0: f"{name} on the first day that counts", -1: f"{name} on the day before it"}
        )
    if days.until or days.up_to:
        away = {(on - days.last_day(card.as_of)).days for card, on in seen}
        yield from _missing(
            away, {0: f"{name} on the last day that counts", 1: f"{name} on the day after it"}
        )


def _of_range(asked: Range, values: set[float], name: str, near: float = 0.0) -> Iterator[str]:
    """On each bound and just beyond it; close to it on either side where values are derived."""
    for bound, is_open, beyond in (
        (asked.low, asked.low_is_open, -1),
        (asked.high, asked.high_is_open, 1),
    ):
        if bound is None:
            continue
        away = {value - bound for value in values if not near or abs(value - bound) <= near}
        sides = {_sign(each) for each in away}
        words = {
            -1: f"{name} under {bound:g}",
            0: f"{name} of {bound:g}",
            1: f"{name} over {bound:g}",
        }
        wanted = (-1, 1) if near else (0, -beyond if is_open else beyond)
        yield from _missing(sides, {side: words[side] for side in wanted})


def _measured(select: Selection, tried: Tried) -> set[float]:
    """The values in the unit asked for, before they are believed and before they are derived."""
    plain = replace(select, plausible=None, derived=None, has_value=True)
    written = replace(plain, unit="", conversions=())
    values = (value_of(plain, event, card.person) for card, event in tried.events(written))
    return {value for value in values if value is not None}


def _of_ages(ages: Ages, cards: Sequence[RecordCard]) -> Iterator[str]:
    born = {(card.person.birth_date, card.as_of) for card in cards if card.person.birth_date}
    if ages.low:
        away = {(day - ages.born_by(as_of)).days for day, as_of in born if day}
        yield from _missing(away, {0: f"a birthday of {ages.low}", 1: f"the day before {ages.low}"})
    if ages.high < OLDEST:
        away = {(day - ages.born_after(as_of)).days for day, as_of in born if day}
        high = ages.high + 1
        yield from _missing(away, {0: f"a birthday of {high}", 1: f"the day before {high}"})


def _missing(seen: Iterable[int], wanted: dict[int, str]) -> Iterator[str]:
    yield from (words for value, words in wanted.items() if value not in seen)


def _named(select: Selection) -> str:
    shown = ", ".join(select.codelists[:MOST_SHOWN])
    return f"{shown}, …" if len(select.codelists) > MOST_SHOWN else shown
