import os
from datetime import timedelta

import pytest

from openprotect.records import actions, queries
from openprotect.records.models import Changeset
from tests.records.conftest import EVENTS_HEADER, NOON

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.import_role,
    pytest.mark.fault,
]
ANN = "4505577104,Ames,1950-04-03,female,D82001"
BOB = "4010232137,Bell,1961-05-04,male,D82002"
MOMENTS = ("before the manifest", "before the commit", "inside the commit")


@pytest.fixture
def import_and_die(born, tmp_path):
    def run(moment, *files):
        return born("tests.records.killed", moment, tmp_path / "lake", *files).close()

    return run


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_import_leaves_the_lake_as_it_was(
    moment, take_in, csv_file, import_and_die, tmp_path
):
    events = csv_file("4505577104,195967001,snomed,2019-02-01", name="e.csv", header=EVENTS_HEADER)
    before = take_in(csv_file(ANN), events).changeset.generation

    assert import_and_die(moment, csv_file(ANN, BOB, "1,x,y,z,q"), events) == 9

    assert queries.present_generation() == before
    assert queries.present_lake(tmp_path / "lake").rows["people.parquet"] == 1
    assert Changeset.objects.count() == 1


def test_the_import_can_be_run_again_and_what_was_left_is_swept(
    take_in, csv_file, import_and_die, tmp_path
):
    people = csv_file(ANN, BOB)
    import_and_die("before the commit", people)
    (left,) = (tmp_path / "lake").iterdir()
    taken = take_in(people)
    long_ago = (NOON - timedelta(days=2)).timestamp()
    for folder in (tmp_path / "lake").iterdir():
        os.utime(folder, (long_ago, long_ago))

    removed = actions.sweep(tmp_path / "lake", at=NOON)

    assert (removed, left.exists()) == (1, False)
    assert queries.present_generation() == taken.changeset.generation
    assert queries.present_lake(tmp_path / "lake").rows["people.parquet"] == 2
