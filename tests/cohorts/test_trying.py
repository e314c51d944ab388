"""Changed rules tried on kept facts give just what two whole runs give."""

from dataclasses import replace

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.engine.trying import try_rules
from openprotect.cohorts.rules import Ages, Clause, Codelist, Group, Population, Span
from openprotect.cohorts.rules.measures import Days
from tests.cohorts.histories import make
from tests.cohorts.stores import small_store


def whole(findings):
    return {each.nhs_number: frozenset(each.groups) for each in findings.found}


def by_whole_runs(old, new, store, as_of):
    """Everyone whom the change concerns, from two runs of everything."""
    was = whole(engine.find(old, store, as_of))
    now = whole(engine.find(new, store, as_of))
    none = frozenset()
    return {
        number: (was.get(number, none), now.get(number, none))
        for number in {*was, *now}
        if was.get(number, none) != now.get(number, none)
    }


def tried(trial):
    rows = trial.people.to_pylist()
    named = lambda bits: frozenset(  # noqa: E731
        name for place, name in enumerate(trial.groups) if bits >> place & 1
    )
    return {row["nhs_number"]: (named(row["before_0"]), named(row["after_0"])) for row in rows}


def clause_of(rules, number):
    """Some clause with events, with its place."""
    places = [
        (group, alternative, clause)
        for group, each in enumerate(rules.groups)
        for alternative, clauses in enumerate(each.any_of)
        for clause, one in enumerate(clauses)
        if one.select
    ]
    return places[number % len(places)]


def with_clause(rules, place, **changes):
    group, alternative, clause = place
    groups = [list(each) for each in ([g.any_of for g in rules.groups])]
    clauses = list(groups[group][alternative])
    clauses[clause] = replace(clauses[clause], **changes)
    groups[group][alternative] = tuple(clauses)
    made = [replace(g, any_of=tuple(a)) for g, a in zip(rules.groups, groups, strict=True)]
    return replace(rules, groups=tuple(made))


def changes_of(world):
    """Changes of every sort that one may try, of rules made by chance."""
    asked = world.rules
    for number in range(0, 12, 2):
        place = clause_of(asked, number)
        clause = asked.groups[place[0]].any_of[place[1]][place[2]]
        days = Days(within=Span(months=7 + number))
        if not clause.is_absent:
            yield with_clause(asked, place, at_least=clause.at_least + 1)
        yield with_clause(asked, place, select=replace(clause.select, days=days))
    longer = {"asthma": Codelist("asthma", "snomed", {"195967001": "", "73211009": ""})}
    yield replace(asked, codelists={**asked.codelists, **longer})
    yield replace(asked, population=replace(asked.population, ages=Ages(30, 70)))
    yield replace(asked, population=Population(registered=False))
    named = {each.in_group or each.not_in_group for each in asked.clauses()}
    unnamed = next(group for group in asked.groups if group.name not in named)
    yield replace(asked, groups=tuple(group for group in asked.groups if group != unnamed))
    yield replace(
        asked, groups=(*asked.groups, Group("old", "Old", "test", ((Clause(ages=Ages(80)),),)))
    )
    yield asked


@pytest.mark.parametrize("seed", [3, 10])
def test_a_trial_finds_whom_two_whole_runs_tell_apart(seed, tmp_path):
    world = make(seed, 400)
    store = small_store(tmp_path, world.people, world.events, world.deprivation)
    concerned = 0

    for new in changes_of(world):
        trial = try_rules(world.rules, new, store, world.as_of, people=True)

        assert tried(trial) == by_whole_runs(world.rules, new, store, world.as_of)
        concerned += len(trial.people)
    assert concerned > 100
