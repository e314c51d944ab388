import zipfile
from datetime import date

import pytest

from openprotect.records.readers import csv_text, reading, sources
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.fhir_person import NHS_NUMBER, row
from openprotect.records.readers.fhir_record import Record
from openprotect.records.readers.reading import Reading
from openprotect.records.readers.sources import JSON, TABLE, Caps
from openprotect.records.rules import codes, dates, text
from openprotect.records.rules.reasons import FileRefused, RowFault
from openprotect.records.rules.values import Position

TODAY = date(2026, 11, 20)


def read_all(path, folder):
    reading.read(Reading([path], "gp", Declared(), TODAY, synthetic=False, folder=folder), folder)


def person_of(**patient):
    given = {
        "id": "p",
        "identifier": [{"system": NHS_NUMBER, "value": "4505577104"}],
        "name": [{"family": "Ames"}],
        "birthDate": "1950-04-03",
    }
    record = Record("b", "gp", TODAY, synthetic=False)
    return row({**given, **patient}, Position("b", 1), record).person


def test_a_folder_gives_its_bundles_archives_and_agreed_tables(tmp_path):
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "people.csv").write_text("x")
    (tmp_path / "index.csv").write_text("x")
    (tmp_path / "notes.md").write_text("x")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("1.json", "{}")
        archive.writestr("2.txt", "x")

    found = sources.find([tmp_path], Caps())

    assert [each.name for each in found.of(JSON)] == ["bundle 1", "z.zip, bundle 1"]
    assert [each.name for each in found.of(TABLE)] == ["index.csv", "people.csv", "z.zip, table 1"]
    assert found.passed_over == ["notes.md"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("nothing", "no such file"), ("empty", "no FHIR record and no table"), ("a.exe", "are read")],
)
def test_what_cannot_be_an_extract_is_refused(tmp_path, name, words):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.exe").write_text("x")

    with pytest.raises(FileRefused, match=words):
        sources.find([tmp_path / name], Caps())


def test_an_archive_that_is_cut_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04cut")

    with pytest.raises(FileRefused, match="cut off"):
        sources.find([tmp_path], Caps())


def test_a_bundle_never_shows_the_name_of_its_file(tmp_path):
    (tmp_path / "Ann_Ames.json").write_text("{}")

    assert sources.find([tmp_path], Caps()).documents[0].name == "bundle 1"


def test_a_file_cut_anywhere_is_never_taken_for_a_whole_one(tmp_path):
    rows = "nhs_number,code,system,date\n" + '4505577104,"195967001",snomed,2019-02-01\n' * 3
    whole = f"#openprotect rows=3\n{rows}".encode()
    path = tmp_path / "events.csv"

    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(FileRefused):
            read_all(path, tmp_path)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ('a,"b,c",d', ["a", "b,c", "d"]),
        ('"a ""quoted"" word",', ['a "quoted" word', ""]),
        ('"",x', ["", "x"]),
        ("", [""]),
        ('a"b,c', []),
        ('"a"b,c', []),
    ],
)
def test_a_line_is_parted_as_rfc_4180_has_it(line, fields):
    assert csv_text.fields_of(line) == fields


def test_a_declaration_that_is_not_understood_is_refused():
    with pytest.raises(FileRefused, match="nothing known: rwos"):
        Declared().learn("#openprotect rwos=10", "people.csv")


def test_a_declaration_may_hold_everything_at_once():
    declared = Declared()

    declared.learn("#openprotect rows=2;dates=dd/mm/yyyy encoding=utf-8 whole=yes", "people.csv")

    assert (declared.rows, declared.dates, declared.whole) == (2, "dd/mm/yyyy", True)


def test_a_person_is_reached_by_the_current_numbers():
    telecom = [
        {"system": "phone", "value": "07700 900111", "use": "old"},
        {"system": "phone", "value": "01632 960123"},
        {"system": "sms", "value": "07700 900222"},
        {"system": "phone", "value": "+1 555"},
        {"system": "email", "value": "ann@example.org"},
    ]

    person = person_of(telecom=telecom)

    assert (person.mobile, person.phone) == ("+447700900222", "+441632960123")
    assert person.email == "ann@example.org"


def test_the_home_address_is_preferred_to_others():
    address = [
        {"use": "work", "line": ["2 Office"], "postalCode": "NR1 1AA"},
        {"use": "home", "line": ["1 Home"], "city": "Norwich", "postalCode": "nr22bb"},
    ]

    person = person_of(address=address)

    assert (person.address, person.postcode) == ("1 Home\nNorwich", "NR2 2BB")


@pytest.mark.parametrize(
    ("written", "system", "kept"),
    [("E11.9", "icd10", "E119"), ("c81", "icd10", "C81"), ("W34.2", "opcs4", "W342")],
)
def test_codes_of_hospitals_are_kept_without_points(written, system, kept):
    assert codes.read(written, system) == kept


@pytest.mark.parametrize("digit", "0123456789")
def test_only_one_last_digit_makes_a_snomed_code(digit):
    assert codes.has_check_digit(f"7321100{digit}") is (digit == "9")


@pytest.mark.parametrize("written", ["2026", "31.12.2026", "yesterday", "2026-02-30"])
def test_a_day_is_never_guessed(written):
    with pytest.raises((RowFault, dates.AmbiguousDate)):
        dates.read(written, "yyyy-mm-dd")


def test_american_dates_are_read_when_declared():
    assert dates.read("04/03/1950", "mm/dd/yyyy") == date(1950, 4, 3)


def test_test_names_are_known():
    assert text.is_test_name("ZZTEST")
    assert not text.is_test_name("Nulty")
