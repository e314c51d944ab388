"""Is this patient found by the rules, and why: for the practice's own patients, in words."""

from datetime import date
from uuid import uuid4

import pytest
from django.conf import settings as django_settings

from openprotect.governance.models import Access
from openprotect.records.lake import write_generation
from openprotect.records.models import Changeset
from openprotect.records.rules.values import Event
from tests import given
from tests.enrolments.finding import recorded
from tests.given import NOON, numbers

pytestmark = pytest.mark.django_db
WHY = "/practice/why/"
DIABETES, RESOLVED = "73211009", "315051004"


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def practice(worker, client):
    given.programme()
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def in_records(*people_and_codes):
    """The newest records: each person with dated codes."""
    generation = uuid4()
    events = [
        Event(
            nhs_number=person.nhs_number, kind="diagnosis", code=code, system="snomed",
            term="", on=on, source="GP records",
        )
        for person, codes in people_and_codes
        for code, on in codes
    ]  # fmt: skip
    people = sorted((each for each, _ in people_and_codes), key=lambda each: each.nhs_number)
    write_generation(django_settings.OPENPROTECT.lake, generation, people, events)
    number = next(numbers)
    Changeset.objects.create(
        number=number, taken_as=number, source="gp", status="COMMITTED", generation=generation,
        started_at=NOON, settled_at=NOON, by="test",
    )  # fmt: skip


def asked(client, person):
    return seen(client.post(WHY, {"nhs_number": person.nhs_number}))


def test_a_patient_who_is_found_is_told_with_groups_evidence_and_version(practice):
    patient = recorded(birth_date=date(1990, 1, 2))
    in_records((patient, [(DIABETES, date(2019, 2, 3))]))

    page = asked(practice, patient)

    assert "Why is this patient found?" in page
    assert "Found, in 1 group" in page
    assert "Diabetes, not resolved" in page
    assert f"({DIABETES}), 3 February 2019, from GP records" in page
    assert f"COVID-19 Protect, version {given.covid_protect().version}" in page
    assert "QOF business rules" in page


def test_a_near_miss_says_what_speaks_against_it(practice):
    patient = recorded(birth_date=date(1990, 1, 2))
    in_records((patient, [(DIABETES, date(2019, 2, 3)), (RESOLVED, date(2020, 4, 5))]))

    page = asked(practice, patient)

    assert "Why is this patient not found?" in page
    assert "What came near, and does not count" in page
    assert f"({RESOLVED}) on 5 April 2020" in page
    assert "add them with a reason" in page


def test_somebody_excluded_is_told_why_and_what_they_would_be_found_for(practice):
    patient = recorded(deceased=True, deceased_on=date(2020, 1, 1))
    in_records((patient, [(DIABETES, date(2019, 2, 3))]))

    page = asked(practice, patient)

    assert "Not found: deceased" in page
    assert "They would otherwise be found for" in page


def test_nothing_in_the_record_is_said_to_be_nothing(practice):
    patient = recorded(birth_date=date(1990, 1, 2))
    in_records((patient, []))

    assert "none of the codes that these rules look for" in asked(practice, patient)


def test_whoever_is_told_of_is_noted_in_the_access_log(practice):
    patient = recorded()
    in_records((patient, []))

    asked(practice, patient)

    assert Access.objects.get(what="practice.why").nhs_number == patient.nhs_number


def test_a_patient_of_another_practice_is_as_unknown_as_nobody(practice):
    theirs, nobody = recorded(practice_code="OTHER"), recorded()
    in_records((theirs, []))

    for each in (theirs, nobody):
        page = asked(practice, each)
        assert "Not found among the people registered with your practice." in page
    assert not Access.objects.filter(what="practice.why").exists()


def test_what_is_no_nhs_number_is_refused_at_the_field(practice):
    page = seen(practice.post(WHY, {"nhs_number": "12"}))

    assert 'href="#id_nhs_number"' in page
    assert "That is not an NHS number" in page


def test_before_any_records_the_page_says_so(practice):
    assert "No records have been imported yet." in asked(practice, recorded())


def test_without_a_legal_basis_nobody_is_told_of(practice, client):
    patient = recorded()
    in_records((patient, []))
    programme = given.programme()
    programme.purpose = "without-basis"
    programme.save()
    here = given.area().practice
    given.sign_in(client, given.user("PRACTICE", here, purpose="without-basis"))

    assert "There is no legal basis for this programme now." in asked(client, patient)


def test_someone_in_the_programme_is_explained_from_their_own_page(practice):
    enrolment = given.enrolment()
    in_records((recorded(nhs_number=enrolment.person.nhs_number), [(DIABETES, date(2019, 2, 3))]))

    page = seen(practice.get(f"/practice/people/{enrolment.pk}/why/"))

    assert enrolment.person.family_name in page
    assert "Diabetes, not resolved" in page


def test_another_practices_patient_has_no_such_page(practice):
    theirs = given.enrolment(of=given.person(at=given.practice("OTHER")))

    assert practice.get(f"/practice/people/{theirs.pk}/why/").status_code == 404


@pytest.mark.parametrize("role", ["LEAD", "CLINICAL", "CALLER", "LOCALITY"])
def test_other_roles_may_not_ask(client, worker, role):
    given.sign_in(client, given.user(role))

    assert client.get(WHY).status_code == 403
    assert client.post(WHY, {"nhs_number": "1"}).status_code == 403
