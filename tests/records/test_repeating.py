"""A run asked again of the records of an earlier day."""

from datetime import timedelta

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.cohorts import engine
from openprotect.records import history, queries
from tests.cohorts.given import codes, rules
from tests.records.conftest import EVENTS_HEADER, NOON, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

NUMBERS = [synthetic_number(f"somebody {at}") for at in range(20)]
RULES = rules(codes("dm"))


@pytest.fixture
def bring(take_in, csv_file):
    """Everybody's whole record: who has a diagnosis, since when, under which name."""

    def run(turn, *, at):
        people = [
            f"{number},Ames{'x' * turn},1950-04-03,female,D8200{(place + turn // 4) % 3}"
            for place, number in enumerate(NUMBERS)
        ]
        events = [
            f"{number},73211009,snomed,2019-02-{turn + 1:02}"
            for place, number in enumerate(NUMBERS)
            if (place + turn) % 3 == 0
        ]
        return take_in(
            csv_file(*people),
            csv_file(*events, name="events.csv", header=EVENTS_HEADER),
            synthetic=True,
            at=at,
        )

    return run


@pytest.mark.slow
def test_a_run_repeated_after_ten_later_imports_finds_the_same_people(bring, tmp_path):
    folder = tmp_path / "lake"
    bring(0, at=NOON)
    first = engine.find(RULES, queries.present_store(folder), TODAY)
    for turn in range(1, 11):
        bring(turn, at=NOON + timedelta(days=turn))

    now = engine.find(RULES, queries.present_store(folder), TODAY)
    again = engine.find(RULES, history.store_at(folder, NOON + timedelta(hours=12)), TODAY)

    assert first.found_count == 7
    assert again.digest == first.digest
    assert now.digest != first.digest
