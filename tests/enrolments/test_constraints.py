"""What the database refuses of enrolments, reasons, decisions and requests."""

from datetime import date

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.enrolments.models import Decision, Enrolment, Reason, Request
from tests import given
from tests.given import NOON
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db


def test_a_person_is_in_a_programme_once(worker):
    known = given.enrolment()

    with the_database_refuses("a_person_is_in_a_programme_once"):
        given.enrolment(of=known.person)


def test_who_is_in_a_programme_is_so_since_some_time(worker):
    with the_database_refuses("active_enrolment_says_since_when"):
        given.enrolment(active=False, status="ACTIVE")


@pytest.mark.parametrize(
    "trait",
    [
        {"status": "LEFT"},
        {"status": "LEFT", "left_at": NOON},
        {"status": "LEFT", "left_because": "moved"},
        {"left_at": NOON, "left_because": "moved"},
        {"left_because": "moved"},
    ],
)
def test_who_has_left_did_so_at_a_time_for_a_reason_and_nobody_else_did(worker, trait):
    with the_database_refuses("left_enrolment_says_when_and_why"):
        given.enrolment(**trait)


def test_a_reason_is_told_once(worker):
    known = given.enrolment().reasons.get()

    with the_database_refuses("a_reason_is_told_once"):
        Reason.objects.create(
            enrolment=known.enrolment,
            person=known.person,
            group=known.group,
            code=known.code,
            on=known.on,
            source=known.source,
            recorded_at=NOON,
        )


def decision(reason):
    enrolment = given.enrolment()
    return Decision(
        enrolment=enrolment,
        person=enrolment.person,
        kind="KEEP",
        reason=reason,
        by=given.user("PRACTICE"),
        at=NOON,
    )


def test_a_decision_has_a_reason(worker):
    with the_database_refuses("decision_has_a_reason"):
        decision("").save(force_insert=True)


def test_a_decision_is_never_changed(worker):
    decision("why").save(force_insert=True)

    with row_security_refuses():
        Decision.objects.update(kind="VETO")


def test_a_reason_is_never_changed(worker):
    given.enrolment()

    with row_security_refuses():
        Reason.objects.update(on=date(2000, 1, 1))


def request(doctor, **given_):
    return Request(
        **{
            "programme": given.programme(),
            "practice": given.area().practice,
            "nhs_number": synthetic_number("somebody"),
            "reason": "why",
            "by": doctor,
            "at": NOON,
        }
        | given_
    )


def test_one_request_waits_for_a_person(worker):
    doctor = given.user("PRACTICE", given.area().practice)

    with given.acting(doctor):
        request(doctor).save(force_insert=True)
        with the_database_refuses("one_waiting_request_for_a_person"):
            request(doctor).save(force_insert=True)


def test_a_request_has_a_reason(worker):
    doctor = given.user("PRACTICE", given.area().practice)

    with given.acting(doctor), the_database_refuses("request_has_a_reason"):
        request(doctor, reason="").save(force_insert=True)


def test_a_practice_asks_for_itself_alone(worker):
    doctor, elsewhere = given.user("PRACTICE", given.area().practice), given.practice("ELS")

    with given.acting(doctor), row_security_refuses():
        request(doctor, practice=elsewhere).save(force_insert=True)


@pytest.mark.parametrize("role", ["CALLER", "LEAD", "GOVERNANCE"])
def test_why_someone_is_here_is_seen_by_clinical_roles_alone(worker, role):
    given.enrolment()

    with given.acting(given.user(role)):
        assert not Reason.objects.exists()


def test_leads_count_enrolments_without_seeing_anyone(worker):
    given.enrolment()

    with given.acting(given.user("LEAD")):
        assert Enrolment.objects.count() == 1
