"""A practice asks for one of its patients; the records are looked up, and the answer is kept."""

from dataclasses import replace
from datetime import date

import pytest

from openprotect.base.nhs_number import spaced, synthetic_number
from openprotect.base.refusals import Refused
from openprotect.enrolments.actions import ask_to_add, veto
from openprotect.enrolments.models import Decision, Enrolment, Reason, Request
from openprotect.enrolments.queries import requests_of
from openprotect.enrolments.rules import NotAsked
from openprotect.events.models import Event
from openprotect.pathway.door import bring_in_asked_for, in_records
from openprotect.pathway.following import follow_waiting
from openprotect.pathway.rounds import go_round
from openprotect.people.models import Person
from tests import given
from tests.enrolments.finding import recorded, records_of
from tests.given import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor(worker, settings):
    settings.OPENPROTECT = replace(settings.OPENPROTECT, synthetic=True)
    return given.user("PRACTICE", given.area().practice)


def asked(doctor, number, *, reason="Frail since her fall"):
    with given.acting(doctor) as viewer:
        return ask_to_add(viewer, given.programme(), number, reason=reason, at=NOON)


def answered(doctor, number):
    """What the practice reads after background work has looked the person up."""
    request = asked(doctor, number)
    follow_waiting(at=NOON)
    request.refresh_from_db()
    return request


def test_a_patient_of_the_practice_is_added(doctor):
    patient = recorded()
    records_of(patient)

    request = answered(doctor, patient.nhs_number)

    assert request.status == Request.Status.ADDED
    assert request.person.nhs_number == patient.nhs_number
    assert Reason.objects.get().group == "added-by-clinician"
    assert Decision.objects.get().kind == "ADD"


def test_who_was_added_is_asked_in_the_next_round(doctor):
    patient = recorded(mobile="+447700900555")
    records_of(patient)
    answered(doctor, patient.nhs_number)
    outbox = given.Outbox()

    go_round(at=NOON, postbox=outbox)

    assert Enrolment.objects.get().status == Enrolment.Status.ACTIVE
    assert [to for to, _ in outbox.texts.values()] == ["+447700900555"]


@pytest.mark.parametrize(
    ("trait", "words"),
    [
        ({"practice_code": "ELS"}, "Not found among"),
        ({"deceased": True}, "died"),
        ({"deceased": True, "deceased_on": date(2026, 1, 1)}, "died"),
    ],
    ids=["another practice's", "died", "died on a day"],
)
def test_who_cannot_be_added_is_refused_with_the_reason(doctor, trait, words):
    given.practice("ELS")
    patient = recorded(**trait)
    records_of(patient)

    request = answered(doctor, patient.nhs_number)

    assert (request.status, request.person) == (Request.Status.REFUSED, None)
    assert words in request.answer
    assert not Person.objects.exists()


def test_who_is_not_in_the_records_is_refused(doctor):
    records_of(recorded())

    assert answered(doctor, synthetic_number("nobody")).status == Request.Status.REFUSED


def test_without_any_records_everyone_is_refused(doctor):
    assert answered(doctor, synthetic_number("nobody")).status == Request.Status.REFUSED


def test_another_practices_patient_is_told_like_one_who_does_not_exist(doctor):
    given.practice("ELS")
    theirs = recorded(practice_code="ELS")
    records_of(theirs)

    one, other = answered(doctor, theirs.nhs_number), answered(doctor, synthetic_number("nobody"))

    assert one.answer == other.answer


def test_the_newest_records_are_asked(doctor):
    patient = recorded(given="Old")
    records_of(patient)
    records_of(replace(patient, given="New"))

    assert in_records(patient.nhs_number, at=NOON).given == "New"


def test_a_birth_date_of_which_only_the_year_is_known_is_left_out(doctor):
    patient = recorded(birth_date=date(1950, 1, 1), birth_precision="year")
    records_of(patient)

    assert answered(doctor, patient.nhs_number).person.birth_date is None


def test_the_number_may_be_typed_as_printed(doctor):
    patient = recorded()
    records_of(patient)

    assert answered(doctor, spaced(patient.nhs_number)).status == Request.Status.ADDED


@pytest.mark.parametrize("typed", ["", "12345", "9990000000", "Ada Canary"])
def test_what_is_no_nhs_number_is_refused_at_once(doctor, typed):
    with pytest.raises(NotAsked):
        asked(doctor, typed)


def test_a_reason_is_needed(doctor):
    with pytest.raises(Refused, match="Say why"):
        asked(doctor, synthetic_number("somebody"), reason=" ")


def test_asked_again_while_it_waits_it_is_one_request(doctor):
    number = synthetic_number("somebody")

    assert asked(doctor, number) == asked(doctor, number)
    assert Event.objects.filter(name="enrolment.asked_for").count() == 1


def test_looked_up_again_nothing_is_added_twice(doctor):
    patient = recorded()
    records_of(patient)
    request = answered(doctor, patient.nhs_number)

    bring_in_asked_for(request, at=NOON)

    assert (Enrolment.objects.count(), Decision.objects.count()) == (1, 1)


def test_whom_the_practice_had_vetoed_it_may_add_after_all(doctor):
    patient = recorded()
    records_of(patient)
    answered(doctor, patient.nhs_number)
    Enrolment.objects.update(preview_ends_at=NOON)
    with given.acting(doctor) as viewer:
        veto(Enrolment.objects.get(), "in-hand", note="", viewer=viewer, at=NOON)

    answered(doctor, patient.nhs_number)
    go_round(at=NOON, postbox=given.Outbox())

    assert Enrolment.objects.get().status == Enrolment.Status.ACTIVE


def test_who_had_left_may_be_added_again(doctor):
    patient = recorded()
    records_of(patient)
    answered(doctor, patient.nhs_number)
    Enrolment.objects.update(status="LEFT", left_at=NOON, left_because="moved away")

    answered(doctor, patient.nhs_number)
    go_round(at=NOON, postbox=given.Outbox())

    assert Enrolment.objects.get().status == Enrolment.Status.ACTIVE


def test_a_practice_reads_its_own_requests_alone(doctor):
    asked(doctor, synthetic_number("somebody"))
    other = given.user("PRACTICE", given.practice("ELS"))

    with given.acting(doctor) as viewer:
        assert requests_of(viewer).count() == 1
    with given.acting(other) as viewer:
        assert requests_of(viewer).count() == 0
        assert Request.objects.count() == 0
