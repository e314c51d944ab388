"""Answers of the Personal Demographics Service: who somebody is, and nothing of their health."""

import json
from datetime import date
from pathlib import Path

import pytest

from openprotect.records.rules.reasons import FileRefused

SAMPLES = Path(__file__).with_name("samples") / "pds"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
UK = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore"


def answer(number="9000000009", **more):
    return {
        "resourceType": "Patient",
        "id": number,
        "identifier": [{"system": NHS, "value": number}],
        "name": [{"family": "Smith", "given": ["Jane"], "use": "usual"}],
        "birthDate": "1950-10-22",
        "gender": "female",
        **more,
    }


def found_ones(*patients, kind="searchset"):
    entries = [
        {"fullUrl": f"https://api.example/Patient/{each['id']}", "resource": each}
        for each in patients
    ]
    return {"resourceType": "Bundle", "type": kind, "total": len(entries), "entry": entries}


@pytest.fixture
def ask(read, tmp_path):
    """Read one answer, saved under a name; gives what was read."""

    def run(whole, name="answer.json"):
        path = tmp_path / name
        path.write_text(json.dumps(whole))
        return read(path, synthetic=True)

    return run


def one(found):
    (person,) = found.people
    return person


def test_answers_of_every_kind_are_read(read):
    found = read(SAMPLES, synthetic=True)

    assert found.extract.bundles_read == 10
    assert found.extract.refused == []
    assert (found.extract.source, found.extract.has_events) == ("pds", False)
    assert found.extract.left_out == {
        "answer of PDS: INVALIDATED_RESOURCE": 1,
        "answer of PDS: TOO_MANY_MATCHES": 1,
        "RelatedPerson": 1,
    }
    assert {row["partial"] for row in found.people} == {True}


def test_somebody_found_alone_is_taken(ask):
    person = one(ask(found_ones(answer())))

    assert (person["nhs_number"], person["outcome"]) == ("9000000009", "")


def test_of_several_found_none_is_chosen(ask):
    found = ask(found_ones(answer(), answer("9000000017")))

    assert found.outcomes("people") == [("held", "identity-several")] * 2


def test_nobody_found_is_said(ask):
    found = ask(found_ones())

    assert (found.people, found.extract.left_out) == ([], {"answer of PDS: nobody found": 1})


def test_a_restricted_answer_has_no_address_and_stays_restricted(read):
    (row,) = read(SAMPLES / "patientResponses__patient_9000000025.json", synthetic=True).people

    assert (row["restricted"], row["address"], row["postcode"]) == (True, "", "")


def test_a_minimal_answer_cannot_make_a_person(read):
    found = read(SAMPLES / "searchResponses__Minimal_Patient.json", synthetic=True)

    assert found.outcomes("people") == [("rejected", "name-missing")]


def test_the_name_in_use_is_taken_and_not_an_old_one(read):
    person = one(read(SAMPLES / "patientResponses__patient_9732110317.json", synthetic=True))

    assert person["family"] == "Sanderson"


def test_somebody_whose_names_have_all_ended_is_called_by_the_last(ask):
    names = [
        {"family": "First", "period": {"end": "2001-01-01"}},
        {"family": "Last", "period": {"end": "2021-12-31"}},
        {"family": "Nick", "use": "temp"},
    ]

    assert one(ask(answer(name=names)))["family"] == "Last"


def test_a_death_is_read_with_its_day(read):
    person = one(read(SAMPLES / "searchResponses__dateOfDeath_searchset.json", synthetic=True))

    assert (person["deceased"], person["deceased_on"]) == (True, date(2019, 2, 7))


@pytest.mark.parametrize(
    ("code", "is_dead", "notes"),
    [("1", True, ["death-informal"]), ("2", True, []), ("U", False, ["death-taken-back"])],
)
def test_a_death_is_informal_formal_or_taken_back(ask, code, is_dead, notes):
    status = {
        "url": f"{UK}-DeathNotificationStatus",
        "extension": [
            {
                "url": "deathNotificationStatus",
                "valueCodeableConcept": {"coding": [{"code": code}]},
            }
        ],
    }

    person = one(ask(answer(deceasedDateTime="2020-01-01T00:00:00+00:00", extension=[status])))

    assert (person["deceased"], person["notes"]) == (is_dead, notes)


ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


def test_somebody_who_left_a_practice_is_no_longer_registered(ask):
    practice = {"system": ODS, "value": "D82001", "period": {"start": "2020-01-01"}}
    removal = {
        "url": "https://fhir.nhs.uk/StructureDefinition/Extension-PDS-RemovalFromRegistration",
        "extension": [{"url": "effectiveTime", "valuePeriod": {"start": "2021-06-01T00:00:00"}}],
    }
    left = answer(generalPractitioner=[{"identifier": practice}], extension=[removal])

    person = one(ask(left))

    assert (person["practice_code"], person["registered_on"], person["left_on"]) == (
        "D82001", date(2020, 1, 1), date(2021, 6, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("patient_9000000017.json", {}),
        ("answer.json", {"link": [
            {"type": "replaces", "other": {"reference": "Patient/9000000017"}}]}),
        ("answer.json", {"identifier": [
            {"system": NHS, "value": "9000000009"},
            {"system": NHS, "value": "9000000017", "use": "old"}]}),
        ("patient_9000000009.json", {"link": [
            {"type": "replaces", "other": {"identifier": {"value": "9000000017"}}}]}),
    ],
    ids=["saved under it", "replaced by link", "marked old", "linked by identifier"],
)  # fmt: skip
def test_a_superseded_number_is_told_beside_the_one_that_replaced_it(ask, name, more):
    person = one(ask(answer(**more), name))

    assert (person["nhs_number"], person["asked"]) == ("9000000009", "9000000017")


def test_an_address_that_was_asked_for_tells_a_superseded_number(ask):
    whole = found_ones(answer())
    whole["entry"][0]["fullUrl"] = "https://api.example/Patient/9000000017"

    assert one(ask(whole))["asked"] == "9000000017"


@pytest.mark.parametrize("name", ["9000000009.json", "1234567890.json", "jane.json"])
def test_an_answer_under_its_own_number_supersedes_nothing(ask, name):
    assert one(ask(answer(), name))["asked"] == ""


def test_an_answer_among_records_is_refused_and_the_records_go_on(read, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(found_ones(answer(), kind="collection")))
    (tmp_path / "b.json").write_text(json.dumps(answer("9000000017")))

    found = read(tmp_path / "a.json", tmp_path / "b.json", synthetic=True)

    assert [why.reason for why in found.extract.refused] == ["kinds"]
    assert [row["nhs_number"] for row in found.people] == ["9000000009"]


def test_a_number_that_was_never_issued_is_refused_in_a_live_service(read):
    found = read(SAMPLES / "patientResponses__patient_9732110317.json")

    assert found.outcomes("people") == [("rejected", "nhs-number-test")]


def test_what_is_no_fhir_is_refused(read, tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"resourceType": "Organization"}')

    with pytest.raises(FileRefused, match="not a FHIR Bundle"):
        read(path)
