"""The note of who opened whose record: written by the database's own hand, or nothing is shown."""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from openprotect.accounts.actions import acting_as
from openprotect.governance.actions import record_access
from openprotect.governance.models import Access, LegalBasis
from openprotect.governance.queries import accesses
from tests import given
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db

CLAIM = """
INSERT INTO governance_access
       (person_id, what, why, user_id, organisation_id, role, purpose, leaf, at)
VALUES (%s, 'page', 'why', %s, %s, 'GOVERNANCE', 'another purpose', 'forged', '2020-01-01')
"""


def only():
    """The one note that somebody else than the worker made."""
    return Access.objects.exclude(role="WORKER").get()


def test_who_and_why_come_from_the_session_and_not_from_the_caller(worker):
    person, practice = given.enrolment().person, given.area().practice
    doctor = given.user("PRACTICE", practice)

    with given.acting(doctor) as viewer:
        record_access([person.pk], what="practice.person", why="looking at the review")

    note = only()
    assert (note.user_id, note.organisation_id, note.role) == (doctor.pk, practice.pk, "PRACTICE")
    assert (note.person_id, note.what, note.why) == (
        person.pk,
        "practice.person",
        "looking at the review",
    )
    assert note.purpose == given.programme().purpose
    assert abs(note.at - viewer.at).total_seconds() < 60


def test_a_caller_cannot_say_otherwise(worker):
    person, doctor, other = given.enrolment().person, given.user("PRACTICE"), given.user("LEAD")

    with given.acting(doctor), connection.cursor() as cursor:
        cursor.execute(CLAIM, [person.pk, other.pk, given.area().council.pk])

    note = only()
    assert (note.user_id, note.role) == (doctor.pk, "PRACTICE")
    assert note.purpose == given.programme().purpose
    assert note.at.year > 2020
    assert bytes(note.leaf) != b"forged"


def test_the_basis_in_force_is_noted(worker):
    person, doctor = given.enrolment().person, given.user("PRACTICE")

    with given.acting(doctor):
        record_access([person.pk], what="page", why="why")

    assert only().basis_id == LegalBasis.objects.get().pk


def test_without_a_basis_in_force_none_is_claimed(worker):
    person = given.enrolment().person
    doctor = given.user("PRACTICE", purpose="of no legal basis")

    with given.acting(doctor):
        record_access([person.pk], what="page", why="why")

    assert only().basis_id is None


def test_a_list_notes_each_person_shown_once(worker):
    one, other = given.enrolment().person, given.enrolment().person

    with given.acting(given.user("PRACTICE")):
        record_access([one.pk, other.pk, one.pk], what="list", why="why")

    notes = Access.objects.filter(what="list")
    assert {note.person_id for note in notes} == {one.pk, other.pk}
    assert notes.count() == 2


def test_nobody_shown_is_nothing_noted(worker):
    with given.acting(given.user("PRACTICE")):
        record_access([], what="list", why="why")

    assert not Access.objects.filter(what="list").exists()


@pytest.mark.parametrize("token", ["", "made-up"])
def test_without_a_session_it_fails_so_that_nothing_is_shown(worker, token):
    person = given.enrolment().person

    with (
        acting_as(token),
        pytest.raises(DatabaseError, match="nobody is signed in"),
        transaction.atomic(),
    ):
        record_access([person.pk], what="page", why="why")


def test_each_note_carries_the_hash_of_what_it_says(worker):
    person = given.enrolment().person
    with given.acting(given.user("PRACTICE")):
        record_access([person.pk], what="page", why="why")

    note = only()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_build_array(id, at, user_id, organisation_id, role, purpose, basis_id,"
            " person_id, what, why)::text FROM governance_access WHERE id = %s",
            [note.pk],
        )
        (said,) = cursor.fetchone()
    assert bytes(note.leaf) == hashlib.sha256(said.encode()).digest()
    assert json.loads(said)[7] == str(person.pk)


@pytest.mark.parametrize("role", ["PRACTICE", "GOVERNANCE", "LEAD", "CALLER"])
def test_no_role_changes_or_deletes_a_note(worker, role):
    person = given.enrolment().person
    with given.acting(given.user(role)):
        record_access([person.pk], what="page", why="why")
        with row_security_refuses():
            Access.objects.update(why="something else")
        with row_security_refuses():
            Access.objects.all().delete()


def test_not_even_the_worker_changes_a_note(worker):
    record_access([given.enrolment().person.pk], what="page", why="why")

    with row_security_refuses():
        Access.objects.update(why="something else")


@pytest.mark.import_role
def test_imports_are_noted_as_such(transactional_db, administrator):
    record_access([given.uuid.uuid4()], what="people.bring_in", why="found by rules")

    row = administrator.execute("SELECT role, user_id, basis_id FROM governance_access").fetchone()
    assert row == ("IMPORT", None, None)


def test_governance_reads_every_note_and_a_practice_those_of_its_own_people(worker):
    mine = given.enrolment().person
    theirs = given.enrolment(of=given.person(at=given.practice("ELS"))).person
    record_access([mine.pk, theirs.pk], what="page", why="why")

    with given.acting(given.user("PRACTICE", given.area().practice)):
        assert [note.person_id for note in accesses()] == [mine.pk]
    with given.acting(given.user("GOVERNANCE")):
        assert {note.person_id for note in accesses()} == {mine.pk, theirs.pk}


@pytest.mark.parametrize("role", ["CALLER", "LEAD", "SURVEILLANCE"])
def test_others_do_not_read_the_log(worker, role):
    record_access([given.enrolment().person.pk], what="page", why="why")

    with given.acting(given.user(role)):
        assert not accesses().exists()
