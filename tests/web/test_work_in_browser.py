"""A call and an alert in a real browser: no fault of access, nothing cut off, no script needed."""

from datetime import timedelta

import pytest

from openprotect.contacts.actions.reaching import set_precaution
from openprotect.pathway.rounds import ROUND, beat
from openprotect.places.models import Team
from tests import given
from tests.browsing import browser, faults_of_access, in_a_browser, pixels_too_wide
from tests.given import NOON

__all__ = ["browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_work(browser, live_server, worker_committing):
    """Open the service as somebody; each page looked at must be in order."""
    beat(ROUND)
    opened = []

    def come(someone, width, *, script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=script
        )
        token = given.token_of(someone)
        cookie = {"name": "openprotect_staff", "value": token, "url": live_server.url}
        context.add_cookies([cookie])
        opened.append(context)
        page = context.new_page()
        page.script = script
        page.goto(live_server.url)
        return page

    yield come
    for context in opened:
        context.close()


def in_order(page):
    """Measured by a script in the page, so only where the browser runs any."""
    if page.script:
        measure(page)


def measure(page):
    faults, too_wide = faults_of_access(page), pixels_too_wide(page)
    assert (faults, too_wide > 0) == ({}, False), page.url


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, True), (375, False)])
def test_a_call_from_the_floor_to_the_emergency(at_work, live_server, width, script):
    given.call()
    page = at_work(given.user("CALLER"), width, script=script)
    page.goto(f"{live_server.url}/calls/")
    in_order(page)

    page.get_by_role("button", name="Take the next call").click()
    in_order(page)
    page.get_by_role("button", name="Start the questions").click()
    page.get_by_label("About the same").check()
    page.get_by_role("button", name="Save and ask the next").click()
    in_order(page)
    page.get_by_label("I am too out of breath to finish a sentence").check()
    page.get_by_label("Your note").fill("Her neighbour has a key")
    page.get_by_role("button", name="Save and ask the next").click()
    assert "Stop the questions" in page.inner_text("h1")
    in_order(page)
    page.get_by_role("button", name="End the call: handed over").click()
    assert page.get_by_label("Your note").input_value() == "Her neighbour has a key"
    in_order(page)
    page.get_by_role("button", name="Record and end the call").click()
    assert "Who has them now?" in page.inner_text("h1")
    in_order(page)
    page.get_by_label("The 999 ambulance service").check()
    page.get_by_label("Yes, and they said that they have it").check()
    page.get_by_role("button", name="Record and end the call").click()

    assert "Done. The call is recorded." in page.inner_text("main, .op-flashes")


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, True), (375, False)])
def test_a_call_that_ends_otherwise(at_work, live_server, width, script):
    call = given.call(due_at=NOON - timedelta(days=1))
    set_precaution(call.person, "DISCREET", at=NOON)
    page = at_work(given.user("CALLER"), width, script=script)
    page.goto(f"{live_server.url}/calls/")
    page.get_by_role("button", name="Take the next call").click()
    assert "Before you dial" in page.inner_text("main")
    in_order(page)
    page.get_by_role("link", name="Nobody answered, or it ended another way").click()
    page.get_by_label("Your note").fill("At her sister's until Friday")
    in_order(page)
    for choice, heading in (
        ("They need another language", "Which language"),
        ("They are in hospital", "When do they come home?"),
        ("Somebody else answered the questions for them", "Who answered for them?"),
        ("Asked us to ring another time", "When shall we ring again?"),
    ):
        page.get_by_label(choice).check()
        page.get_by_role("button", name="Record and end the call").click()
        assert heading in page.inner_text("h1")
        in_order(page)
        if heading != "When shall we ring again?":
            page.get_by_role("button", name="Change how it ended").click()
            assert page.get_by_label("Your note").input_value() == "At her sister's until Friday"
    page.get_by_label("Day").select_option("tomorrow")
    page.get_by_label("Time").select_option("15:00")
    page.get_by_role("button", name="Record and end the call").click()

    assert "comes back as you agreed" in page.inner_text("main, .op-flashes")
    in_order(page)


def test_a_note_is_kept_by_itself_while_it_is_written(at_work, live_server):
    call = given.call(due_at=NOON - timedelta(days=1))
    page = at_work(given.user("CALLER"), 1280)
    page.goto(f"{live_server.url}/calls/")
    page.get_by_role("button", name="Take the next call").click()
    page.get_by_role("link", name="Nobody answered, or it ended another way").click()
    page.get_by_label("Your note").fill("Left her at the door")

    page.get_by_text("Your note is kept.").wait_for()

    page.goto(f"{live_server.url}/calls/{call.pk}/outcome/")
    assert page.get_by_label("Your note").input_value() == "Left her at the door"


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (320, False)])
def test_an_alert_from_the_list_to_its_end(at_work, live_server, width, script):
    given.area()
    made = given.alert(by=Team.objects.get(function="surveillance"))
    page = at_work(given.user("SURVEILLANCE"), width, script=script)
    page.goto(f"{live_server.url}/alerts/")
    in_order(page)

    page.get_by_role("button", name="Accept").click()
    in_order(page)
    page.get_by_role("button", name="Close this alert").click()
    in_order(page)
    page.get_by_label("Advice given").check()
    page.get_by_label("Note").fill("Rang her")
    page.get_by_role("button", name="Close this alert").click()

    assert "Closed." in page.inner_text(".op-flashes")
    page.goto(f"{live_server.url}/alerts/{made.pk}/")
    assert "Rang her" in page.inner_text("main")
    in_order(page)
