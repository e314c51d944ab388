"""The cards of packs/covid-protect/examples/who.csv, asked of the reference and of the engine."""

from pathlib import Path

import pytest

from openprotect.cohorts import engine
from openprotect.packs import load_cohort
from openprotect.packs.stand_ins import with_stand_ins
from openprotect.packs.who import read_cards
from tests.cohorts.stores import small_store

PACK = Path(__file__).parents[2] / "packs" / "covid-protect"
RULES = with_stand_ins(load_cohort(PACK).cohort)
CARDS = read_cards((PACK / "examples" / "who.csv").read_text(), RULES)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_a_record_is_in_the_groups_its_card_says(card):
    assert card.difference(RULES) == "", card.because


@pytest.mark.parametrize("as_of", sorted({card.as_of for card in CARDS}), ids=str)
def test_the_engine_finds_what_the_cards_say(as_of, tmp_path):
    cards = [card for card in CARDS if card.as_of == as_of]
    store = small_store(
        tmp_path,
        [card.person for card in cards],
        [event for card in cards for event in card.events],
    )

    findings = engine.find(RULES, store, as_of)

    found = {each.nhs_number: frozenset(each.groups) for each in findings.found}
    expected = {card.person.nhs_number: card.expected for card in cards if card.expected}
    assert found == expected


def test_every_group_has_a_card_and_a_clinical_source():
    shown = set().union(*(card.expected for card in CARDS))

    assert shown == {group.name for group in RULES.groups}
    assert all(group.source for group in RULES.groups)
