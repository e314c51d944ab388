"""The cards of every pack that is shipped, asked of the engine: it finds what they say, and why."""

from collections import Counter
from pathlib import Path

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.rules import judge
from openprotect.packs import load_cohort
from openprotect.packs.stand_ins import with_stand_ins
from openprotect.packs.who import AREAS, read_cards
from tests.cohorts.histories import make
from tests.cohorts.stores import small_store
from tests.cohorts.test_reference import assert_bare_is_the_same

PACKS = sorted(each.parent for each in (Path(__file__).parents[2] / "packs").glob("*/pack.toml"))
PEOPLE = 400


def played(folder):
    """The rules with made-up codes for lists that are not supplied, and cards by their day."""
    rules = with_stand_ins(load_cohort(folder).cohort)
    cards = read_cards((folder / "examples" / "who.csv").read_text(), rules)
    return rules, {as_of: [card for card in cards if card.as_of == as_of] for as_of in days(cards)}


def days(cards):
    return sorted({card.as_of for card in cards})


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_the_engine_finds_what_the_cards_say(folder, tmp_path):
    rules, by_day = played(folder)
    for as_of, cards in by_day.items():
        events = [event for card in cards for event in card.events]
        people = [card.person for card in cards]

        findings = engine.find(rules, small_store(tmp_path, people, events, AREAS), as_of)

        found = {each.nhs_number: frozenset(each.groups) for each in findings.found}
        assert found == {card.person.nhs_number: card.expected for card in cards if card.expected}
        assert removed(findings) == counted(judged(rules, cards))


def removed(findings):
    """How many were taken out for each reason."""
    return {step.reason: step.people for step in findings.steps if step.people}


def judged(rules, cards):
    return [judge(rules, card.person, card.events, card.as_of, AREAS) for card in cards]


def counted(judgements):
    return Counter(each.excluded for each in judgements if each.excluded)


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_the_engine_agrees_with_the_reference_over_made_up_histories(folder, tmp_path):
    rules = with_stand_ins(load_cohort(folder).cohort)
    world = make(seed=5, people=PEOPLE, rules=rules)
    by_person = world.judged()

    store = small_store(tmp_path, world.people, world.events, world.deprivation)
    findings = engine.find(rules, store, world.as_of)

    found = {each.nhs_number: (each.groups, each.evidence) for each in findings.found}
    assert found == {
        number: (each.groups, each.evidence)
        for number, each in by_person.items()
        if each.groups and not each.excluded
    }
    assert removed(findings) == counted(by_person.values())
    assert sum(bool(each.groups) for each in by_person.values()) > PEOPLE / 20
    assert_bare_is_the_same(findings, rules, store)
