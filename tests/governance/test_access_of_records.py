"""Opening the record of somebody in no programme is noted too, by their NHS number."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from openprotect.base.nhs_number import synthetic_number
from openprotect.governance.actions import record_access, record_access_by_number
from openprotect.governance.models import Access
from openprotect.reports.queries.looking import Wanted, log_of_patients
from openprotect.reports.queries.reconcile import accesses
from tests import given

pytestmark = pytest.mark.django_db
STRANGER = synthetic_number("in the records and in no programme")


def looked_at(*numbers):
    """A clinical lead looks at these people's evidence; the newest notes of it."""
    with given.acting(given.user("CLINICAL")):
        record_access_by_number(numbers, what="leading.try", why="examples of a changed rule")
    return Access.objects.filter(role="CLINICAL").order_by("id")


def test_somebody_in_no_programme_is_noted_by_number(worker):
    (note,) = looked_at(STRANGER)

    assert (note.person_id, note.nhs_number) == (None, STRANGER)


def test_somebody_the_service_knows_is_noted_by_id_though_the_reader_cannot_see_them(worker):
    person = given.enrolment(active=False).person

    (note,) = looked_at(person.nhs_number)

    assert (note.person_id, note.nhs_number) == (person.pk, "")


def test_notes_of_both_kinds_keep_a_hash_that_fits(worker):
    looked_at(STRANGER, given.enrolment().person.nhs_number)

    assert accesses().off_by == 0


def test_a_note_without_anybody_is_refused(worker):
    with pytest.raises(IntegrityError, match="access_says_whose_record"), transaction.atomic():
        looked_at("")


def test_a_note_by_id_is_as_it_was(worker):
    person = given.enrolment().person

    record_access([person.pk], what="page", why="why")

    assert Access.objects.filter(what="page").get().person_id == person.pk


def test_a_practice_sees_who_looked_before_its_patient_came_into_a_programme(worker):
    looked_at(STRANGER)
    patient = given.enrolment(of=given.person(nhs_number=STRANGER)).person

    with given.acting(given.user("PRACTICE", patient.practice)) as viewer:
        (opening,) = log_of_patients(viewer, Wanted()).openings

    assert opening.person == f"{patient.given_name} {patient.family_name}"
    assert opening.role == "clinical lead"


def test_another_practice_sees_nothing_of_it(worker):
    looked_at(STRANGER)
    given.enrolment(of=given.person(nhs_number=STRANGER))

    with given.acting(given.user("PRACTICE", given.practice("OTHER"))) as viewer:
        assert log_of_patients(viewer, Wanted()).openings == ()


def test_nobody_signed_in_notes_nothing(db):
    with pytest.raises(DatabaseError, match="nobody is signed in"), transaction.atomic():
        record_access_by_number([STRANGER], what="x", why="x")
