"""A practice's front page: what waits, what came of alerts, who looked."""

from datetime import timedelta

import pytest

from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Alert
from openprotect.governance.models import Access
from openprotect.places.models import Team
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
TO_REVIEW = {"active": False, "preview_ends_at": NOON + timedelta(days=40)}


@pytest.fixture
def practice(worker, client):
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_whoever_waits_for_review_is_counted_by_deadline(practice):
    given.enrolment(**TO_REVIEW)
    given.enrolment(**TO_REVIEW)

    page = seen(practice.get("/practice/"))

    assert "Look through 2 patients" in page
    assert "2 patients to look through by" in page
    assert "If you do nothing, we invite them" in page


def test_open_and_overdue_alerts_are_told_apart_from_those_with_other_teams(practice):
    given.alert(due_at=NOON + timedelta(days=9))
    late = NOON - timedelta(days=2)
    given.alert(
        raised_at=late, accept_by=late, due_at=late, by=Team.objects.get(function="council")
    )

    page = seen(practice.get("/practice/"))

    assert "1 more open alert about your patients is with other teams, 1 of them overdue" in page


def test_the_outcome_of_a_closed_alert_is_told_back(practice):
    alert = given.alert()
    nurse = given.user("SURVEILLANCE")
    with given.acting(nurse) as viewer:
        alerts.close(alert, Alert.Outcome.SEEN, note="Seen at home", viewer=viewer, at=NOON)

    page = seen(practice.get("/practice/"))

    assert "Seen or visited<small>Seen at home</small>" in page
    assert nurse.name in page


def test_who_opened_a_record_is_shown_on_the_practices_page(practice):
    alert = given.alert()
    nurse = given.user("SURVEILLANCE")
    with given.acting(nurse) as viewer:
        alerts.accept(alert, viewer=viewer, at=NOON)

    page = seen(practice.get("/practice/"))

    assert f"{nurse.name}<small>surveillance team, Sys</small>" in page
    assert "Working an alert" in page


def test_each_person_named_on_the_page_is_noted_as_shown(practice):
    told = given.alert(
        status="CLOSED", closed_at=NOON, closed_by=given.user("SURVEILLANCE"), outcome="ADVICE"
    )
    given.enrolment(**TO_REVIEW)

    practice.get("/practice/")

    shown = Access.objects.filter(what="practice.home").values_list("person_id", flat=True)
    assert list(shown) == [told.person_id]


def test_another_practices_patients_are_not_counted(practice):
    given.enrolment(of=given.person(at=given.practice("OTHER")), **TO_REVIEW)

    assert "Nobody to review." in seen(practice.get("/practice/"))


def test_an_empty_practice_is_taught_what_will_come(practice):
    given.programme()

    page = seen(practice.get("/practice/"))

    assert "When the rules find more of your patients, they wait here" in page
    assert "When somebody helps one of your patients, the outcome comes back" in page


def test_the_front_page_costs_the_same_however_many_patients(
    practice, django_assert_max_num_queries
):
    for _ in range(3):
        given.enrolment(**TO_REVIEW)
        given.alert()

    with django_assert_max_num_queries(29):
        practice.get("/practice/")


def test_nobody_who_is_not_signed_in_sees_it(client, db):
    assert client.get("/practice/").status_code == 302


@pytest.mark.parametrize("role", ["CALLER", "LOCALITY", "SURVEILLANCE", "LEAD", "GOVERNANCE"])
def test_another_role_does_not_see_it(client, worker, role):
    given.sign_in(client, given.user(role))

    assert client.get("/practice/").status_code == 403
