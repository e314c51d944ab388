import json
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pyarrow.parquet as pq
import pytest

from openprotect.records import lake, reference, store
from openprotect.records.lake import LakeDamaged
from openprotect.records.reference import Area
from openprotect.records.rules.values import Event, Person
from openprotect.records.store import StoreDamaged
from tests.records.conftest import NOON

ANN = Person(
    "4505577104", birth_date=date(1950, 2, 28), sex="female", practice_code="D82001", source="gp",
    opted_out=True, care_home=False,
)  # fmt: skip
BOB = Person("4010232137", sex="other", source="gp", deceased=True)
ASTHMA = Event(ANN.nhs_number, "diagnosis", "195967001", "snomed", "Asthma", date(2020, 2, 27))
FEV1 = Event(
    BOB.nhs_number, "observation", "19926-5", "loinc", "FEV1", date(2020, 3, 1), 2.5, "L", "lab"
)
STAY = Event(
    ANN.nhs_number, "admission", "J45", "icd10", "", date(2020, 2, 28), source="sus",
    setting="hospital", episode="stay 1",
)  # fmt: skip


@pytest.fixture
def generation(tmp_path):
    def write(people, events):
        return lake.write_generation(tmp_path / "lake", uuid.uuid4(), people, events)

    return write


def rows(built, query):
    with duckdb.connect(str(built.database), read_only=True) as sql:
        return sql.execute(query).fetchall()


def test_events_lie_sorted_by_code_as_numbers_with_the_age_on_the_day(generation):
    built = store.build(generation([ANN, BOB], [FEV1, ASTHMA, STAY]))

    found = rows(
        built,
        'SELECT c.system, c.written, p.nhs_number, "on", value, u.name, s.name, setting, episode,'
        " age"
        " FROM coded e JOIN codes c USING (code) JOIN people p USING (person)"
        " JOIN units u USING (unit) JOIN sources s ON s.source = e.source ORDER BY e.rowid",
    )
    assert found == [
        ("icd10", "J45", ANN.nhs_number, STAY.on, None, "", "sus", 2, 1, 70),
        ("loinc", "19926-5", BOB.nhs_number, FEV1.on, 2.5, "L", "lab", 0, 0, 0),
        ("snomed", "195967001", ANN.nhs_number, ASTHMA.on, None, "", "", 0, 0, 69),
    ]


def test_people_are_numbered_in_order_of_their_nhs_numbers(generation):
    built = store.build(generation([ANN, BOB], []))

    found = rows(
        built,
        "SELECT person, nhs_number, born, sex, r.code, is_dead, objected, care_home, decile"
        " FROM people JOIN practices r USING (practice) ORDER BY people.rowid",
    )
    assert found == [
        (0, BOB.nhs_number, None, 9, "", True, False, None, 0),
        (1, ANN.nhs_number, ANN.birth_date, 2, "D82001", False, True, False, 0),
    ]


def test_a_code_keeps_a_term_that_says_something(generation):
    silent = Event(BOB.nhs_number, "diagnosis", "195967001", "snomed", "", date(2020, 2, 27))

    built = store.build(generation([ANN, BOB], [silent, ASTHMA]))

    assert rows(built, "SELECT * FROM codes") == [(0, "snomed", "195967001", "Asthma")]


def test_events_of_somebody_who_is_not_there_stop_the_build(generation):
    delivered = generation([ANN], [ASTHMA, FEV1])

    with pytest.raises(LakeDamaged, match="events of people who are not in it"):
        store.build(delivered)

    assert [path.name for path in delivered.folder.iterdir() if "store" in path.name] == []


def test_a_store_is_built_when_it_is_asked_for_and_then_kept(generation):
    delivered = generation([ANN, BOB], [ASTHMA])

    first = store.ready_store(delivered.folder.parent, delivered.id)
    written = first.database.stat().st_mtime_ns
    again = store.ready_store(delivered.folder.parent, delivered.id)

    assert again == first
    assert again.database.stat().st_mtime_ns == written


def test_a_cut_store_is_refused_and_built_again_by_whoever_needs_it(generation):
    delivered = generation([ANN, BOB], [ASTHMA])
    whole = store.build(delivered)
    whole.database.write_bytes(whole.database.read_bytes()[:-1])

    with pytest.raises(StoreDamaged, match="missing or cut"):
        store.open_store(delivered.folder.parent, delivered.id)

    again = store.ready_store(delivered.folder.parent, delivered.id)
    assert rows(again, "SELECT count(*) FROM coded") == [(1,)]


def test_deciles_come_from_the_table_of_areas_in_use(generation):
    delivered = generation([replace(ANN, lsoa="E01026419"), replace(BOB, lsoa="E01099999")], [])
    folder = delivered.folder.parent
    store.ready_store(folder, delivered.id)
    reference.keep_deprivation(folder, [Area("E01026419", 5)], name="imd-2019.csv", at=NOON)

    after = store.ready_store(folder, delivered.id)

    assert rows(after, "SELECT decile FROM people ORDER BY person") == [(0,), (5,)]


def test_a_run_of_an_earlier_day_uses_the_deprivation_of_that_day(generation):
    delivered = generation([replace(ANN, lsoa="E01026419")], [])
    folder = delivered.folder.parent
    for decile, at in ((5, NOON), (6, NOON + timedelta(days=7))):
        reference.keep_deprivation(folder, [Area("E01026419", decile)], name="imd", at=at)

    then = store.ready_store(folder, delivered.id, at=NOON + timedelta(days=1))

    assert rows(then, "SELECT decile FROM people") == [(5,)]


def test_an_evidence_store_has_the_wanted_codes_and_fetches_those_that_are_new(generation):
    whole = store.build(generation([ANN, BOB], [FEV1, ASTHMA, STAY]))

    first = store.evidence_store(whole, [2])
    same = store.evidence_store(whole, [2])
    more = store.evidence_store(whole, [0, 2])
    fewer = store.evidence_store(whole, [0])

    everything = 'SELECT code, person, "on", episode, age FROM coded'
    assert rows(first, everything) == [each for each in rows(whole, everything) if each[0] == 2]
    assert rows(more, everything) == [each for each in rows(whole, everything) if each[0] != 1]
    assert same == first
    assert fewer == more
    assert rows(more, "FROM people") == rows(whole, "FROM people")


def test_of_evidence_stores_the_last_two_are_left(generation):
    whole = store.build(generation([ANN, BOB], [FEV1, ASTHMA, STAY]))

    made = [store.evidence_store(whole, [*range(number)]) for number in (1, 2, 3)]

    assert [each.database.exists() for each in made] == [False, True, True]


def test_an_evidence_store_of_an_earlier_store_is_made_anew(generation):
    delivered = generation([replace(ANN, lsoa="E01026419")], [ASTHMA])
    folder = delivered.folder.parent
    store.evidence_store(store.ready_store(folder, delivered.id), [0])
    reference.keep_deprivation(folder, [Area("E01026419", 5)], name="imd-2019.csv", at=NOON)

    evidence = store.evidence_store(store.ready_store(folder, delivered.id), [0])

    assert rows(evidence, "SELECT decile FROM people") == [(5,)]


def test_a_table_is_written_as_parquet_when_it_is_asked_for(generation):
    built = store.build(generation([ANN, BOB], [FEV1, ASTHMA]))

    found = pq.read_table(built.parquet("coded")).to_pylist()

    assert [row["code"] for row in found] == [0, 1]
    with pytest.raises(StoreDamaged, match="no table 'secrets'"):
        built.parquet("secrets")


def test_a_changed_byte_of_a_store_is_found_when_it_is_read_whole(generation):
    built = store.build(generation([ANN], [ASTHMA]))
    whole = bytearray(built.database.read_bytes())
    whole[-1] ^= 1
    built.database.write_bytes(whole)

    with pytest.raises(StoreDamaged, match="was changed: build it again"):
        store.check(built)


def test_a_store_is_not_built_from_a_damaged_lake(generation):
    delivered = generation([ANN], [ASTHMA])
    path = delivered.folder / lake.EVENTS
    whole = bytearray(path.read_bytes())
    whole[10] ^= 1
    path.write_bytes(whole)

    with pytest.raises(LakeDamaged, match=r"events\.parquet .* was changed"):
        store.ready_store(delivered.folder.parent, delivered.id)


def test_a_store_of_another_version_is_built_again(generation):
    delivered = generation([ANN], [ASTHMA])
    manifest = store.build(delivered).folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))

    with pytest.raises(StoreDamaged, match="other records or another version"):
        store.open_store(delivered.folder.parent, delivered.id)


@pytest.mark.fault
def test_two_processes_that_need_the_store_at_once_build_it_once(generation):
    delivered = generation([ANN, BOB], [ASTHMA, FEV1, STAY])
    program = (
        "import sys, uuid; from pathlib import Path; from openprotect.records import store;"
        "print(store.ready_store(Path(sys.argv[1]), uuid.UUID(sys.argv[2])).database.stat().st_ino)"
    )
    words = [sys.executable, "-c", program, str(delivered.folder.parent), str(delivered.id)]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    said = {process.communicate()[0] for process in both}

    assert [process.returncode for process in both] == [0, 0]
    assert len(said) == 1


def test_a_generation_without_a_store_is_said_to_have_none(tmp_path):
    with pytest.raises(StoreDamaged, match="has not been built"):
        store.open_store(tmp_path, uuid.uuid4())
