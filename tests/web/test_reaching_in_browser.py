"""The pages about reaching people and of the ledger, in a real browser: in order at every width.

No fault of access (WCAG 2.2 AA), nothing wider than the page at 320 px and at 200 %, everything to
be had without script and by keyboard.
"""

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.contacts.actions import reaching
from tests import given
from tests.browsing import browser, in_a_browser
from tests.contacts.asking import body_asks, charity, council
from tests.given import NOON
from tests.web.test_work_in_browser import at_work, in_order

__all__ = ["at_work", "browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]
SIZES = [(1280, True), (320, True), (320, False)]
A, B = (synthetic_number(f"in a browser {each}") for each in "ab")
# A page of 1280 px at 200 % has the room of 640.
ZOOMED = 640


def visit(page, live_server, *paths):
    for path in paths:
        page.goto(f"{live_server.url}{path}")
        in_order(page)


@pytest.mark.parametrize(("width", "script"), SIZES)
def test_a_partner_asks_tells_and_gives_back(at_work, live_server, width, script):
    given.programme()
    body_asks(B, body=charity(), topic="food")
    page = at_work(given.user("PARTNER", council()), width, script=script)
    visit(page, live_server, "/contacts/slots/", "/contacts/list/", "/contacts/")

    page.get_by_label("NHS number").fill(A)
    page.get_by_role("button", name="Ask").click()
    assert "Yes: it is your turn" in page.inner_text("h1")
    in_order(page)
    page.get_by_label("Spoke to them").check()
    page.get_by_role("button", name="Say what came of it").click()
    in_order(page)

    page.goto(f"{live_server.url}/contacts/list/")
    page.get_by_label("Or paste it here").fill(f"nhs_number,topic\n{A},food\n{B},food\n{A},food")
    page.get_by_role("button", name="Ask about all of them").click()
    assert "Rows read: 3 = 1 clear + 1 covered" in page.inner_text("main")
    in_order(page)
    visit(page, live_server, "/contacts/slots/", "/contacts/slots/?show=no")


@pytest.mark.parametrize(("width", "script"), [*SIZES, (ZOOMED, True)])
def test_a_practice_looks_for_somebody_and_writes_down_what_to_mind(
    at_work, live_server, width, script
):
    checkin = given.checkin(status="MISSED")
    person = checkin.person
    reaching.set_precaution(person, "SHARED", at=NOON)
    reaching.open_ladder(checkin.enrolment, "RETURNED", at=NOON)
    page = at_work(given.user("PRACTICE", given.area().practice), width, script=script)
    here = f"/reaching/people/{checkin.enrolment_id}/"
    pages = ["mind/", "need/", "away/", "rhythm/", "alive/", "paper/"]
    visit(page, live_server, "/reaching/again/", here, *(f"{here}{each}" for each in pages))

    visit(page, live_server, "/reaching/?why=RETURNED", "/reaching/")
    page.get_by_role("button", name=f"Look for Ada {person.family_name}").first.click()
    in_order(page)
    page.get_by_label("Nothing: take the next step").check()
    page.get_by_label("What you did, and who told you").fill("No other address in the record")
    page.get_by_role("button", name="Save").click()

    assert "Noted. The next step is with the next team now." in page.inner_text(".op-flashes")
    in_order(page)


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True)])
def test_a_lead_sees_who_is_not_reached(at_work, live_server, width, script):
    for _ in range(6):
        reaching.open_ladder(given.enrolment(), "NO_ANSWER", at=NOON)

    visit(at_work(given.user("LEAD"), width, script=script), live_server, "/reaching/equity/")


def test_a_partner_needs_nothing_but_the_keyboard(at_work, live_server):
    given.programme()
    page = at_work(given.user("PARTNER", council()), 1280)
    page.goto(f"{live_server.url}/contacts/")

    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "nhs_number":
            break
    page.keyboard.type(A)
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/slots/**")

    assert "Yes: it is your turn" in page.inner_text("h1")
