"""The slow second implementation agrees with every card that clinicians wrote for the pack."""

import csv

import pytest

from tests.faults.second_opinion import rules_that_alert
from tests.shipped import PACKS

PACK = PACKS / "covid-protect"
FILES = {"triage.csv": (PACK / "triage.csv").read_text()}
CARDS = list(csv.DictReader((PACK / "examples" / "triage.csv").read_text().splitlines()))


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["card"])
def test_a_card_gets_the_alerts_it_expects(card):
    expected = set(card["expect"].split()) - {"none"}

    assert rules_that_alert(FILES, card) == sorted(expected)
