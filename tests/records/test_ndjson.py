"""FHIR exports: a resource a line, in one file or in a file for each kind."""

import json
from datetime import date

import pytest

from openprotect.records.rules.reasons import FileRefused
from tests.records.conftest import counts

NHS = "https://fhir.nhs.uk/Id/nhs-number"
ANN = {
    "resourceType": "Patient",
    "id": "a",
    "identifier": [{"system": NHS, "value": "4505577104"}],
    "name": [{"family": "Ames"}],
    "birthDate": "1950-04-03",
    "gender": "female",
}
ASTHMA = {
    "resourceType": "Condition",
    "id": "c",
    "subject": {"reference": "Patient/a"},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]},
    "onsetDateTime": "2019-01-01",
}
MEDICATION = {
    "resourceType": "Medication",
    "id": "m",
    "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "28798211000001102"}]},
}
REQUEST = {
    "resourceType": "MedicationRequest",
    "id": "r",
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/a"},
    "medicationReference": {"reference": "Medication/m"},
    "authoredOn": "2020-03-01",
}


@pytest.fixture
def lines(tmp_path):
    """Write resources a line each and give the file's path."""

    def write(*resources, name="export.ndjson", end="\n"):
        path = tmp_path / name
        written = [each if isinstance(each, str) else json.dumps(each) for each in resources]
        path.write_text("\n".join(written) + end)
        return path

    return write


def test_people_may_stand_after_what_is_said_about_them(read, lines):
    found = read(lines(ASTHMA, "", REQUEST, MEDICATION, ANN))

    (person,) = found.people
    assert [(row["code"], row["who"]) for row in found.events] == [
        ("195967001", person["who"]),
        ("28798211000001102", person["who"]),
    ]


def test_references_lead_from_one_file_to_another(read, lines):
    paths = [
        lines(ASTHMA, name="Condition.ndjson"),
        lines(MEDICATION, name="Medication.ndjson"),
        lines(REQUEST, name="MedicationRequest.ndjson"),
        lines(ANN, name="Patient.ndjson"),
    ]

    found = read(*paths)

    assert found.outcomes() == [("", "")] * 2
    assert [row["file"] for row in found.events] == ["lines 1", "lines 3"]
    assert found.events[1]["on"] == date(2020, 3, 1)


def test_a_resource_about_somebody_else_is_rejected_by_its_row(read, lines):
    stranger = {**ASTHMA, "subject": {"reference": "Patient/b"}}

    found = read(lines(ANN, stranger))

    assert [(row["row"], row["reason"]) for row in found.events] == [(2, "reference")]


def test_a_patient_inside_another_resource_is_nobody(read, lines):
    contained = {**ASTHMA, "contained": [{**ANN, "id": "inside"}]}

    found = read(lines(contained, ANN))

    assert (len(found.people), found.outcomes()) == (1, [("", "")])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"resourceType": "Patient"', "row 2.*not JSON"),
        ('["x"]', "row 2.*not a resource"),
        ('{"a": 1, "a": 2, "resourceType": "Patient"}', "row 2.*same key twice"),
        (json.dumps(ANN), "row 2.*same patient"),
    ],
)
def test_a_line_that_is_no_resource_refuses_the_file(read, lines, line, words):
    with pytest.raises(FileRefused, match=words):
        read(lines(ANN, line))


def test_a_line_without_end_refuses_the_file(read, lines):
    with pytest.raises(FileRefused, match="over 10,000,000 bytes"):
        read(lines(ANN, '{"resourceType": "Basic", "x": "' + "y" * 10_000_000 + '"}'))


@pytest.mark.django_db
@pytest.mark.import_role
def test_an_export_is_taken_once(take_in, lines):
    path = lines(ANN, ASTHMA, MEDICATION, REQUEST)
    first = take_in(path)

    again = take_in(path)

    assert (counts(first), counts(first, "events")) == ({"added": 1}, {"added": 2})
    assert (counts(again), counts(again, "events")) == ({"unchanged": 1}, {"unchanged": 2})
