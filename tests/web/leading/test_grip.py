"""Is anyone falling through? Numbers by place, no names, and honest when there is no basis."""

from datetime import timedelta

import pytest
from django.db import connection

from openprotect.pathway.rounds import ROUND, beat
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def lead(worker, client):
    given.programme()
    return given.sign_in(client, given.user("LEAD"))


def test_localities_and_practices_are_counted(lead):
    yesterday = NOON - timedelta(days=1)
    given.checkin(status="MISSED", opens_at=yesterday)
    given.alert(due_at=NOON + timedelta(days=9))

    page = seen(lead.get("/programme/"))

    assert "Loc</a> <small>1 practice</small>" in page
    assert "0 answered, 1 missed" in page
    assert "1 open<small>0 overdue</small>" in page


def test_no_name_reaches_a_lead(lead):
    patient = given.alert().person

    for address in ("/programme/", f"/programme/places/{patient.practice_id}/"):
        page = seen(lead.get(address))
        assert patient.family_name not in page
        assert patient.nhs_number not in page


def test_a_door_leads_to_the_practices_it_counts(lead):
    late = NOON - timedelta(days=1)
    given.alert(raised_at=late, accept_by=late, due_at=late)
    calm = given.enrolment(of=given.person(at=given.practice("CALM")))
    given.alert(of=calm, due_at=NOON + timedelta(days=9))

    page = seen(lead.get("/programme/?only=overdue"))

    assert "Practices with: overdue" in page
    assert "Pra</a>" in page
    assert "Calm</a>" not in page


def test_a_locality_opens_to_its_practices(lead):
    given.checkin(status="ANSWERED")

    page = seen(lead.get(f"/programme/places/{given.area().locality.pk}/"))

    assert "How does Loc stand?" in page
    assert "Pra</a>" in page


def test_a_place_without_anybody_is_not_found(lead):
    assert lead.get(f"/programme/places/{given.practice('EMPTY').pk}/").status_code == 404


def test_every_figure_says_what_it_counts(lead):
    page = seen(lead.get("/programme/"))

    assert "Alerts that nobody has closed." in page
    assert "This must be 0." in page.replace("this must be 0.", "This must be 0.")


def test_the_age_of_records_and_the_health_of_background_work_are_said(lead):
    beat(ROUND)

    page = seen(lead.get("/programme/"))

    assert "none have been imported" in page
    assert "last finished a round just now" in page


def test_stopped_background_work_is_said_on_the_page(lead):
    beat(ROUND)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pathway_heartbeat SET at = at - interval '1 hour'")

    assert "Background work stopped 1 h ago" in seen(lead.get("/programme/"))


def test_the_page_costs_the_same_however_many_practices(lead, django_assert_max_num_queries):
    for number in range(4):
        at = given.practice(f"P{number}")
        given.checkin(of=given.enrolment(of=given.person(at=at)), status="MISSED")

    with django_assert_max_num_queries(36):
        lead.get("/programme/")


@pytest.mark.parametrize("role", ["PRACTICE", "CLINICAL", "GOVERNANCE", "CALLER"])
def test_another_role_does_not_see_it(client, worker, role):
    given.sign_in(client, given.user(role))

    assert client.get("/programme/").status_code == 403


def test_a_programme_of_another_purpose_is_not_theirs(client, worker):
    given.programme()
    given.sign_in(client, given.user("LEAD", purpose="another"))

    assert client.get("/programme/").status_code == 404
