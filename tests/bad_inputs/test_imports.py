"""Every row of imports.toml that this service meets has the outcome that is stated there."""

import tomllib
from pathlib import Path

import pytest

from openprotect.cli.telling import told
from openprotect.records import queries
from openprotect.records.rules.reasons import FileRefused
from tests.bad_inputs import csv_rows, fhir_rows, parquet_rows
from tests.bad_inputs.making import Maker

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

ROWS = tomllib.loads(Path(__file__).with_name("imports.toml").read_text())["row"]
MAKERS = {**vars(csv_rows), **vars(parquet_rows), **vars(fhir_rows)}
MET = [row for row in ROWS if row["status"] == "met"]


def outcome_of(take_in, paths, options):
    """What became of one extract, in the catalogue's words, and all that was said about it."""
    try:
        taken = take_in(*paths, **options)
    except FileRefused as refusal:
        return "REFUSE FILE", str(refusal)
    said = "\n".join(told(taken.changeset, taken.refused))
    if taken.changeset.stops or sum(each.held for each in taken.counts):
        return "HOLD", said
    return ("REJECT ROW" if sum(each.rejected for each in taken.counts) else "ACCEPT"), said


@pytest.mark.parametrize("row", MET, ids=lambda row: row["made_by"])
def test_a_bad_input_has_the_outcome_stated(row, take_in, tmp_path):
    made_by = MAKERS[row["made_by"]]

    for paths, options in made_by(Maker(tmp_path, take_in)):
        outcome, said = outcome_of(take_in, paths, options)

        assert (outcome, row["says"].lower() in said.lower()) == (row["outcome"], True), said
        if "person" in row:
            lake = queries.present_lake(tmp_path / "lake")
            (person,) = queries.demographics(lake, [row["number"]])
            assert {key: getattr(person, key) for key in row["person"]} == row["person"]


def test_every_row_of_the_catalogue_for_imports_is_listed():
    listed = {row["id"] for row in ROWS}
    wanted = {
        *(f"C{number:02}" for number in range(1, 58)),
        *(f"Q{number:02}" for number in range(1, 13)),
        *(f"F{number:02}" for number in range(1, 28)),
    }

    assert listed == wanted
