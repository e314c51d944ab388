"""No line that is logged says who somebody is, what they said, or how to get in as them."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from django.db import DatabaseError, connection, transaction

from openprotect.alerts.models import Alert
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Channel, Checkin
from openprotect.config import logs
from openprotect.messages.rules import TryLater, Undeliverable
from openprotect.pathway import table
from openprotect.pathway.rounds import go_round
from tests import given
from tests.faults.sweep import ILL
from tests.given import NOON
from tests.listening import logged_lines, personal

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Everything that is logged, down to what only a developer asks for."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    logs.set_up("debug")
    with logged_lines() as lines:
        yield lines
    root.handlers[:] = kept
    root.setLevel(level)


def asked():
    """Somebody whose check-in is open, and who says a lot in their own words."""
    checkin = given.checkin(opens_at=NOON - timedelta(hours=1))
    return checkin, ILL | {"other": f"I am Canary12345, ring me on {checkin.person.mobile}"}


def fails_about(somebody):
    """A step that fails as code fails that did not think of logs."""

    def step(event, at):
        structlog.get_logger("openprotect.step").info("trying", name=somebody.family_name)
        raise ValueError(f"{somebody.family_name}, {somebody.nhs_number}, {somebody.mobile}")

    return step


def test_a_listener_would_hear():
    assert personal(["for Canary12", "to +447700900123", "9990000018 is known", "1 canary row"])
    assert not personal(["step 12 took 7700 ms", "0 of 999 people", str(uuid4())])


def test_the_loop_names_nobody_even_where_a_step_and_a_text_fail(worker, heard, monkeypatch):
    checkin, answers = asked()
    person = checkin.person
    monkeypatch.setitem(table.PATHWAY, "response.conflict", [fails_about(person)])
    given.message(of=given.checkin())
    outbox = given.Outbox(TryLater(person.mobile), Undeliverable("not a number"))

    for said in (answers, {**answers, "cough": "yes"}):
        checkins.submit(checkin, uuid4(), channel=Channel.WEB, at=NOON, answers=said)
    go_round(at=NOON, postbox=outbox)
    go_round(at=NOON + timedelta(hours=1), postbox=outbox)

    assert Alert.objects.exists()
    assert any("step_failed" in line for line in heard)
    assert personal(heard, [answers["other"]]) == []


def test_a_refusal_of_the_database_names_nobody(worker, heard):
    person = given.person()
    copy = {"nhs_number": person.nhs_number, "family_name": person.family_name}

    with pytest.raises(DatabaseError), transaction.atomic():
        given.person(**copy)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM people_person WHERE no_such = %s", [person.nhs_number])
    except DatabaseError:
        structlog.get_logger("openprotect.x").exception("failed", person_id=str(person.pk))

    assert personal(heard, [person.nhs_number]) == []


def test_pages_name_nobody_and_tell_no_secret(worker, heard, client):
    checkin, _ = asked()
    token = checkins.issue_link(checkin, valid_for=timedelta(days=2), at=NOON)
    nurse = given.user("PRACTICE", checkin.person.practice)
    secrets = [token, given.token_of(nurse), "a password", "a note about Canary12345"]

    client.get(f"/c/{token}")
    client.post(f"/c/{token}", {"born_0": "4", "born_1": "3", "born_2": "1941"})
    client.post("/sign-in", {"login": checkin.person.family_name, "password": "a password"})
    given.sign_in(client, nurse)
    for path in ("/practice/", "/practice/people/", "/practice/add/", f"/practice/{uuid4()}/"):
        client.get(path)
        client.post(path, {"nhs_number": checkin.person.nhs_number, "reason": secrets[-1]})

    assert Checkin.objects.exists()
    assert any('"route"' in line for line in heard)
    assert personal(heard, secrets) == []


def test_a_page_that_breaks_names_nobody(worker, heard, client, monkeypatch):
    person = given.enrolment().person
    nurse = given.user("PRACTICE", person.practice)
    client.raise_request_exception = False

    def breaks(*_, **__):
        raise ValueError(f"{person.family_name} at {person.address}")

    monkeypatch.setattr("openprotect.web.practice.pages.patients.home", breaks)
    answer = given.sign_in(client, nurse).get("/practice/")

    assert answer.status_code == 500
    assert any("page failed" in line for line in heard)
    assert personal(heard) == []


def test_the_log_of_our_own_postgresql_names_nobody(worker_committing, own_database):
    local = own_database.server.local
    if local is None:
        pytest.skip("another server keeps its own log")
    person = given.person()

    with pytest.raises(DatabaseError):
        given.person(nhs_number=person.nhs_number, family_name=person.family_name)

    lines = local.log.read_text(errors="replace").splitlines()
    assert any("duplicate key" in line for line in lines)
    assert personal(lines) == []
