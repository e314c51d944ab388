"""Records as practices send them (GP Connect, FHIR STU3), and the traps that are in them."""

import json
from datetime import date
from pathlib import Path

import pytest

SAMPLES = Path(__file__).with_name("samples") / "gp-connect"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
STU3 = "https://fhir.nhs.uk/STU3/StructureDefinition"
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "meta": {"profile": [f"{STU3}/CareConnect-GPC-Patient-1"]},
    "identifier": [{"system": NHS, "value": "4505577104"}],
    "name": [{"family": "Ames", "given": ["Ann"]}],
    "birthDate": "1950-04-03",
    "gender": "female",
}
READ = {"system": "http://read.info/readv2", "code": "H33..00", "display": "Asthma"}
SNOMED = {"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}
PREDNISOLONE = {"system": "http://snomed.info/sct", "code": "28798211000001102"}
EMIS = {"system": "https://fhir.hl7.org.uk/Id/emis-drug-codes", "code": "PRTA1234"}


def resource(kind, name, **more):
    return {"resourceType": kind, "id": name, "subject": {"reference": "Patient/p"}, **more}


def medicine(kind, name, intent=None, based_on=None, **more):
    stated = {"medicationReference": {"reference": "Medication/m"}, "status": "active", **more}
    if intent:
        stated["intent"] = intent
    if based_on:
        stated["basedOn"] = [{"reference": based_on}]
    return resource(kind, name, **stated)


MEDICATION = {"resourceType": "Medication", "id": "m", "code": {"coding": [EMIS, PREDNISOLONE]}}


@pytest.mark.parametrize("name", ["emis-patient-7.json", "tpp-patient-7.json"])
def test_a_practices_record_is_read(read, name):
    found = read(SAMPLES / name, synthetic=True)

    (person,) = found.people
    assert person["outcome"] == ""
    assert person["practice_code"] != ""
    assert {row["setting"] for row in found.events if not row["outcome"]} == {"gp"}
    assert {reason for _, reason in found.outcomes()} == {"", "code-missing"}
    assert found.extract.source == "gp-connect"


def test_emis_and_tpp_tell_the_same_clinical_story(read):
    emis, tpp = (
        [(row["system"], row["code"], row["on"]) for row in read(SAMPLES / name).events]
        for name in ("emis-patient-7.json", "tpp-patient-7.json")
    )

    assert emis == tpp


def test_names_of_every_alphabet_are_read(read):
    found = read(SAMPLES / "edge", synthetic=True)

    assert found.outcomes("people") == [("", "")]


def test_a_number_of_the_test_range_is_taken_in_a_demonstration_only(read):
    found = read(SAMPLES / "emis-patient-7.json")

    assert found.outcomes("people") == [("rejected", "nhs-number-test")]


def test_the_snomed_code_is_taken_from_among_others(read, bundle_file):
    asthma = resource("Condition", "c", code={"coding": [READ, SNOMED]}, onsetDateTime="2019-01-01")

    (row,) = read(bundle_file(PATIENT, asthma)).events

    assert (row["system"], row["code"], row["on"]) == ("snomed", "195967001", date(2019, 1, 1))


def test_a_code_of_an_old_system_alone_is_rejected_by_name(read, bundle_file):
    asthma = resource("Condition", "c", code={"coding": [READ]}, onsetDateTime="2019-01-01")

    assert read(bundle_file(PATIENT, asthma)).outcomes() == [("rejected", "code-system")]


def test_each_issue_of_a_medicine_counts_once(read, bundle_file):
    plan = medicine("MedicationRequest", "plan", "plan", authoredOn="2020-01-01")
    issues = [
        medicine(
            "MedicationRequest", f"issue {day}", "order", "MedicationRequest/plan",
            authoredOn=f"2020-0{day}-01",
        )
        for day in (1, 2)
    ]  # fmt: skip
    statement = medicine(
        "MedicationStatement", "ms", based_on="MedicationRequest/plan", dateAsserted="2020-01-01"
    )

    found = read(bundle_file(PATIENT, statement, plan, *issues, MEDICATION))

    assert [(row["system"], row["code"], row["on"].month) for row in found.events] == [
        ("dmd", "28798211000001102", 1),
        ("dmd", "28798211000001102", 2),
    ]
    assert found.extract.left_out["MedicationStatement told by its issues"] == 1


def test_a_medicine_that_is_only_stated_is_kept(read, bundle_file):
    period = {"start": "2020-03-01", "end": "2020-04-01"}
    statement = medicine("MedicationStatement", "ms", effectivePeriod=period)
    not_issued = medicine("MedicationRequest", "plan", "plan", authoredOn="2020-05-01")

    found = read(bundle_file(PATIENT, statement, not_issued, MEDICATION))

    assert [row["on"] for row in found.events] == [date(2020, 3, 1), date(2020, 5, 1)]


@pytest.mark.parametrize(
    "more", [{"status": "entered-in-error"}, {"taken": "n"}, {"status": "cancelled"}]
)
def test_a_medicine_that_was_not_taken_is_none(read, bundle_file, more):
    statement = medicine("MedicationStatement", "ms", dateAsserted="2020-03-01", **more)

    assert read(bundle_file(PATIENT, statement, MEDICATION)).events == []


def test_a_vaccination_is_told_by_its_procedure(read, bundle_file):
    procedure = {
        "url": f"{STU3}/Extension-CareConnect-GPC-VaccinationProcedure-1",
        "valueCodeableConcept": {"coding": [SNOMED]},
    }
    unknown = {"coding": [{"system": "http://hl7.org/fhir/v3/NullFlavor", "code": "UNK"}]}
    given = {
        "resourceType": "Immunization",
        "id": "i",
        "patient": {"reference": "Patient/p"},
        "extension": [procedure],
        "vaccineCode": unknown,
        "date": "2020-10-01",
        "notGiven": False,
    }

    found = read(bundle_file(PATIENT, given, {**given, "id": "j", "notGiven": True}))

    assert [(row["code"], row["on"]) for row in found.events] == [("195967001", date(2020, 10, 1))]
    assert found.extract.left_out["Immunization not done"] == 1


def test_a_malformed_date_rejects_its_row_alone(read, bundle_file):
    rows = [
        resource("Condition", f"c{at}", code={"coding": [SNOMED]}, onsetDateTime=day)
        for at, day in enumerate(("19", "2019-13-01", "2019-01-01"))
    ]

    found = read(bundle_file(PATIENT, *rows))

    assert found.outcomes() == [("rejected", "event-date")] * 2 + [("", "")]


def test_a_record_without_its_patient_is_refused(read, bundle_file, tmp_path):
    whole = bundle_file(PATIENT)
    lost = resource("Condition", "c", code={"coding": [SNOMED]}, onsetDateTime="2019-01-01")
    other = tmp_path / "lost.json"
    entries = [{"resource": lost}]
    other.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))

    found = read(whole, other)

    (why,) = found.extract.refused
    assert str(why) == "bundle 2: a record without the patient whom it is about"
    assert found.extract.bundles_read == 1


def test_what_a_record_says_it_leaves_out_is_noted(read, bundle_file):
    def warning(code):
        url = f"{STU3}/Extension-CareConnect-GPC-ListWarningCode-1"
        return resource("List", code, extension=[{"url": url, "valueCode": code}])

    lists = [warning("confidential-items"), warning("data-in-transit")]

    (person,) = read(bundle_file(PATIENT, *lists)).people

    assert person["notes"] == ["confidential-items", "data-in-transit"]


def test_a_registration_is_read_where_a_practice_puts_it(read, bundle_file):
    details = {
        "url": f"{STU3}/Extension-CareConnect-GPC-RegistrationDetails-1",
        "extension": [
            {"url": "registrationPeriod", "valuePeriod": {"start": "1962-07-13T00:00:00+01:00"}}
        ],
    }
    practice = {
        "resourceType": "Organization",
        "id": "o",
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "D82001"}
        ],
    }
    patient = {
        **PATIENT,
        "extension": [details],
        "generalPractitioner": [{"reference": "Practitioner/x"}],
        "managingOrganization": {"reference": "Organization/o"},
    }

    (person,) = read(bundle_file(patient, practice)).people

    assert (person["practice_code"], person["registered_on"]) == ("D82001", date(1962, 7, 13))
