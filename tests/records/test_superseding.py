"""NHS numbers that replace others: read as one person, and given back exactly when parted."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprotect.base.nhs_number import synthetic_number
from openprotect.records import actions, queries
from openprotect.records.rules import superseding
from openprotect.records.rules.superseding import BadSupersession
from tests.records.conftest import EVENTS_HEADER, NOON, counts
from tests.records.rows import ANN, decided, incoming, outcomes, rows_of

NUMBERS = "abcdef"
pairs = st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), max_size=5)


def all_that_hold(wanted):
    known = {}
    for old, new in wanted.items():
        try:
            known = superseding.join(known, old, new)
        except BadSupersession:
            continue
    return known


@given(pairs, st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
def test_joining_and_parting_again_changes_nothing(wanted, old, new):
    known = all_that_hold(wanted)
    try:
        joined = superseding.join(known, old, new)
    except BadSupersession:
        return

    assert old in known or superseding.part(joined, [old]) == known


@given(pairs)
def test_every_number_leads_to_one_that_nothing_replaces(wanted):
    known = all_that_hold(wanted)

    assert all(new not in known for new in superseding.current(known).values())


def test_numbers_that_replace_one_another_are_refused():
    with pytest.raises(BadSupersession, match="replace one another"):
        superseding.join({"a": "b", "b": "c"}, "c", "a")
    with pytest.raises(BadSupersession, match="by another one already"):
        superseding.join({"a": "b"}, "a", "c")


def test_a_known_person_under_the_number_that_replaced_theirs_is_not_held():
    old, new = ANN, "4010232137"
    row = incoming(rows_of([(replace(ANN, nhs_number=new), (None, ""))]))
    asked = row.set_column(row.schema.get_field_index("asked"), "asked", pa.array([ANN.nhs_number]))

    sql = decided(asked, known=[old])

    assert outcomes(sql) == [(0, "added", "")]
    assert sql.sql("SELECT old, new FROM joined").fetchall() == [(ANN.nhs_number, new)]


OLD, NEW, OTHER, THIRD = sorted(synthetic_number(f"superseded {at}") for at in range(4))
PEOPLE = [
    f"{OLD},Ames,1950-04-03,female,D82001",
    f"{NEW},Ames,1950-04-04,female,D82002",
    f"{OTHER},Bell,1961-05-04,male,D82002",
]
EVENTS = [
    f"{number},195967001,snomed,2019-02-0{at}" for at, number in enumerate((OLD, NEW, OTHER), 1)
]


def said(folder, query):
    here = queries.present_lake(folder)
    with duckdb.connect() as sql:
        return sql.sql(query.format(people=here.live_people, events=here.live_events)).fetchall()


@pytest.fixture
def folder(take_in, csv_file, tmp_path):
    events = csv_file(*EVENTS, name="events.csv", header=EVENTS_HEADER)
    assert counts(take_in(csv_file(*PEOPLE), events, synthetic=True)) == {"added": 3}
    return tmp_path / "lake"


@pytest.mark.django_db
@pytest.mark.import_role
def test_what_came_under_the_old_number_is_read_under_the_new_one(folder):
    actions.supersede([(OLD, NEW)], folder=folder, by="bea", at=NOON)

    assert [row[0] for row in said(folder, "SELECT nhs_number FROM ({people}) ORDER BY 1")] == [
        NEW,
        OTHER,
    ]
    assert said(folder, "SELECT nhs_number, count(*) FROM ({events}) GROUP BY 1 ORDER BY 1") == [
        (NEW, 2),
        (OTHER, 1),
    ]


@pytest.mark.django_db
@pytest.mark.import_role
def test_parting_them_gives_back_exactly_what_was_read_before(folder):
    everything = (
        "SELECT p.*, e.* FROM ({people}) p JOIN ({events}) e USING (nhs_number) ORDER BY ALL"
    )
    before = said(folder, everything)
    joined = actions.supersede([(OLD, NEW)], folder=folder, by="bea", at=NOON)
    assert said(folder, everything) != before

    actions.supersede([], parted=[OLD], folder=folder, by="cy", at=NOON)

    assert said(folder, everything) == before
    assert (joined.source, joined.counts.get().kind) == ("identity", "identities")
    assert actions.supersede([], parted=[OLD], folder=folder, by="cy", at=NOON) is None


@pytest.mark.django_db
@pytest.mark.import_role
def test_they_can_be_parted_although_more_came_in_under_both_numbers(folder, take_in, csv_file):
    actions.supersede([(OLD, NEW)], folder=folder, by="bea", at=NOON)

    more = [PEOPLE[0].replace("Ames", "Amis"), PEOPLE[1].replace("D82002", "D82003")]
    assert counts(take_in(csv_file(*more), synthetic=True)) == {"changed": 2}
    actions.supersede([], parted=[OLD], folder=folder, by="cy", at=NOON)

    found = said(folder, "SELECT family, practice_code FROM ({people}) ORDER BY nhs_number")
    assert found == [("Amis", "D82001"), ("Ames", "D82003"), ("Bell", "D82002")]


@pytest.mark.django_db
@pytest.mark.import_role
def test_a_death_said_under_the_old_number_holds(folder, take_in, csv_file):
    header = "nhs_number,family_name,birth_date,sex,practice_code,deceased"
    take_in(csv_file(PEOPLE[0] + ",yes", header=header), synthetic=True)
    actions.supersede([(OLD, NEW)], folder=folder, by="bea", at=NOON)

    assert said(folder, "SELECT nhs_number, deceased FROM ({people}) ORDER BY 1") == [
        (NEW, True),
        (OTHER, False),
    ]


@pytest.mark.django_db
@pytest.mark.import_role
def test_where_only_the_old_number_is_known_the_person_is_shown_under_the_current_one(folder):
    actions.supersede([(OLD, NEW), (NEW, THIRD)], folder=folder, by="bea", at=NOON)

    numbers = said(folder, "SELECT nhs_number FROM ({people}) ORDER BY 1")
    assert numbers == [(OTHER,), (THIRD,)]
    assert (
        pq.read_metadata(queries.present_lake(folder).folder / "superseded.parquet").num_rows == 2
    )
