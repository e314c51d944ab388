"""The worlds that engines are tried in hold every word of the language, both true and untrue."""

from collections import Counter
from dataclasses import fields

import pytest

from openprotect.cohorts.rules import (
    REASONS,
    Because,
    Clause,
    Ender,
    Population,
    Selection,
    Tie,
)
from tests.cohorts.histories import make

WORLDS = [make(seed, people=150) for seed in range(6)]
JUDGED = [world.judged(with_misses=True) for world in WORLDS]


def used(kind, values):
    """The fields of which some value differs from what is left unsaid."""
    plain = kind(()) if kind is Selection else kind()
    return {
        field.name
        for field in fields(kind)
        for each in values
        if getattr(each, field.name) != getattr(plain, field.name)
    }


def test_a_seed_always_makes_the_same_world():
    assert make(3, people=20) == make(3, people=20)
    assert make(3, people=20) != make(4, people=20)


@pytest.mark.parametrize("kind", [Clause, Selection, Population])
def test_every_word_of_the_language_is_used(kind):
    values = {
        Clause: [each for world in WORLDS for each in world.rules.clauses()],
        Selection: [each for world in WORLDS for each in world.rules.selections()],
        Population: [world.rules.population for world in WORLDS],
    }[kind]

    assert used(kind, values) == {field.name for field in fields(kind)}


def test_ties_are_told_both_ways():
    enders = {
        ender.tie
        for world in WORLDS
        for clause in world.rules.clauses()
        for ender in (*clause.ended_by, *clause.after)
        if isinstance(ender, Ender)
    }

    assert enders == set(Tie)


def test_every_cause_of_a_near_miss_happens():
    causes = {miss.because for judged in JUDGED for each in judged.values() for miss in each.misses}

    assert causes == set(Because)


def test_everybody_is_left_out_for_every_reason_and_many_are_not():
    reasons = [each.excluded for judged in JUDGED for each in judged.values()]

    assert {*REASONS, "out-1", "out-2", ""} == set(reasons)
    assert reasons.count("") > len(reasons) / 5


def test_nearly_every_group_finds_some_and_leaves_some():
    for world, judged in zip(WORLDS, JUDGED, strict=True):
        found = Counter(group for each in judged.values() for group in each.groups)
        split = [name for name, number in found.items() if number < len(world.people)]

        assert len(split) > len(world.rules.groups) / 2
