"""What must be true of any rules and any record, tried in worlds made by chance."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from openprotect.cohorts.rules import Codelist, judge
from tests.cohorts.histories import make

SEEDS = range(4)


def world(seed):
    return make(seed, people=80, groups=10)


def everybody(world, events_of, rules=None, *, with_misses=False):
    """Each judgement, with the events of each person changed first."""
    histories = world.histories()
    return {
        each.nhs_number: judge(
            rules or world.rules,
            each,
            events_of(histories[each.nhs_number]),
            world.as_of,
            world.deprivation,
            with_misses=with_misses,
        )
        for each in world.people
    }


def kept(rules, change):
    """The rules with each clause changed."""
    changed = {
        kind: tuple(
            replace(
                group, any_of=tuple(tuple(change(each) for each in any_) for any_ in group.any_of)
            )
            for group in getattr(rules, kind)
        )
        for kind in ("parts", "groups", "exclusions")
    }
    return replace(rules, **changed)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_dated_after_the_day_asked_about_changes_nothing(seed):
    made = world(seed)
    later = made.as_of + timedelta(days=1)

    def with_the_future(events):
        return [*events, *(replace(event, on=later) for event in events)]

    def without_the_future(events):
        return [event for event in events if event.on <= made.as_of]

    assert everybody(made, with_the_future) == everybody(made, without_the_future)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_a_record_changes_nothing(seed):
    made = world(seed)
    chance = random.Random(seed)  # noqa: S311 - an order by chance

    def shuffled(events):
        return chance.sample(events, len(events))

    told = everybody(made, list, with_misses=True)
    assert everybody(made, shuffled, with_misses=True) == told


@pytest.mark.parametrize("seed", SEEDS)
def test_an_event_told_twice_takes_nobody_out_unless_a_rule_counts_to_a_most(seed):
    made = world(seed)
    rules = kept(made.rules, lambda each: replace(each, at_most=None, not_in_group=""))

    once = everybody(made, list, rules)
    twice = everybody(made, lambda events: [*events, *events], rules)

    assert all(set(once[number].groups) <= set(twice[number].groups) for number in once)
    assert once != twice


def without_looking_back(clause):
    """Only what asks that something is there: nothing that a missing code could make true."""
    return replace(
        clause,
        is_absent=False,
        at_most=None,
        latest_value=None,
        first=None,
        last=None,
        ended_by=(),
        after=(),
        unless_before=None,
        not_in_group="",
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_code_taken_off_a_list_finds_nobody_new(seed):
    made = world(seed)
    rules = kept(made.rules, without_looking_back)
    before = everybody(made, list, rules)
    lost = 0
    for key, listed in rules.codelists.items():
        fewer = Codelist(key, listed.system, dict(list(listed.terms.items())[1:]))
        shorter = replace(rules, codelists={**rules.codelists, key: fewer})
        after = everybody(made, list, shorter)
        assert all(set(after[number].groups) <= set(before[number].groups) for number in before)
        lost += sum(after[number].groups != before[number].groups for number in before)

    assert lost


@pytest.mark.parametrize("seed", SEEDS)
def test_every_group_has_evidence_and_nothing_else_has(seed):
    made = world(seed)

    for judged in made.judged(with_misses=True).values():
        assert {each.group for each in judged.evidence} == set(judged.groups)
        assert all(each.on <= made.as_of for each in judged.evidence)
        assert not {miss.group for miss in judged.misses} & {*judged.groups, *judged.parts}


@pytest.mark.parametrize("seed", SEEDS)
def test_near_misses_change_nothing_that_is_found(seed):
    made = world(seed)
    told, untold = made.judged(with_misses=True), made.judged()

    assert {number: replace(each, misses=()) for number, each in told.items()} == untold
