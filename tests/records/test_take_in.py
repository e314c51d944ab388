import json

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from openprotect.records import actions, lake, queries
from openprotect.records.actions.reviewing import LakeMoved, NeedsAnother
from openprotect.records.models import Changeset, ChangesetCount
from openprotect.records.readers.csv_text import Declared
from tests.records.conftest import EVENTS_HEADER, NOON, counts

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

ANN = "4505577104,Ames,1950-04-03,female,D82001"
BOB = "4010232137,Bell,1961-05-04,male,D82002"
ASTHMA = "4505577104,195967001,snomed,2019-02-01"
CHD = "4505577104,53741008,snomed,2018-01-31"


def test_every_row_has_one_outcome(take_in, csv_file):
    taken = take_in(csv_file(ANN, ANN, BOB, "1234567890,Cole,1950-04-03,male,D82001"))

    assert counts(taken) == {"added": 2, "duplicate": 1, "rejected": 1}
    assert queries.import_totals() == (4, 4)


def test_the_same_file_again_changes_nothing(take_in, csv_file):
    people = csv_file(ANN, BOB)
    events = csv_file(ASTHMA, CHD, name="events.csv", header=EVENTS_HEADER)
    first = take_in(people, events)

    again = take_in(people, events)

    assert counts(again) == {"unchanged": 2}
    assert counts(again, "events") == {"unchanged": 2}
    assert again.changeset.generation == first.changeset.generation


def test_an_import_replaces_the_events_of_the_people_in_it(take_in, csv_file, tmp_path):
    people = csv_file(ANN, BOB)
    take_in(people, csv_file(ASTHMA, CHD, name="events.csv", header=EVENTS_HEADER))

    taken = take_in(csv_file(ANN), csv_file(CHD, name="events.csv", header=EVENTS_HEADER))

    assert counts(taken, "events") == {"unchanged": 1}
    assert [each.removed for each in taken.counts] == [0, 1]
    assert queries.present_lake(tmp_path / "lake").rows["people.parquet"] == 2


def test_nobody_leaves_by_being_absent(take_in, csv_file, tmp_path):
    take_in(csv_file(ANN, BOB))

    take_in(csv_file(ANN.replace("Ames", "Amis")))

    here = queries.present_lake(tmp_path / "lake")
    found = list(queries.demographics(here, ["4505577104", "4010232137"]))
    assert [person.family for person in found] == ["Bell", "Amis"]


def test_events_of_people_not_taken_are_not_taken_either(take_in, csv_file):
    stranger = "4010232137,195967001,snomed,2019-02-01"

    taken = take_in(
        csv_file(ANN), csv_file(ASTHMA, stranger, name="events.csv", header=EVENTS_HEADER)
    )

    assert counts(taken, "events") == {"added": 1, "rejected": 1}
    assert taken.changeset.reasons == {"events rejected: person-not-in-import": 1}


def test_a_damaged_lake_is_found_before_it_is_used(take_in, csv_file, tmp_path):
    taken = take_in(csv_file(ANN))
    path = lake.folder_of(tmp_path / "lake", taken.changeset.generation) / lake.PEOPLE
    path.write_bytes(path.read_bytes()[:-5] + b"x" * 5)

    with pytest.raises(lake.LakeDamaged, match=r"people\.parquet .* was changed"):
        queries.present_lake(tmp_path / "lake")


def test_a_missing_file_of_the_lake_is_found_before_it_is_used(take_in, csv_file, tmp_path):
    taken = take_in(csv_file(ANN))
    (lake.folder_of(tmp_path / "lake", taken.changeset.generation) / lake.PEOPLE).unlink()

    with pytest.raises(lake.LakeDamaged, match="missing or cut"):
        queries.present_lake(tmp_path / "lake")


def test_a_held_import_takes_nothing_until_another_person_approves(take_in, csv_file, tmp_path):
    take_in(csv_file(ANN), declared=Declared(extract_on="2026-11-01"), source="gp")
    held = take_in(csv_file(ANN, BOB), declared=Declared(extract_on="2025-11-01"), source="gp")
    assert held.changeset.needs_another
    assert queries.present_lake(tmp_path / "lake").rows["people.parquet"] == 1

    with pytest.raises(NeedsAnother):
        actions.approve(held.changeset, folder=tmp_path / "lake", by="ann", at=NOON)
    actions.approve(held.changeset, folder=tmp_path / "lake", by="bea", at=NOON)

    assert queries.present_lake(tmp_path / "lake").rows["people.parquet"] == 2


def test_a_held_import_is_not_approved_when_the_records_have_changed(take_in, csv_file, tmp_path):
    take_in(csv_file(ANN), declared=Declared(extract_on="2026-11-01"), source="gp")
    held = take_in(csv_file(ANN, BOB), declared=Declared(extract_on="2025-11-01"), source="gp")
    take_in(csv_file(ANN.replace("Ames", "Amis")))

    with pytest.raises(LakeMoved):
        actions.approve(held.changeset, folder=tmp_path / "lake", by="bea", at=NOON)


def test_the_tables_of_imports_hold_nobody(take_in, csv_file):
    take_in(csv_file(ANN, "4010232137,Canary,2150-04-03,male,D82001"))

    written = json.dumps(list(Changeset.objects.values()), default=str)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, ' ') FROM records_changesetproblem p")
        written += cursor.fetchone()[0]

    assert "Canary" not in written
    assert "4010232137" not in written


def test_held_rows_wait_beside_the_lake(take_in, csv_file, tmp_path):
    taken = take_in(csv_file(",Dale,1950-04-03,male,D82001", ANN))

    waiting = lake.folder_of(tmp_path / "lake", taken.changeset.id) / lake.HELD
    assert counts(taken) == {"added": 1, "held": 1}
    assert waiting.exists()


def test_the_database_refuses_an_equation_that_is_off(take_in, csv_file):
    taken = take_in(csv_file(ANN))

    with pytest.raises(IntegrityError, match="changeset_rows_balance"):
        ChangesetCount.objects.filter(changeset=taken.changeset, kind="people").update(rows=7)
