import uuid
from datetime import date

import duckdb
import pytest

from openprotect.records import lake, store
from openprotect.records.lake import LakeDamaged
from openprotect.records.rules.values import Event, Person
from openprotect.records.store import StoreDamaged

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


def test_a_code_keeps_the_first_of_its_terms_that_says_something(generation):
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


def test_a_generation_without_a_store_is_said_to_have_none(tmp_path):
    with pytest.raises(StoreDamaged, match="No store of"):
        store.open_store(tmp_path, uuid.uuid4())
