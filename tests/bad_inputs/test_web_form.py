"""Every row of web_form.toml that this service meets has the outcome that is stated there."""

import tomllib
from pathlib import Path

import pytest

from tests.bad_inputs import web_requests, web_rows

pytestmark = pytest.mark.django_db

ROWS = tomllib.loads(Path(__file__).with_name("web_form.toml").read_text())["row"]
MET = [row for row in ROWS if row["status"] == "met"]
WAITS = ("p11",)  # moves the clock of the service, so it is committed as it goes


def check(row, *arranged):
    made_by = getattr(web_rows, row["made_by"], None) or getattr(web_requests, row["made_by"])
    for outcome, said in made_by(*arranged):
        assert (outcome, row["says"].lower() in said.lower()) == (row["outcome"], True), said


@pytest.mark.parametrize(
    "row", [row for row in MET if row["made_by"] not in WAITS], ids=lambda row: row["made_by"]
)
def test_a_bad_input_has_the_outcome_stated(row, worker):
    check(row)


@pytest.mark.parametrize(
    "row", [row for row in MET if row["made_by"] in WAITS], ids=lambda row: row["made_by"]
)
def test_a_bad_input_over_hours_has_the_outcome_stated(row, worker_committing, administrator):
    check(row, administrator)


def test_every_row_of_the_catalogue_for_the_form_is_listed():
    assert {row["id"] for row in ROWS} == {f"P{number:02}" for number in range(1, 29)}


def test_every_row_that_is_not_met_says_why():
    assert all(row.get("because") for row in ROWS if row["status"] == "later")
