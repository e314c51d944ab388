import argparse

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.cli import cohort, importing
from openprotect.cohorts.models import Found, Run
from openprotect.places.models import Organisation, Relationship
from openprotect.records.models import Changeset
from tests.records.conftest import TODAY, counts

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

NUMBER = synthetic_number("one")
DIABETES = {
    "resourceType": "Condition",
    "id": "c",
    "subject": {"reference": "Patient/p"},
    "onsetDateTime": "2019-01-01",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "73211009", "display": "DM"}]},
}
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "name": [{"family": "Ames"}],
    "birthDate": "1950-04-03",
    "gender": "female",
}


@pytest.fixture
def openprotect(settings):
    """Run a command in this process, as its module is run by the command line."""

    def run(module, *words):
        parser = argparse.ArgumentParser()
        module.arguments(parser)
        return module.run(parser.parse_args([str(word) for word in words]))

    return run


@pytest.fixture
def practice():
    made = {
        kind: Organisation.objects.create(
            code=code, name=code, kind=kind, opened_on="1974-04-01", postcode="NR25 6QA"
        )
        for kind, code in (("PRACTICE", "D82001"), ("LOCALITY", "06V"))
    }
    Relationship.objects.create(
        child=made["PRACTICE"], parent=made["LOCALITY"], kind="LIES_IN", from_on="1974-04-01"
    )


def test_made_up_people_are_given_identities_in_a_demonstration(
    openprotect, bundle_file, practice, capsys
):
    path = bundle_file(PATIENT, DIABETES)

    assert openprotect(importing, path, "--synthetic-identities") == 0

    assert "people 1 rows = 1 added" in capsys.readouterr().out


def test_made_up_identities_are_refused_in_a_live_service(openprotect, bundle_file, settings):
    from dataclasses import replace

    settings.OPENPROTECT = replace(settings.OPENPROTECT, demo=False, synthetic=False)

    with pytest.raises(importing.DemoOnly, match="OPENPROTECT_MODE=demo"):
        openprotect(importing, bundle_file(PATIENT), "--synthetic-identities")


def test_without_them_a_person_without_a_number_is_held(openprotect, bundle_file, capsys):
    openprotect(importing, bundle_file(PATIENT, DIABETES))

    said = capsys.readouterr().out
    assert "1 people held: no NHS number: held until the person is identified" in said
    assert "1 events held: the person's own row was held or rejected" in said


def test_an_import_that_waits_says_so_and_is_approved_by_another(
    openprotect, csv_file, capsys, monkeypatch
):
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    row = f"{NUMBER},Ames,1950-04-03,female,D82001"
    openprotect(importing, csv_file(row), "--extract-on", "2026-11-01")

    assert openprotect(importing, csv_file(row), "--extract-on", "2025-11-01") == importing.WAITS
    assert openprotect(importing, "--approve", "2", "--as", "bea") == 0

    assert Changeset.objects.committed().newest_first().first().approved_by == "bea"


def test_a_run_is_kept_with_its_evidence_and_explained(
    openprotect, take_in, bundle_file, capsys, home
):
    patient = {
        **PATIENT,
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": NUMBER}],
        "generalPractitioner": [
            {
                "identifier": {
                    "system": "https://fhir.nhs.uk/Id/ods-organization-code",
                    "value": "D82001",
                }
            }
        ],
    }
    assert counts(take_in(bundle_file(patient, DIABETES), synthetic=True)) == {"added": 1}

    openprotect(cohort, "run", "covid-protect", "--as-of", TODAY)
    openprotect(cohort, "explain", NUMBER, "covid-protect", "--as-of", TODAY)

    run, found = Run.objects.get(), Found.objects.get()
    said = capsys.readouterr().out
    assert (run.found_count, run.by_practice) == (1, {"D82001": 1})
    assert found.groups == ["aged-70", "diabetes"]
    assert found.evidence[1]["on"] == "2019-01-01"
    assert "Diabetes mellitus (73211009), 1 January 2019, from fhir" in said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1234567890", "not an NHS number: the check digit is wrong"),
        ("999", "not an NHS number: not ten digits"),
        ("4505577104", "Nobody with this NHS number"),
    ],
)
def test_a_number_that_cannot_be_explained_is_said_why(
    openprotect, take_in, csv_file, number, words
):
    take_in(csv_file(f"{NUMBER},Ames,1950-04-03,female,D82001"), synthetic=True)

    with pytest.raises(importing.Refused, match=words):
        openprotect(cohort, "explain", number, "covid-protect")


def test_nothing_is_found_before_records_are_imported(openprotect):
    with pytest.raises(importing.Refused, match="No records have been imported yet"):
        openprotect(cohort, "run", "covid-protect")
