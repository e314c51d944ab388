"""A GP, a receptionist and a programme lead at work in a real browser, wide and narrow."""

from datetime import timedelta

import pytest

from openprotect.alerts.actions import close
from openprotect.alerts.models import FollowUp
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Choice
from openprotect.places.models import Undertaking
from openprotect.voices.models import Feedback, Note
from tests import given
from tests.browsing import browser, in_a_browser
from tests.given import NOON
from tests.web.checkin.people import asked, link, ready
from tests.web.test_work_in_browser import at_work, in_order

__all__ = ["at_work", "browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]
SIZES = [1280, 375]


def late_alert():
    since = NOON - timedelta(days=3)
    return given.alert(raised_at=since, accept_by=since, due_at=since)


def walk(page, live_server, *addresses):
    for address in addresses:
        page.goto(f"{live_server.url}{address}")
        in_order(page)


@pytest.mark.parametrize("width", SIZES)
def test_a_gp_sees_its_patients_takes_a_kind_and_pauses(at_work, live_server, width):
    late_alert()
    given.enrolment(active=False)
    page = at_work(given.user("PRACTICE", given.area().practice), width)
    walk(page, live_server, "/practice/", "/practice/people/?show=contact", "/practice/access/",
         "/programme/teams/", "/notes/", "/alerts/did-it-help/")  # fmt: skip

    walk(page, live_server, "/practice/taking-part/")
    page.locator("summary", has_text="Change who handles what").click()
    in_order(page)
    food = page.get_by_role("group", name="Alerts about food, care or company")
    food.get_by_label("We take it ourselves").check()
    page.get_by_role("button", name="Keep this").click()
    in_order(page)
    assert Undertaking.objects.get().takes

    page.locator("summary", has_text="Pause for our practice").click()
    until = NOON + timedelta(days=5)
    for name, part in (("Day", until.day), ("Month", until.month), ("Year", until.year)):
        page.get_by_label(name, exact=True).fill(str(part))
    page.get_by_label("Why do you pause?").fill("We are moving house")
    page.get_by_role("button", name="Pause", exact=True).click()
    in_order(page)
    assert "Paused until" in page.inner_text("main")


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, True), (375, False)])
def test_a_receptionist_with_a_patient_on_the_phone(at_work, live_server, width, script):
    enrolment = given.enrolment()
    page = at_work(given.user("PRACTICE", given.area().practice), width, script=script)
    page.goto(f"{live_server.url}/practice/card/")
    in_order(page)
    page.get_by_role("link", name="Find the patient").click()
    page.get_by_role("link", name=f"Ada {enrolment.person.family_name}", exact=True).click()
    in_order(page)
    page.get_by_role("button", name="They are on the phone").click()
    in_order(page)
    page.get_by_label("They have died").check()
    page.get_by_label("When is a good time to ring").fill("the daughter")
    page.get_by_role("button", name="Do it now").click()

    assert "All contact has stopped." in page.inner_text(".op-flashes")
    assert Choice.objects.get().answer == "REFUSED"
    in_order(page)


@pytest.mark.parametrize("width", SIZES)
def test_a_programme_lead_keeps_grip_gently(at_work, live_server, width):
    alert = late_alert()
    lead = given.user("LEAD")
    page = at_work(lead, width)
    walk(page, live_server, "/programme/", "/programme/climbed/", "/programme/teams/",
         f"/programme/teams/{alert.team_id}/", f"/programme/climbed/{alert.team_id}/",
         "/notes/wording/reminder/", "/notes/said/")  # fmt: skip

    walk(page, live_server, "/notes/waiting/")
    page.get_by_role("button", name=f"To {alert.team.name}").click()
    in_order(page)
    assert Note.objects.get().kind == "REMINDER"

    page.get_by_role("button", name="Thank a team").click()
    in_order(page)
    page.get_by_label("Whom do you want to thank?").select_option(alert.team.name)
    page.get_by_label("What for?").fill("For the whole of Sunday")
    page.get_by_role("button", name="Send the thanks").click()
    in_order(page)

    page.get_by_role("link", name="What could be better on this page?").click()
    in_order(page)
    page.get_by_label("What could be better here").fill("Larger figures, please")
    page.get_by_role("button", name="Send it").click()
    in_order(page)
    page.get_by_role("link", name="Answer what was said").click()
    page.get_by_label("We did it").check()
    page.get_by_label("Your answer").fill("They are larger now")
    page.get_by_role("button", name="Answer", exact=True).click()
    in_order(page)
    assert Feedback.objects.get().state == "DONE"


@pytest.mark.parametrize("width", SIZES)
def test_surveillance_on_a_sunday_opens_who_falls_through(at_work, live_server, width):
    alert = late_alert()
    page = at_work(given.user("SURVEILLANCE"), width)
    walk(page, live_server, "/alerts/?whose=fallen", "/programme/", "/programme/behind/overdue/",
         "/programme/teams/", "/alerts/did-it-help/")  # fmt: skip

    page.goto(f"{live_server.url}/programme/behind/overdue/")
    page.get_by_role("link", name=f"Ada {alert.person.family_name}").click()
    in_order(page)
    page.get_by_role("button", name="Step in and accept").click()

    assert "Accepted. It is yours now." in page.inner_text(".op-flashes")


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, True), (375, False)])
def test_a_person_says_that_it_did_not_help(at_work, live_server, width, script):
    checkin, nurse = asked(), given.user("SURVEILLANCE")
    team = given.area().system.covered_by.get(function="surveillance")
    made = given.alert(of=checkin.enrolment, by=team, kind="social", need="social")
    with given.acting(nurse) as viewer:
        close(made, "ARRANGED", note="Shopping", viewer=viewer, at=NOON)
    follow_waiting(at=NOON)
    ready(checkin)
    page = at_work(nurse, width, script=script)
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/c/{link(checkin)}")
    for label, value in (("Day", "4"), ("Month", "3"), ("Year", "1941")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Start").click()
    page.goto(f"{live_server.url}/check-in/answers")
    page.get_by_role("button", name="Send").click()
    in_order(page)

    assert "food and help at home" in page.inner_text("main")
    page.get_by_label("No, it did not help").check()
    page.get_by_role("button", name="Continue").click()

    assert "We have your answers" in page.inner_text("h1")
    assert FollowUp.objects.get().helped == "NO"
    in_order(page)
