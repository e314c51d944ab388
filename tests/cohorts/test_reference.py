"""Over generated histories, the engine finds exactly whom the plain reference finds."""

import json
from dataclasses import asdict

import pytest

from openprotect.cohorts import engine
from tests.cohorts.histories import make
from tests.cohorts.stores import small_store
from tests.sizes import size

WORLDS, PEOPLE = 4, size(1000, 2500)


def expected(judged):
    """Of everybody found, the groups and the evidence, as the reference has them."""
    return {
        number: (each.groups, each.evidence)
        for number, each in judged.items()
        if each.groups and not each.excluded
    }


def waterfall(judged, reasons):
    """For each reason, how many are left out, and how many of them would have been found."""
    left_out = {
        reason: [bool(each.groups) for each in judged.values() if each.excluded == reason]
        for reason in reasons
    }
    return {reason: (len(listed), sum(listed)) for reason, listed in left_out.items()}


def assert_bare_is_the_same(findings, rules, store):
    """Asked without evidence, a run takes another way to the same people and days."""
    bare = engine.find(rules, store, findings.as_of, evidence=False)
    assert bare.table.equals(findings.table)
    assert bare.steps == findings.steps


def assert_kept_is_the_same(findings):
    """What is kept of a run, from its columns, is what its values say."""
    for found, row in zip(findings.each(), findings.as_json(), strict=True):
        shown = [{**asdict(each), "on": each.on.isoformat()} for each in found.evidence]
        kept = [found.nhs_number, found.practice_code, list(found.groups), shown]
        assert [json.loads(each) for each in row] == kept


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_engine_agrees_with_the_reference_on_every_person(seed, tmp_path):
    world = make(seed, PEOPLE)
    judged = world.judged()
    store = small_store(tmp_path, world.people, world.events, world.deprivation)

    findings = engine.find(world.rules, store, world.as_of)

    found = {each.nhs_number: (each.groups, each.evidence) for each in findings.found}
    assert found == expected(judged)
    assert {step.reason: (step.people, step.found) for step in findings.steps} == waterfall(
        judged, [step.reason for step in findings.steps]
    )
    assert len(found) > PEOPLE / 20
    assert_bare_is_the_same(findings, world.rules, store)
    assert_kept_is_the_same(findings)
