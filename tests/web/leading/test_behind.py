"""The persons behind a figure: for those who work for them, each opening written down."""

from datetime import timedelta

import pytest

from openprotect.governance.models import Access
from openprotect.messages.models import Outage
from openprotect.reports.queries.behind_figures import FIGURES, behind
from openprotect.reports.queries.grip import grip
from openprotect.reports.rules import DEFINITIONS, period
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def somebody():
    """One person who is overdue, silent, not reached and waits for a call."""
    since = NOON - 3 * DAY
    alert = given.alert(raised_at=since, accept_by=since, due_at=since)
    for days in (1, 2, 3, 4):
        opens = NOON - days * DAY
        given.checkin(of=alert.enrolment, status="MISSED", due_on=opens.date(), opens_at=opens,
                      closes_at=opens + timedelta(hours=20))  # fmt: skip
    checkin = alert.enrolment.checkins.first()
    given.call(of=checkin, status="HANDED_ON", outcome="WRONG_NUMBER", ended_at=NOON)
    return alert


def test_whoever_is_named_is_whoever_is_counted(worker):
    alert = somebody()
    surveillance = given.user("SURVEILLANCE")
    with given.acting(surveillance) as viewer:
        counts = grip(alert.programme, period("week"), at=viewer.at).total
        for figure in FIGURES:
            found = behind(viewer, alert.programme, figure, page=1)
            assert found.total == counts.of(figure), figure


def test_a_locality_opens_its_own_people_and_it_is_written_down(worker, client):
    alert = somebody()
    here = given.user("LOCALITY", given.area().locality)
    desk = given.sign_in(client, here)

    page = text(desk.get("/programme/behind/overdue/"))

    assert alert.person.family_name in page
    assert Access.objects.filter(user=here, person_id=alert.person_id, what="grip.behind").exists()
    elsewhere = given.sign_in(client, given.user("LOCALITY", given.locality("LOC2")))
    assert alert.person.family_name not in text(elsewhere.get("/programme/behind/overdue/"))


@pytest.mark.parametrize("role", ["LEAD", "CALLER", "PRACTICE", "CLINICAL"])
def test_nobody_else_opens_names(worker, client, role):
    somebody()
    where = given.area().practice if role == "PRACTICE" else None

    desk = given.sign_in(client, given.user(role, where))

    assert desk.get("/programme/behind/overdue/").status_code == 403


def test_doors_lead_to_people_for_those_entitled_and_to_places_for_leads(worker, client):
    somebody()

    lead = text(given.sign_in(client, given.user("LEAD")).get("/programme/"))
    nurse = text(given.sign_in(client, given.user("SURVEILLANCE")).get("/programme/"))

    assert "/programme/behind/" not in lead
    assert "/programme/behind/overdue/" in nurse
    assert "Stop all sending" not in nurse


def test_a_small_number_of_people_is_not_told_to_a_lead(worker, client):
    somebody()

    lead = text(given.sign_in(client, given.user("LEAD")).get("/programme/"))
    nurse = text(given.sign_in(client, given.user("SURVEILLANCE")).get("/programme/"))

    assert 'data-label="In it">1 to 4' in lead
    assert 'data-label="In it">1 to 4' not in nurse


def test_an_outage_and_what_it_excused_are_told(worker, client):
    enrolment = given.enrolment()
    given.checkin(of=enrolment, status="EXCUSED")
    Outage.objects.create(
        of="PROVIDER", found="HEARTBEAT", began_at=NOON - DAY, ended_at=NOON, noted_at=NOON
    )

    page = text(given.sign_in(client, given.user("LEAD")).get("/programme/"))

    assert "Messages could not be sent from" in page
    assert "1 check-in was excused" in page


def test_every_figure_that_opens_has_its_published_definition():
    assert set(FIGURES) <= set(DEFINITIONS)
