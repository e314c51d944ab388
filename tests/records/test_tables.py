"""The agreed tables, one by one, and that Parquet says what CSV says."""

import csv
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openprotect.records.rules import risk_list
from openprotect.records.rules.reasons import FileRefused
from tests.records.conftest import EVENTS_HEADER, HEADER, counts

ANN, BOB, CAT, STRANGER = "4505577104", "4010232137", "4505577112", "4010232153"
PEOPLE = f"{HEADER},mobile,registered_on,deceased,opted_out,email,lsoa"
ROWS = [
    f"{ANN},Ames,1950-04-03,female,D82001,07700 900123,2019-01-01,no,,ann@example.org,E01026419",
    f"{BOB},Bell,1961-05-04,male,D82002,01632 960123,,,yes,Bob <b@x.uk>,",
    f"{BOB},Bell,1961-05-04,male,D82002,01632 960123,,,yes,Bob <b@x.uk>,",
    "1234567890,Cole,1950-04-03,male,D82001,,,,,,",
    ",Dale,1950-04-03,male,D82001,,,,,,",
    f"{CAT},Rene\u0301\u200b,1900-01-01,female,D82001,,,,,,",
    "4505577120,Egg,2031-01-01,female,D82001,,,,,,",
    "4505577139,Fox,1950-04-03,x,D82001,,,,,,",
    "4505577147,Gee,1950-04-03,female,D82001,999,,,,,",
    "4505577155,Hay,1950-02-31,female,D82001,,,,,,",
    "4505577163,Ivy,1950-04-03,female,D82001,,,perhaps,,,",
    "4505577171,,1950-04-03,female,D82001,,,,,,nowhere",
]  # fmt: skip
EVENTS = f"{EVENTS_HEADER},value,unit,event_id,setting"
FACTS = [
    f"{ANN},195967001,snomed,2019-02-01,,,1,gp",
    f"{ANN},195967001,snomed,2019-02-01,,,1,gp",
    f"{ANN},195967002,snomed,2019-02-01,,,2,",
    f"{ANN},27113001,SNOMED,2019-02-01,700,kg,3,",
    f"{ANN},27113001,snomed,2019-02-01,70,lb,4,",
    f"{ANN},27113001,snomed,2019-02-01,70.5,kg,5,hospital",
    f"{ANN},e11.9,ICD-10,2019-02-01,,,6,hospital",
    f"{BOB},195967001,emis,2019-02-01,,,7,",
    f"{BOB},195967001,snomed,2031-02-01,,,8,",
    f"{BOB},195967001,snomed,,,,9,",
    f"{BOB},195967001,snomed,2019-02-01,,,10,elsewhere",
    f"{BOB},195967001,snomed,2019-02-01,,,11,social",
    f"{STRANGER},195967001,snomed,2019-02-01,,,12,",
]


def as_parquet(path, typed=()):
    """The same rows as Parquet: empty ones null, and days and numbers as themselves."""
    rows = list(csv.DictReader(path.read_text().splitlines()))
    columns = {name: [row[name] or None for row in rows] for name in rows[0]}
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    for name, kind in typed:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(kind))
    made = path.with_suffix(".parquet")
    pq.write_table(table, made)
    return made


@pytest.fixture
def tables(csv_file):
    return (
        csv_file(*ROWS, header=PEOPLE),
        csv_file(*FACTS, name="events.csv", header=EVENTS),
    )


TYPED = ([("registered_on", pa.date32())], [("value", pa.float64()), ("event_id", pa.int64())])


@pytest.mark.parametrize("typed", [((), ()), TYPED], ids=["as text", "as days and numbers"])
def test_parquet_is_read_as_csv_is(read, tables, typed):
    from_csv = read(*tables)

    made = [as_parquet(path, kinds) for path, kinds in zip(tables, typed, strict=True)]
    from_parquet = read(*made)

    for kind in ("people", "events"):
        said, other = (
            [{**row, "file": "", "row": 0} for row in getattr(each, kind)]
            for each in (from_csv, from_parquet)
        )
        assert said == other
    assert from_csv.extract.misshapen == from_parquet.extract.misshapen == 4


@pytest.mark.django_db
@pytest.mark.import_role
def test_parquet_after_csv_changes_nothing(take_in, tables):
    first = take_in(*tables)

    again = take_in(*[as_parquet(path) for path in tables])

    assert counts(first) == {"added": 2, "duplicate": 1, "held": 2, "rejected": 7}
    assert counts(again) == {"unchanged": 2, "duplicate": 1, "held": 2, "rejected": 7}
    assert counts(again, "events") == {
        "unchanged": 3, "duplicate": 1, "held": 2, "rejected": 7,
    }  # fmt: skip


def test_every_fault_of_a_row_has_its_reason(read, tables):
    found = read(*tables)

    assert found.outcomes("people") == [
        ("", ""), ("", ""), ("", ""),
        ("rejected", "nhs-number-check"), ("held", "identity"), ("held", "birth-date-filler"),
        ("rejected", "birth-date-future"), ("rejected", "sex"), ("rejected", "phone"),
        ("rejected", "date-unreadable"), ("rejected", "yes-no"), ("rejected", "lsoa"),
    ]  # fmt: skip
    assert found.outcomes() == [
        ("", ""), ("", ""), ("rejected", "code"), ("held", "value-implausible"), ("held", "unit"),
        ("", ""), ("", ""), ("rejected", "code-system"), ("rejected", "event-future"),
        ("rejected", "event-date"), ("rejected", "setting"), ("rejected", "setting-basis"),
        ("", ""),
    ]  # fmt: skip


def test_a_rejected_row_keeps_nothing_of_what_it_said(read, tables):
    rejected = [row for row in read(*tables).people if row["outcome"] == "rejected"]

    kept = {"who", "file", "row", "outcome", "reason", "notes", "asked", "partial"}
    assert all(row[name] in (None, "") for row in rejected for name in row.keys() - kept)


def test_a_held_row_without_a_number_keeps_the_rest(read, tables):
    (held,) = [row for row in read(*tables).people if row["reason"] == "identity"]

    assert (held["family"], held["nhs_number"], held["who"]) == ("Dale", "", "")


# --- registrations ---

REGISTERED = "nhs_number,practice_code,registered_on,left_on"


def test_the_newest_registration_is_taken_into_the_persons_row(read, csv_file):
    people = csv_file(f"{ANN},Ames,1950-04-03,female", header=HEADER.replace(",practice_code", ""))
    registered = csv_file(
        f"{ANN},D82001,2001-05-01,2010-04-30",
        f"{ANN},D82002,2010-05-01,",
        f"{BOB},D82001,2010-05-01,",
        f"{ANN},D82001,,",
        name="registrations.csv",
        header=REGISTERED,
    )

    found = read(people, registered)

    (ann,) = [row for row in found.people if row["nhs_number"] == ANN]
    assert (ann["practice_code"], ann["registered_on"]) == ("D82002", date(2010, 5, 1))
    assert sorted(found.outcomes("people")) == [
        ("", ""),
        ("duplicate", "registration"),
        ("duplicate", "registration"),
        ("rejected", "person-not-in-import"),
        ("rejected", "registration-date"),
    ]


def test_two_registrations_of_one_day_hold_their_person(read, csv_file):
    registered = csv_file(
        f"{ANN},D82001,2010-05-01,",
        f"{ANN},D82002,2010-05-01,",
        name="registrations.csv",
        header=REGISTERED,
    )

    found = read(csv_file(f"{ANN},Ames,1950-04-03,female,D82003"), registered)

    assert found.outcomes("people") == [("held", "same-number-two-practices")] * 3


def test_registrations_need_their_people(read, csv_file):
    with pytest.raises(FileRefused, match="registrations without the people"):
        read(csv_file(f"{ANN},D82001,2010-05-01,", header=REGISTERED))


# --- facts ---


@pytest.fixture
def facts(read, csv_file):
    """The events of one table beside Ann's own row."""

    def run(header, *rows, **options):
        people = csv_file(f"{ANN},Ames,1950-04-03,female,D82001")
        return read(people, csv_file(*rows, name="facts.csv", header=header), **options).events

    return run


def test_medicines_are_of_the_dictionary_unless_another_system_is_named(facts):
    first, second = facts(
        "nhs_number,dmd_code,issued_on,medicine,quantity,unit,system",
        f"{ANN},28798211000001102,2020-03-01,Pevanti 2.5mg tablets,28,tablet,",
        f"{ANN},309362,2020-03-01,Clopidogrel,,,rxnorm",
    )

    assert (first["system"], first["code"]) == ("dmd", "28798211000001102")
    assert (first["kind"], first["setting"], first["value"]) == ("medication", "gp", 28.0)
    assert (second["system"], second["outcome"]) == ("rxnorm", "")


def test_codes_of_one_admission_carry_its_id_and_day(facts):
    rows = facts(
        "nhs_number,episode_id,admission_date,code,system",
        f"{ANN},A1,2020-03-01,J44.1,ICD-10",
        f"{ANN},A1,2020-03-01,E85.1,OPCS-4",
        f"{ANN},,2020-03-01,J44.1,ICD-10",
    )

    assert [(row["episode"], row["setting"], row["code"]) for row in rows[:2]] == [
        ("A1", "hospital", "J441"),
        ("A1", "hospital", "E851"),
    ]
    assert (rows[2]["outcome"], rows[2]["reason"]) == ("rejected", "episode-missing")


SOCIAL = ("nhs_number,code,system,assessed_on", f"{ANN},105529008,snomed,2020-03-01")


def test_social_care_is_refused_without_a_basis_of_its_own(facts):
    with pytest.raises(FileRefused, match="OPENPROTECT_SOCIAL_CARE_BASIS"):
        facts(*SOCIAL)


def test_social_care_is_taken_where_it_has_one(facts):
    (row,) = facts(*SOCIAL, permitted=frozenset({"social"}))

    assert (row["setting"], row["kind"], row["outcome"]) == ("social", "social care", "")


def test_a_score_is_kept_with_its_model_version_and_what_it_lacked(read, csv_file):
    found = read(
        csv_file(
            f"{ANN},QCovid,4,0.37,2021-02-15,bmi ethnicity",
            f"{ANN},qcovid,4,,2021-02-15,",
            f"{ANN},q covid!,4,0.1,2021-02-15,",
            name="scores.csv",
            header="nhs_number,model,version,value,scored_on,inputs_missing",
        )
    )

    score = found.events[0]
    assert (score["system"], score["code"], score["value"]) == ("score", "qcovid 4", 0.37)
    assert score["term"] == "inputs missing: bmi ethnicity"
    assert found.outcomes()[1:] == [("rejected", "value"), ("rejected", "code")]
    assert (found.extract.source, found.extract.replaces) == ("scores", "nothing")


@pytest.mark.parametrize(
    ("action", "risk", "code"),
    [
        ("add", "high", risk_list.HIGH),
        ("", "Moderate", risk_list.MODERATE),
        ("added", risk_list.LOW, risk_list.LOW),
        ("remove", "", risk_list.LOW),
        ("Remove", "high", risk_list.LOW),
    ],
)
def test_the_risk_list_adds_and_removes_by_dated_codes(read, csv_file, action, risk, code):
    found = read(
        csv_file(
            f"{ANN},{risk},{action},2020-05-07,GP,after review",
            name="spl.csv",
            header="nhs_number,risk_flag,action,event_date,source,reason",
        )
    )

    (flag,) = found.events
    assert (flag["code"], flag["system"], flag["setting"]) == (code, "snomed", "list")
    assert (flag["on"], flag["outcome"]) == (date(2020, 5, 7), "")
    assert flag["term"].endswith("; GP; after review")
    assert (found.extract.source, found.extract.replaces) == ("risk-list", "nothing")


@pytest.mark.parametrize(
    ("action", "risk", "day", "reason"),
    [
        ("add", "", "2020-05-07", "risk"),
        ("add", "very high", "2020-05-07", "risk"),
        ("perhaps", "high", "2020-05-07", "risk-action"),
        ("remove", "", "", "event-date"),
    ],
)
def test_a_flag_that_says_nothing_certain_is_rejected(read, csv_file, action, risk, day, reason):
    header = "nhs_number,risk,action,event_date"
    found = read(csv_file(f"{ANN},{risk},{action},{day}", name="spl.csv", header=header))

    assert found.outcomes() == [("rejected", reason)]


def test_a_list_is_not_imported_among_records(read, csv_file):
    flags = csv_file(f"{ANN},high,2020-05-07", name="spl.csv", header="nhs_number,risk,event_date")

    with pytest.raises(FileRefused, match="risk list beside other tables"):
        read(csv_file(f"{ANN},Ames,1950-04-03,female,D82001"), flags)


# --- headers ---


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("nhs_number,family_name,sex,practice_code", "for people .* lacks birth_date"),
        ("nhs_number,code,date", "for events .* lacks system"),
        ("nhs_number,model,version,scored_on", "for scores .* lacks value"),
        ("nhs_number,admission_id,code,system", "for admissions .* lacks admitted_on"),
        ("nhs_number,family_name,birth_date,sex,practice_code,Sex", "'sex' stands twice"),
    ],
)
def test_a_header_is_refused_by_what_it_lacks(read, csv_file, header, words):
    with pytest.raises(FileRefused, match=words):
        read(csv_file("x", header=header))


def test_parquet_may_declare_what_a_control_line_would(read, tables):
    path = as_parquet(tables[0])
    table = pq.read_table(path)
    said = {b"openprotect": b"rows=12 extract-on=2026-11-01 whole=yes"}
    pq.write_table(table.replace_schema_metadata(said), path)

    extract = read(path).extract

    assert (extract.extract_on, extract.is_whole) == (date(2026, 11, 1), True)


def test_parquet_that_declares_another_count_is_refused(read, tables):
    path = as_parquet(tables[0])
    table = pq.read_table(path).replace_schema_metadata({b"openprotect": b"rows=13"})
    pq.write_table(table, path)

    with pytest.raises(FileRefused, match="13 rows declared, 12 found"):
        read(path)


def test_a_value_in_parquet_that_no_text_could_hold_is_rejected(read, tmp_path):
    rows = {name: ["x"] * 2 for name in HEADER.split(",")}
    rows["family_name"] = ["A\x00", "B" * 131_073]
    path = Path(tmp_path, "people.parquet")
    pq.write_table(pa.table(rows), path)

    assert read(path).outcomes("people") == [("rejected", "nul"), ("rejected", "long-field")]
