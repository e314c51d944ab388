"""The person's pages about contact, in a real browser: narrow, zoomed, right to left, by keys."""

import pytest

from tests.browsing import browser, faults_of_access, in_a_browser, pixels_too_wide
from tests.web.checkin.people import asked, link
from tests.web.checkin.test_in_browser import Walk

__all__ = ["browser"]
pytestmark = [pytest.mark.django_db(transaction=True), *in_a_browser]
PAGES = ["", "/stop", "/ring", "/details", "/needs", "/away", "/way", "/done/away"]
# As on a telephone, as a desk of 1280 px at 200 %, and as somebody reads whose language runs left.
SIGHTS = [(320, "ltr"), (640, "ltr"), (320, "rtl"), (1280, "rtl")]
TURNED = "document.documentElement.dir = '{}'"


@pytest.fixture
def come_in(browser, live_server, worker_committing):
    """Somebody inside by their link."""
    opened = []

    def come(**options):
        context = browser.new_context(base_url=live_server.url, **options)
        opened.append(context)
        walk = Walk(context.new_page(), lambda page: None)
        walk.come_in(f"{live_server.url}/c/{link(asked())}")
        return walk.page

    yield come
    for each in opened:
        each.close()


def test_no_page_about_contact_keeps_anybody_out(come_in, live_server):
    page, faults = come_in(), {}
    for path in [f"/check-in/contact{each}" for each in PAGES] + ["/real", "/code", "/c/none"]:
        page.goto(f"{live_server.url}{path}")
        for width, direction in SIGHTS:
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(TURNED.format(direction))
            if pixels_too_wide(page) > 0:
                faults[path, width, direction] = "too wide"
        if found := faults_of_access(page):
            faults[path] = found

    assert faults == {}


def test_without_script_somebody_says_that_they_will_be_away(come_in, live_server):
    page = come_in(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page.goto(f"{live_server.url}/check-in/contact/away")

    page.get_by_label("In hospital").check()
    page.get_by_role("button", name="Continue").click()

    assert "We will not ask you while you are there" in page.inner_text("main")


def test_by_the_keyboard_alone_somebody_stops_texts(come_in, live_server):
    page = come_in()
    page.goto(f"{live_server.url}/check-in/contact/stop")

    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "scope":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done/**")

    assert "We will not text you again" in page.inner_text("main")
