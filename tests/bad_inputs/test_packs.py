"""Every row of packs.toml has the outcome that is stated there."""

import tomllib
from pathlib import Path

import pytest

from tests.bad_inputs import pack_rows

ROWS = tomllib.loads(Path(__file__).with_name("packs.toml").read_text())["row"]
# R08, R10 and R21 need the life of a pack: tests/programmes and tests/packs/test_replaying.py.
# R15 to R17 and R22 are about campaigns and runs.
HERE = {"R08", "R10", "R21", "R15", "R16", "R17", "R22"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["made_by"])
def test_a_bad_input_has_the_outcome_stated(row):
    made = list(getattr(pack_rows, row["made_by"])())

    assert made
    for outcome, said in made:
        assert (outcome, row["says"].lower() in said.lower()) == (row["outcome"], True), said


def test_every_row_of_the_catalogue_for_rules_is_listed_here_or_elsewhere():
    assert {row["id"] for row in ROWS} | HERE == {f"R{number:02}" for number in range(1, 23)}
