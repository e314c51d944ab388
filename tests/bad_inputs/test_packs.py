"""Every row of packs.toml has the outcome that is stated there."""

import tomllib
from pathlib import Path

import pytest

from tests.bad_inputs import pack_rows

ROWS = tomllib.loads(Path(__file__).with_name("packs.toml").read_text())["row"]
HERE = Path(__file__)
NAMED = tomllib.loads((HERE.parent / "elsewhere" / "packs.toml").read_text())
CHECKOUT = HERE.parents[2]
CATALOGUE = [*(f"N{number:02}" for number in range(1, 21)), *(f"R{n:02}" for n in range(1, 23))]
NEEDED_TO_PUBLISH = {
    "emergency-text", "owner-team", "all-languages", "review-ahead", "legal-basis", "link-domain",
    "no-health-detail",
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["made_by"])
def test_a_bad_input_has_the_outcome_stated(row):
    made = list(getattr(pack_rows, row["made_by"])())

    assert made
    for outcome, said in made:
        assert (outcome, row["says"].lower() in said.lower()) == (row["outcome"], True), said


def test_every_row_about_forms_and_rules_names_its_tests():
    assert NAMED.keys() == {*CATALOGUE, *NEEDED_TO_PUBLISH}


@pytest.mark.parametrize("row", NAMED)
def test_each_test_that_a_row_names_is_there(row):
    assert NAMED[row]
    for named in NAMED[row]:
        file, _, function = named.partition("::")
        function, _, case = function.partition("[")
        text = (CHECKOUT / file).read_text()
        assert f"def {function}(" in text, named
        assert case.rstrip("]") in text, named


def test_every_row_that_is_made_here_is_in_the_catalogue():
    assert {row["id"] for row in ROWS} <= set(CATALOGUE)
