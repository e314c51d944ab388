"""A partner's system asks the ledger, tells what came of it, and sees nobody else's business."""

import pytest
from django.db import connection

from openprotect.api.models import Key
from openprotect.base.nhs_number import synthetic_number
from openprotect.contacts.models import Claim
from tests import given
from tests.api.calling import CLAIMS, a_key, partner
from tests.contacts.asking import body_asks, charity, council

pytestmark = pytest.mark.django_db
A, B = synthetic_number("asked a"), synthetic_number("asked b")


def test_a_yes_holds_a_slot_that_can_be_read_again(worker):
    system = partner()

    asked = system.ask(A)

    assert (asked.status_code, asked.json()["answer"]) == (201, "yes")
    shown = system.get(f"{CLAIMS}/{asked.json()['id']}").json()
    assert (shown["status"], shown["topic"], shown["until"]) == (
        "held", "welfare", asked.json()["until"],
    )  # fmt: skip


def test_another_partner_is_told_who_covers_it(worker):
    partner().ask(A)

    told = partner(organisation=charity()).ask(A)

    assert told.status_code == 200
    assert (told.json()["answer"], told.json()["covered_by"]) == ("covered", council().name)
    assert told.json()["id"] is None


def test_somebody_in_a_programme_is_answered_as_a_stranger_is(worker):
    person = given.enrolment().person
    system = partner()

    known, unknown = system.ask(person.nhs_number).json(), system.ask(B).json()

    assert known.keys() == unknown.keys()
    assert {**known, "id": 0} == {**unknown, "id": 0}


def test_nothing_in_any_answer_says_who_was_asked_about(worker):
    person = given.enrolment().person
    system = partner()
    claim = system.ask(person.nhs_number).json()["id"]

    told = system.get(CLAIMS).content + system.get(f"{CLAIMS}/{claim}").content

    songs = (person.nhs_number, str(person.pk), person.family_name)
    assert not any(each.encode() in told for each in songs)


def test_what_came_of_it_is_told_once_and_stays(worker):
    system = partner()
    where = f"{CLAIMS}/{system.ask(A).json()['id']}"

    assert system("PATCH", where, {"outcome": "spoke"}).json()["status"] == "made"
    assert system("PATCH", where, {"outcome": "spoke"}).status_code == 200
    assert system("PATCH", where, {"outcome": "no_answer"}).status_code == 409
    assert system("DELETE", where).status_code == 409


def test_a_slot_given_back_is_free_for_others(worker):
    system = partner()
    where = f"{CLAIMS}/{system.ask(A).json()['id']}"

    assert system("DELETE", where).json()["status"] == "released"
    assert partner(organisation=charity()).ask(A).json()["answer"] == "yes"


def test_pages_of_asks_hold_each_once(worker):
    system = partner()
    for each in range(5):
        system.ask(synthetic_number(f"page {each}"))

    seen, where = [], f"{CLAIMS}?limit=2"
    while where:
        page = system.get(where).json()
        seen += [each["id"] for each in page["claims"]]
        where = f"{CLAIMS}?limit=2&cursor={page['next']}" if page["next"] else ""

    assert len(seen) == len(set(seen)) == 5


def test_the_secret_of_a_key_is_nowhere_in_the_database(worker, administrator):
    secret = a_key().secret

    with connection.cursor() as cursor:
        cursor.execute("SELECT k::text FROM api_key k")
        assert secret not in str(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM api_key")
        assert cursor.fetchone() == (1,)


def test_a_key_is_no_way_into_any_page(worker, client):
    secret = a_key().secret
    client.cookies["openprotect_staff"] = secret

    assert {client.get(path).status_code for path in ("/alerts/", "/programme/", "/role")} <= {
        302, 403, 404,
    }  # fmt: skip


def test_a_staff_session_is_no_key(worker):
    from tests.api.calling import Caller

    someone = given.user("PARTNER", council())

    assert Caller(given.token_of(someone)).get(CLAIMS).status_code == 401


def test_a_claim_of_another_body_is_not_there(worker):
    theirs = body_asks(A, body=charity())

    system = partner()

    assert system.get(f"{CLAIMS}/{theirs.claim_id}").status_code == 404
    assert system("PATCH", f"{CLAIMS}/{theirs.claim_id}", {"outcome": "spoke"}).status_code == 404
    assert system.get(CLAIMS).json()["claims"] == []
    assert Claim.objects.get(pk=theirs.claim_id).status == "HELD"


def test_a_key_issued_twice_is_two_keys(worker):
    assert a_key().secret != a_key().secret
    assert Key.objects.count() == 2
