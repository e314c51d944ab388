"""What must we do first? The list, its filters, and who is let in."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.alerts.models import Alert
from openprotect.governance.models import Access
from tests import given
from tests.given import NOON
from tests.web.triage.at_the_desk import alert, page, team

pytestmark = pytest.mark.django_db


def test_the_most_urgent_is_first(desk):
    later = alert(urgency=3, reason="Lonely most of the time")
    first = alert(urgency=1, reason="Chest pain now")

    text = page(desk, "/alerts/")

    assert text.index(first.reason) < text.index(later.reason)
    assert "What must we do first?" in text


def test_everybody_listed_is_written_down(desk, nurse):
    one, other = alert(), alert()

    desk.get("/alerts/")

    seen = Access.objects.filter(user=nurse, what="alerts.worklist")
    assert set(seen.values_list("person_id", flat=True)) == {one.person_id, other.person_id}


def test_overdue_is_worked_out_when_it_is_read(desk):
    alert(
        raised_at=NOON - timedelta(days=3),
        accept_by=NOON - timedelta(days=3),
        due_at=NOON - timedelta(days=2),
    )
    fresh = alert(due_at=NOON + timedelta(days=5), accept_by=NOON + timedelta(days=4))

    text = page(desk, "/alerts/?overdue=yes")

    assert "Overdue since" in text
    assert fresh.person.family_name not in text


def test_what_other_teams_have_is_said_and_can_be_looked_at(desk):
    alert(by=team("council"), reason="No food at home")

    assert "1 more is with other teams." in page(desk, "/alerts/")
    assert "No food at home" in page(desk, "/alerts/?whose=others")


def test_an_empty_list_teaches(desk):
    assert "Nothing waits for your team." in page(desk, "/alerts/")


@pytest.mark.parametrize(
    "query",
    [
        "urgency=soon",
        "page=0",
        "page=-1",
        "page=1000000",
        "page=x",
        "whose=all",
        "sort=reason",
        "overdue=1",
        "accepted=yes",
    ],
)
def test_a_list_that_cannot_be_is_a_bad_request(desk, query):
    assert desk.get(f"/alerts/?{query}").status_code == 400


def test_fifty_stand_on_a_page_in_a_total_order(desk, django_assert_max_num_queries):
    for each in range(52):
        alert(of=given.enrolment(), reason=f"Need {each:02d}", source_id=uuid4())

    with django_assert_max_num_queries(26):
        first = page(desk, "/alerts/")
    second = page(desk, "/alerts/?page=2")

    found = [[f"Need {each:02d}" in text for each in range(52)] for text in (first, second)]
    assert [sum(each) for each in found] == [50, 2]
    assert "Next 50" in first


def test_after_the_basis_has_ended_the_practice_still_sees_and_works_it(client, worker):
    given.basis("covid-protect", ends_at=NOON - timedelta(days=2))
    made = given.alert()
    given.sign_in(client, given.user("PRACTICE", given.area().practice))

    assert made.person.family_name in page(client, "/alerts/")
    client.post(f"/alerts/{made.pk}/acceptance/")
    client.post(f"/alerts/{made.pk}/closure/", {"outcome": "SEEN"})

    made.refresh_from_db()
    assert made.status == Alert.Status.CLOSED


def test_after_the_basis_has_ended_nobody_else_sees_it(desk):
    given.programme()
    made = alert()
    hide = given.user("LOCALITY", given.area().locality, purpose="another-purpose")
    given.sign_in(desk, hide)

    assert desk.get(f"/alerts/{made.pk}/").status_code == 404


ENDS = ("", "acceptance/", "closure/", "handover/")


@pytest.mark.parametrize("role", ["PRACTICE", "LOCALITY", "PARTNER"])
def test_another_organisations_alert_is_not_there(client, worker, role):
    made = alert()
    other = given.practice("OTH", locality=given.locality("LOC2"))
    given.sign_in(client, given.user(role, other))

    codes = {client.post(f"/alerts/{made.pk}/{end}", {"note": "x"}).status_code for end in ENDS[1:]}

    assert codes | {client.get(f"/alerts/{made.pk}/").status_code} == {404}


@pytest.mark.parametrize("role", ["CALLER", "LEAD", "GOVERNANCE"])
def test_other_roles_do_not_come_to_the_desk(client, worker, role):
    made = alert()
    given.sign_in(client, given.user(role))

    codes = {client.post(f"/alerts/{made.pk}/{end}").status_code for end in ENDS[1:]}

    assert codes | {client.get("/alerts/").status_code} == {403}


def test_nobody_signed_in_is_sent_to_the_start(client, worker):
    made = alert()

    assert client.get("/alerts/").status_code == 302
    assert client.get(f"/alerts/{made.pk}/").status_code == 302
