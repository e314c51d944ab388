"""Which practices have not looked, by when, and who is no longer found: counts, nobody's name."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.enrolments.actions.absences import note_missing
from openprotect.enrolments.chores import remind_due
from openprotect.enrolments.rules import Missing
from openprotect.programmes.actions import adapt
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
REVIEWS = "/programme/reviews/"


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def lead(worker, client):
    given.programme()
    return given.sign_in(client, given.user("LEAD"))


def in_review(*, days=40, at=None):
    ends_at = NOON + timedelta(days=days)
    return given.enrolment(of=given.person(at=at), active=False, preview_ends_at=ends_at)


def test_practices_that_have_not_looked_are_named_with_people_and_deadline(lead):
    in_review(), in_review(at=given.practice("FAR"))

    page = seen(lead.get(REVIEWS))

    assert "2 practices have not looked yet" in page
    assert "with 2 people to look through" in page
    assert "Far<small>Loc</small>" in page
    assert "None has been reminded yet." in page


def test_the_front_page_says_so_and_leads_there(lead):
    in_review()

    page = seen(lead.get("/programme/"))

    assert "1 practice has not looked yet" in page
    assert f'href="{REVIEWS}"' in page


def test_a_reminder_is_seen_by_the_practice_and_by_the_lead(lead, client):
    waiting = in_review(days=2)
    remind_due(at=NOON + timedelta(days=1))

    assert "1 was reminded." in seen(lead.get(REVIEWS))
    given.sign_in(client, given.user("PRACTICE", waiting.practice))
    assert "You were reminded here" in seen(client.get("/practice/review/"))


def test_what_happens_at_the_deadline_is_said_for_each_practice(lead):
    in_review(), in_review(at=given.practice("FAR", locality=given.locality("LOC2")))
    with given.acting(given.user("LOCALITY", given.area().locality)) as viewer:
        adapt(given.programme(), "preview_default", "hold", reason="why", viewer=viewer, at=NOON)

    page = seen(lead.get(REVIEWS))

    assert "nobody is contacted until they look" in page
    assert "all are invited whom they have not kept out" in page


def test_whom_the_rules_no_longer_find_is_counted_by_practice_and_reason(lead):
    gone = [given.enrolment() for _ in range(2)]
    why = {each.pk: Missing("RULE", "no rule holds any longer") for each in gone}
    note_missing(gone[0].programme, why, run=uuid4(), at=NOON)

    page, front = seen(lead.get(REVIEWS)), seen(lead.get("/programme/"))

    assert "No rule holds any longer</td><td>2</td>" in page
    assert "2 people are no longer found by the rules" in front
    assert gone[0].person.family_name not in page + front


def test_when_all_have_looked_the_page_says_so(lead):
    given.enrolment()

    page = seen(lead.get(REVIEWS))

    assert "Every practice has looked." in page
    assert "Nobody: the rules still find everyone in the programme" in page


def test_a_locality_chooses_to_hold_in_words(client, worker):
    programme = given.programme()
    given.sign_in(client, given.user("LOCALITY", given.area().locality))

    page = seen(client.get(f"/programme/{programme.pk}/adapt/preview_default/"))

    assert "Hold: nobody is contacted until the practice has looked" in page


@pytest.mark.parametrize("role", ["PRACTICE", "LOCALITY", "CALLER"])
def test_other_roles_do_not_see_it(client, worker, role):
    given.sign_in(client, given.user(role))

    assert client.get(REVIEWS).status_code == 403


def test_nobody_who_is_not_signed_in_sees_it(client, db):
    assert client.get(REVIEWS).status_code == 302
