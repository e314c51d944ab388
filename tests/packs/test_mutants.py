"""Slips of the pen made on purpose: which the cards catch, and which card would catch the rest."""

import pytest

from openprotect.packs import from_files
from openprotect.packs.cards import read_cards
from openprotect.packs.caught import mutation_run
from openprotect.packs.mutants import mutants
from openprotect.packs.proving import prove
from tests.packs.given import changed, choice, form, question, shipped_with, table_of

HEADER = "rule,breath,heat,since,words,age,kind,urgency,reason,source"
FORM = (
    choice("breath", "normal", "moving", "rest"),
    question("heat", "decimal"),
    question("since", "date"),
    question("words", "text"),
)


def read(*cells, urgency="week"):
    row = ["r", *cells, *[""] * (5 - len(cells)), "clinical", urgency, "Because", "Made up"]
    row = [f'"{each}"' for each in row]
    table, problems = table_of(f"{HEADER}\n{','.join(row)}\n", *FORM)
    assert not [each for each in problems if "emergency" not in each], problems
    return table


def slips(*cells):
    return [each.words for each in mutants(read(*cells))]


def run(table, *cards):
    lines = [f"c{n},Because,{card}" for n, card in enumerate(cards)]
    text = "\n".join(["card,because,breath,heat,since,words,age,expect", *lines])
    return mutation_run(read_cards("triage.csv", text, form(*FORM), table), table, form(*FORM))


@pytest.mark.parametrize(
    ("cells", "slip"),
    [
        (("moving, rest",), "'moving, rest' becomes 'moving'"),
        (("rest, missing",), "'rest, missing' becomes 'rest'"),
        (("any",), "'any' becomes 'missing'"),
        (("missing",), "'missing' becomes 'any'"),
        (("not rest and answered",), "'not rest and answered' becomes 'not rest or missing'"),
        (("not rest and answered",), "'not rest and answered' becomes 'rest'"),
        (("rest", ">= 38"), "'rest' is left out"),
        (("", ">= 38"), "'>= 38' becomes '> 38'"),
        (("", ">= 38"), "'>= 38' becomes '< 38'"),
        (("", ">= 38"), "'>= 38' becomes '>= 37.9'"),
        (("", "37.25..38"), "'37.25..38' becomes '37.26..38'"),
        (("", "37.25..38"), "'37.25..38' becomes '37.25..38.1'"),
        (("", "", ">= 2026-03-01"), "'>= 2026-03-01' becomes '>= 2026-02-28'"),
        (("", "", "", "mentions fall, fell"), "'mentions fall, fell' becomes 'mentions fall'"),
        (("", "", "", "", ">= 80"), "'>= 80' becomes '>= 81'"),
        (("rest",), "the row is left out"),
    ],
)
def test_a_slip_is_made_in_every_way_a_cell_can_be_wrong(cells, slip):
    assert slip in slips(*cells)


def test_a_slip_that_no_card_notices_is_named_with_a_card_that_would():
    caught = run(read("", ">= 38"), ",39,,,,r", ",36,,,,none", ",,,,,none")

    told = [str(each) for each in caught.survivors]
    assert (
        "row 2 (r), column heat: '>= 38' becomes '> 38': no card notices; one with heat 38 would"
        in told
    )
    assert caught.per_cent < 100


def test_cards_on_and_beside_a_bound_catch_every_slip_in_it():
    caught = run(read("", ">= 38"), ",38,,,,r", ",37.9,,,,none", ",,,,,none", ",38.1,,,,r")

    assert (caught.caught, caught.per_cent) == (caught.count, 100)


def test_a_slip_that_nobody_could_ever_feel_is_not_counted():
    everyone = run(read("normal, moving, rest, missing"), "rest,,,,,r")
    words = [each.words for each in mutants(read("normal, moving, rest, missing"))]

    assert "'normal, moving, rest, missing' is left out" in words
    assert everyone.count == len(words) - 1


def test_a_pack_below_its_bar_is_not_well_and_says_so():
    files = changed("examples/triage.csv", "chest-pain,Chest pain now,", "x,Another,")
    cards = [
        line
        for line in files["examples/triage.csv"].decode().splitlines()
        if ",cold" not in line and "temperature-35" not in line
    ]
    files["examples/triage.csv"] = "\n".join(cards).encode()

    proof = prove(from_files(files))

    assert not proof.reaches_bar
    assert any("to publish it must be 100 %" in line for line in proof.lines())
    assert any(line.startswith("survived: row 13 (cold)") for line in proof.lines())


def test_the_bar_is_the_packs_own():
    pack = shipped_with("[triage]\nbar = 90\n")

    assert prove(pack).bar == 90


@pytest.mark.parametrize(
    ("options", "column", "cell", "cards"),
    [
        ('[triage]\nflags = ["diabetes"]\n', "flag:diabetes", "yes", "flag:diabetes yes"),
        ('[triage]\nage_bands = ["65+"]\n', "age-band", "65+", "age-band 65+"),
        (
            '[triage.changes.breath]\nfrom_best = ["normal", "rest"]\n',
            "change:breath",
            "worse",
            "breath normal, change:breath worse",
        ),
        ("", "age", ">= 80", "age 80"),
    ],
)
def test_a_card_is_also_found_for_what_is_known_beside_the_answers(options, column, cell, cards):
    name = "age" if column == "age" else column
    pack = shipped_with(options, f"extra,{cell},clinical,week,Because,Made up", name)

    survivors = prove(pack).caught.survivors

    assert any(each.card == cards for each in survivors if each.mutant.rule.name == "extra")
