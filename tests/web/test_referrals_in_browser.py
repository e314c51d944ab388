"""Asking a council and its answer, by page and by link; a locality's own way: in a real browser."""

import pytest

from openprotect.alerts.models import Alert
from openprotect.places.models import Team
from openprotect.referrals.models import Referral
from tests import given
from tests.browsing import browser, in_a_browser
from tests.referrals.test_by_link import MINUTE, by_link, code_in, sent, token_in
from tests.web.test_work_in_browser import at_work, in_order

__all__ = ["at_work", "browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]
SIZES = [(1280, True), (375, True), (320, True), (320, False)]


def a_nurse_asks(at_work, live_server, width, script):
    given.area()
    made = given.alert(by=Team.objects.get(function="surveillance"), kind="social")
    nurse = at_work(given.user("SURVEILLANCE"), width, script=script)
    nurse.goto(f"{live_server.url}/referrals/for/{made.pk}/")
    in_order(nurse)
    nurse.get_by_label("Cou council").check()
    nurse.get_by_label("What do you ask them to do?").fill("Please bring bread and milk")
    nurse.get_by_label("They sign in here").check()
    nurse.get_by_role("button", name="See what they will see").click()
    in_order(nurse)
    nurse.get_by_role("button", name="Ask them").click()
    in_order(nurse)
    return nurse


@pytest.mark.parametrize(("width", "script"), SIZES)
def test_a_council_is_asked_and_says_what_came_of_it(at_work, live_server, width, script):
    nurse = a_nurse_asks(at_work, live_server, width, script)

    council = at_work(given.user("PARTNER", given.area().council), width, script=script)
    council.goto(f"{live_server.url}/referrals/")
    in_order(council)
    council.get_by_role("button", name="Open Ada").click()
    in_order(council)
    council.get_by_role("button", name="We will do it").click()
    in_order(council)
    council.get_by_label("Help was given").check()
    council.get_by_role("button", name="Say what came of it").click()
    assert "Thank you" in council.inner_text(".op-flashes")
    in_order(council)

    assert Referral.objects.get().outcome == "GIVEN"
    nurse.goto(f"{live_server.url}/referrals/late/")
    in_order(nurse)


@pytest.mark.parametrize(("width", "script"), [(1280, True), (375, True), (320, False)])
def test_one_task_by_link_takes_no_account(at_work, live_server, width, script):
    given.area()
    outbox = given.Outbox()
    _, at = by_link()
    token = token_in(sent(outbox, at)[1])
    nobody = at_work(given.user("CALLER"), width, script=script)
    nobody.context.clear_cookies()
    nobody.goto(f"{live_server.url}/task/{token}/")
    in_order(nobody)
    nobody.get_by_role("button", name="Send us a code").click()
    in_order(nobody)
    code = code_in(sent(outbox, at + MINUTE)[1])
    nobody.get_by_label("The code we sent you").fill(code)
    nobody.get_by_role("button", name="Open the task").click()
    in_order(nobody)
    nobody.locator("summary", has_text="It is done already").click()
    nobody.get_by_label("Help was given").check()
    nobody.get_by_role("button", name="Say what came of it").click()

    assert "Thank you" in nobody.inner_text(".op-flashes")
    in_order(nobody)


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (320, False)])
def test_a_locality_declines_opens_again_and_writes_its_way(at_work, live_server, width, script):
    given.area()
    team = Team.objects.get(function="locality")
    made = given.alert(by=team, kind="medication")
    page = at_work(given.user("LOCALITY", given.area().locality), width, script=script)
    page.goto(f"{live_server.url}/alerts/procedures/")
    in_order(page)
    page.goto(f"{live_server.url}/alerts/procedures/medication/")
    page.get_by_label("How we work this").fill("Ring the pharmacy first.")
    page.get_by_label("What changed, and why?").fill("First version")
    page.get_by_role("button", name="Publish to your area").click()
    in_order(page)
    page.goto(f"{live_server.url}/alerts/{made.pk}/")
    assert "Ring the pharmacy first." in page.inner_text("main")
    in_order(page)
    page.get_by_role("link", name="decline it").click()
    in_order(page)
    page.get_by_label("Why can your team not take it?").fill("We are full today")
    page.get_by_role("button", name="Decline it").click()

    assert "The next team in line has it now." in page.inner_text(".op-flashes")
    assert Alert.objects.get().team.function == "surveillance"
    page.goto(f"{live_server.url}/alerts/?whose=fallen")
    in_order(page)


def test_keys_walk_through_the_list_and_accept(at_work, live_server):
    given.area()
    for _ in range(3):
        given.alert(by=Team.objects.get(function="surveillance"))
    page = at_work(given.user("SURVEILLANCE"), 1280)
    page.goto(f"{live_server.url}/alerts/")
    links = page.locator(".op-table th a")

    links.first.focus()
    page.keyboard.press("j")
    assert links.nth(1).evaluate("each => each === document.activeElement")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.get_by_role("button", name="Take on those ticked").click()

    assert "Accepted 1 alert." in page.inner_text(".op-flashes")
