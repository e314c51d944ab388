"""What the database refuses of check-ins, links, answers, responses and conflicts."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from openprotect.checkins.models import Answer, Checkin, Conflict, Link, Response
from tests import given
from tests.given import NOON
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db


def test_nobody_is_asked_twice_for_one_day(worker):
    checkin = given.checkin()

    with the_database_refuses("asked_once_a_day"):
        given.checkin(of=checkin.enrolment)


@pytest.mark.parametrize("for_", [timedelta(0), timedelta(hours=-1)])
def test_a_check_in_closes_after_it_opens(worker, for_):
    with the_database_refuses("checkin_closes_after_it_opens"):
        given.checkin(opens_at=NOON, closes_at=NOON + for_)


@pytest.mark.parametrize(
    ("status", "answered_at"), [("ANSWERED", None), ("OPEN", NOON), ("MISSED", NOON)]
)
def test_an_answered_check_in_says_when_and_no_other_does(worker, status, answered_at):
    with the_database_refuses("answered_checkin_says_when"):
        given.checkin(status=status, answered_at=answered_at)


def test_two_links_cannot_have_one_token(worker):
    checkin = given.checkin()
    link = {
        "checkin": checkin,
        "person": checkin.person,
        "token_digest": b"once",
        "issued_at": NOON,
        "valid_until": NOON,
    }
    Link.objects.create(**link)

    with the_database_refuses("token_digest"):
        Link.objects.create(**link)


def test_a_check_in_has_one_response(worker):
    known = given.response()

    with the_database_refuses("checkin_id"):
        given.response(of=known.checkin)


def test_a_submission_is_stored_once(worker):
    known = given.response()

    with the_database_refuses("submission_id"):
        given.response(submission_id=known.submission_id)


def conflict(response):
    return Conflict.objects.create(
        response=response,
        checkin=response.checkin,
        person=response.person,
        submission_id=uuid.uuid4(),
        answers={},
        content_hash="f" * 64,
        channel="WEB",
        at=NOON,
    )


def test_a_conflict_is_kept_once(worker):
    response = given.response()
    conflict(response)

    with the_database_refuses("a_conflict_is_kept_once"):
        conflict(response)


@pytest.mark.parametrize("model", [Answer, Response, Conflict])
def test_what_a_person_said_is_never_changed_or_deleted(worker, model):
    conflict(given.response())

    with row_security_refuses():
        model.objects.update(at=NOON)
    with row_security_refuses(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_a_check_in_is_never_deleted(worker):
    given.checkin()

    with row_security_refuses():
        Checkin.objects.all().delete()


@pytest.mark.parametrize(
    ("role", "where", "sees"),
    [
        ("PRACTICE", "practice", True),
        ("SURVEILLANCE", "system", True),
        ("PARTNER", "council", False),
        ("CALLER", "system", False),
        ("GOVERNANCE", "system", False),
    ],
)
def test_answers_are_seen_with_their_person(worker, role, where, sees):
    checkin = given.checkin()
    Answer.objects.create(
        checkin=checkin, person=checkin.person, link_id="cough", value="yes", channel="WEB", at=NOON
    )

    with given.acting(given.user(role, getattr(given.area(), where))):
        assert Answer.objects.exists() == sees
