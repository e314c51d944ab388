"""A rule as a clinician reads it: no ids and no signs of the table."""

import re

import pytest

from openprotect.forms.items import Item, Option
from openprotect.packs import load
from openprotect.packs.rules_in_words import cell_in_words, when
from tests.packs.given import SHIPPED

BREATH = Item(
    "breath", "How is your breathing?", "choice",
    options=(Option("rest", "Out of breath at rest"), Option("fine", "Fine")),
)  # fmt: skip
HEAT = Item("heat", "Temperature", "decimal", unit="°C")
DAY = Item("since", "Since when?", "date")
FELL = Item("fell", "Did you fall?", "boolean")
MORE = Item("more", "Anything else?", "text")


@pytest.mark.parametrize(
    ("item", "cell", "words"),
    [
        (BREATH, "rest", "Out of breath at rest"),
        (BREATH, "rest, fine", "Out of breath at rest or Fine"),
        (BREATH, "rest, missing", "Out of breath at rest or no answer"),
        (BREATH, "any", "any answer"),
        (BREATH, "missing", "no answer"),
        (BREATH, "not rest and answered", "any answer but Out of breath at rest"),
        (BREATH, "not rest or missing", "any answer but Out of breath at rest, or no answer"),
        (HEAT, ">= 38", "38 °C or more"),
        (HEAT, "< 35.5", "less than 35.5 °C"),
        (HEAT, "3..7, missing", "3 to 7 °C or no answer"),
        (HEAT, "0", "0 °C"),
        (DAY, ">= 2026-03-27", "on or after 27 March 2026"),
        (DAY, "2026-03-27", "27 March 2026"),
        (FELL, "yes", "yes"),
        (
            MORE,
            "mentions chest pain, cannot breathe",
            "words such as “chest pain”, “cannot breathe”",
        ),
    ],
)
def test_a_cell_in_words(item, cell, words):
    assert cell_in_words(item, cell) == words


@pytest.mark.parametrize("key", ["covid-protect", "winter-respiratory", "falls"])
def test_no_rule_of_a_shipped_pack_shows_an_id_or_a_sign(key):
    table = load(SHIPPED.parent / key).triage
    codes = {o.code for each in table.items for o in each.options if "-" in o.code}

    for rule in table.rules:
        for words in when(rule, table.facts):
            assert not re.search(r">=|<=|\.\.|flag:|change:|score:", words), words
            assert not codes & set(words.replace(",", " ").split()), words
