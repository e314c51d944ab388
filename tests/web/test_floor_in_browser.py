"""A supervisor's day in a real browser, wide and narrow, and without script."""

from datetime import timedelta

import pytest

from openprotect.calls.actions import claim_next
from openprotect.floor.actions.sheets import make_sheet
from openprotect.pathway.rounds import ROUND, beat
from tests import given
from tests.browsing import browser, faults_of_access, in_a_browser, pixels_too_wide
from tests.floor.given_floor import calls, on_shift

__all__ = ["browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def floor(worker_committing):
    """A supervisor, two call handlers on shift, one of them in a call, and calls that wait."""
    beat(ROUND)
    boss, tom, grace = given.user("SUPERVISOR"), given.user("CALLER"), given.user("CALLER")
    on_shift(boss, tom, grace)
    calls(6)
    with given.acting(tom) as me:
        make_sheet(2, rung_by="", holds_for=timedelta(hours=8), viewer=me, at=me.at)
        claim_next(viewer=me, at=me.at)
    return boss, tom, grace


def opened(browser, live_server, someone, width, *, script=True):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script
    )
    cookie = {"name": "openprotect_staff", "value": given.token_of(someone)}
    context.add_cookies([cookie | {"url": live_server.url}])
    return context.new_page()


def in_order(page):
    faults, too_wide = faults_of_access(page), pixels_too_wide(page)
    assert (faults, too_wide > 0) == ({}, False), page.url


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_of_the_floor_is_in_order(floor, browser, live_server, width):
    boss, tom, grace = floor
    page = opened(browser, live_server, boss, width)
    for where in ("", "ahead/", "shifts/", "loans/", "calls/", "paper/", f"people/{grace.pk}/"):
        page.goto(f"{live_server.url}/floor/{where}")
        in_order(page)
    page.goto(f"{live_server.url}/floor/")
    page.get_by_role("link", name=f"Listened in to {tom.name}").click()
    in_order(page)

    page = opened(browser, live_server, tom, width)
    for where in ("mine/", "paper/", "paper/bring/"):
        page.goto(f"{live_server.url}/floor/{where}")
        in_order(page)
    page.goto(f"{live_server.url}/floor/paper/")
    page.get_by_role("link", name="Sheet 1").click()
    in_order(page)
    page.get_by_role("link", name="Enter line 1").click()
    in_order(page)


def test_the_board_keeps_itself_up_to_date(floor, browser, live_server):
    expect = pytest.importorskip("playwright.sync_api").expect
    boss, _, grace = floor
    page = opened(browser, live_server, boss, 1280)
    page.clock.install()
    page.goto(f"{live_server.url}/floor/")
    before = page.locator("[data-pulse]").get_attribute("data-pulse")
    with given.acting(grace) as me:
        claim_next(viewer=me, at=me.at)

    page.clock.run_for(16_000)

    expect(page.locator("[data-pulse]")).not_to_have_attribute("data-pulse", before)


def test_calls_are_spread_without_script(floor, browser, live_server):
    boss, _, grace = floor
    page = opened(browser, live_server, boss, 375, script=False)
    page.goto(f"{live_server.url}/floor/")

    page.get_by_role("button", name="Spread the queue evenly").click()

    assert "given by name" in page.content()
    assert grace.name in page.content()
