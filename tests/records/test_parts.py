import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openprotect.records import lake, looking, queries
from openprotect.records.lake import LakeDamaged
from tests.records.conftest import EVENTS_HEADER
from tests.records.delivered import PEOPLE, deliver, live
from tests.sizes import size

ANN = "4505577104,Ames,1950-04-03,female,D82001"
BOB = "4010232137,Bell,1961-05-04,male,D82002"
ASTHMA = "4505577104,195967001,snomed,2019-02-01"
CHD = "4010232137,53741008,snomed,2018-01-31"


records = st.dictionaries(
    st.sampled_from(PEOPLE),
    st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["1", "2", "3"]), max_size=3),
    max_size=3,
)
deliveries = st.lists(
    st.tuples(st.sampled_from(["gp", "sus"]), st.booleans(), records), min_size=1, max_size=8
)


@settings(max_examples=size(12, 100), deadline=None)
@given(deliveries)
def test_what_counts_is_what_a_plain_table_would_hold_after_the_same_imports(
    tmp_path_factory, imports
):
    folder, present, plain = tmp_path_factory.mktemp("lake"), None, {}
    for source, is_whole, said in imports:
        if is_whole:
            plain = {key: code for key, code in plain.items() if key[:2] not in {
                (source, number) for number in said
            }}  # fmt: skip
        plain |= {
            (source, who, id_): code for who, rows in said.items() for id_, code in rows.items()
        }
        how = {"records": said} if is_whole else {"added": said}
        present = deliver(folder, present, source, **how)

        assert live(present) == sorted((*key, code) for key, code in plain.items())


@pytest.mark.django_db
@pytest.mark.import_role
def test_an_import_writes_what_it_brings_and_names_the_rest(take_in, csv_file, tmp_path):
    first = take_in(csv_file(ANN, BOB), csv_file(ASTHMA, CHD, name="e.csv", header=EVENTS_HEADER))
    second = take_in(
        csv_file(ANN),
        csv_file(ASTHMA.replace("195967001", "53741008"), name="e.csv", header=EVENTS_HEADER),
    )

    present = queries.present_lake(tmp_path / "lake")

    assert [part.id for part in present.parts] == [
        first.changeset.generation,
        second.changeset.generation,
    ]
    assert [part.rows for part in present.parts] == [2, 1]
    assert [(number, code) for _, number, _, code in live(present)] == [
        ("4010232137", "53741008"),
        ("4505577104", "53741008"),
    ]


@pytest.mark.django_db
@pytest.mark.import_role
def test_a_whole_new_extract_leaves_nothing_of_the_earlier_one(take_in, csv_file, tmp_path):
    take_in(csv_file(ANN), csv_file(ASTHMA, name="e.csv", header=EVENTS_HEADER))
    later = ASTHMA.replace("2019", "2020")
    newer = take_in(csv_file(ANN), csv_file(later, name="e.csv", header=EVENTS_HEADER))

    present = queries.present_lake(tmp_path / "lake")

    assert [part.id for part in present.parts] == [newer.changeset.generation]


def test_an_earlier_generation_still_reads_as_it_did(tmp_path):
    before = deliver(tmp_path, None, "gp", records={PEOPLE[0]: {"x": "1"}})
    deliver(tmp_path, before, "gp", records={PEOPLE[0]: {"x": "2"}})

    again = lake.open_generation(tmp_path, before.id)

    assert live(again) == [("gp", PEOPLE[0], "x", "1")]


def test_a_file_of_an_earlier_part_that_is_gone_is_missed(tmp_path):
    first = deliver(tmp_path, None, "gp", records={PEOPLE[0]: {"x": "1"}})
    second = deliver(tmp_path, first, "sus", records={PEOPLE[0]: {"x": "2"}})
    (first.folder / lake.EVENTS).unlink()

    with pytest.raises(LakeDamaged, match=f"events.parquet of {first.id} is missing or cut"):
        lake.open_generation(tmp_path, second.id)


def test_one_changed_byte_is_found_when_files_are_read_whole(tmp_path):
    generation = deliver(tmp_path, None, "gp", records={PEOPLE[0]: {"x": "1"}})
    path = generation.folder / lake.EVENTS
    whole = bytearray(path.read_bytes())
    whole[10] ^= 1
    path.write_bytes(whole)

    opened = lake.open_generation(tmp_path, generation.id)

    with pytest.raises(LakeDamaged, match=r"events\.parquet .* was changed"):
        lake.check(opened)


def test_a_lake_of_another_version_is_said_to_be_one(tmp_path):
    generation = deliver(tmp_path, None, "gp", records={PEOPLE[0]: {"x": "1"}})
    manifest = generation.folder / lake.MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 1}))

    with pytest.raises(LakeDamaged, match="another version: import the records again"):
        lake.open_generation(tmp_path, generation.id)


@settings(max_examples=size(12, 100), deadline=None)
@given(deliveries)
def test_one_persons_events_are_those_that_the_whole_lake_holds_of_them(tmp_path_factory, imports):
    folder, present = tmp_path_factory.mktemp("lake"), None
    for source, is_whole, said in imports:
        how = {"records": said} if is_whole else {"added": said}
        present = deliver(folder, present, source, **how)

    for number in PEOPLE:
        found = looking.events_of(present, [number])

        expected = [row for row in live(present) if row[1] == number]
        assert sorted((e.source, e.nhs_number, e.source_id, e.code) for e in found) == expected


def test_files_that_cannot_hold_somebody_are_not_opened(tmp_path):
    first = deliver(tmp_path, None, "gp", records={PEOPLE[0]: {"x": "1"}})
    second = deliver(tmp_path, first, "gp", records={PEOPLE[1]: {"x": "2"}})
    (first.folder / lake.EVENTS).unlink()

    assert [event.code for event in looking.events_of(second, [PEOPLE[1]])] == ["2"]
    assert looking.events_of(second, ["9990000018"]) == []
    assert looking.events_of(second, []) == []
