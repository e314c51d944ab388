"""The whole check-in in a real browser: on a desk and on a telephone, with script and without."""

import os

import pytest

from tests.browsing import browser, faults_of_access, in_a_browser, pixels_too_wide
from tests.checkins.test_again import both_days
from tests.web.checkin.people import CALM, asked, link, ready

__all__ = ["browser"]
pytestmark = [pytest.mark.django_db(transaction=True), *in_a_browser]
SMALLEST = """
[...document.querySelectorAll('main *, .op-help *')]
  .filter(each => each.offsetParent && !each.closest('.nhsuk-u-visually-hidden')
    && [...each.childNodes].some(node => node.nodeType === 3 && node.nodeValue.trim()))
  .map(each => parseFloat(getComputedStyle(each).fontSize))
"""
STORY = CALM | {"breath": "rest", "hot": "yes", "temperature": "38,5", "other": "Thank you"}


class Walk:
    """One person with one browser; `look` is called with each page that comes."""

    def __init__(self, page, look):
        self.page, self.look = page, look

    def open(self, address):
        self.page.goto(address)
        self.look(self.page)

    def press(self, name, role="button"):
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name).click()
        self.look(self.page)

    def come_in(self, address):
        self.open(address)
        for year in ("1942", "1941"):
            for label, value in (("Day", "4"), ("Month", "3"), ("Year", year)):
                self.page.get_by_label(label, exact=True).fill(value)
            self.press("Start")

    def answer_all(self):
        while "/q/" in self.page.url or "/help-now/" in self.page.url:
            if "/help-now/" in self.page.url:
                self.press("Go on with the questions")
                continue
            if answer := STORY.get(self.page.url.rsplit("/", 1)[1]):
                self.fill_in(answer)
            self.press("Continue")

    def fill_in(self, value):
        option = self.page.locator(f"input[type=radio][value='{value}']")
        if option.count():
            option.check()
            return
        if self.page.get_by_text("There is a problem").count():
            value = value.replace(",", ".")
        self.page.locator("[name=answer]").fill(value)


@pytest.fixture
def walked(browser, live_server, worker_committing):
    """Walks from the text message to the last page, and to the neutral page after it."""

    def walk(look, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        address = f"{live_server.url}/c/{link(asked())}"
        walk = Walk(context.new_page(), look)
        walk.come_in(address)
        walk.answer_all()
        walk.press("Send my answers")
        assert walk.page.get_by_text("What happens next").is_visible()
        walk.open(address)
        context.close()

    return walk


def test_no_page_keeps_anybody_out_or_must_be_moved_sideways(walked):
    faults, seen = {}, []

    def look(page):
        seen.append(page.url)
        for width in (1280, 375, 320):
            page.set_viewport_size({"width": width, "height": 800})
            where = f"{page.title()} at {width}"
            faults.update({f"{where} {k}": v for k, v in faults_of_access(page).items()})
            if pixels_too_wide(page) > 0:
                faults[f"{where} too wide"] = pixels_too_wide(page)
            if min(page.evaluate(SMALLEST)) < 19:
                faults[f"{where} too small"] = min(page.evaluate(SMALLEST))

    walked(look)

    assert faults == {}
    assert len(seen) > 15


def test_nothing_is_blocked_and_no_page_asks_another_site(walked):
    said = []

    def look(page):
        if not said:
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on(
                "request", lambda request: said.append(request.url) if elsewhere(request) else 0
            )
            said.append("")

    walked(look)

    assert [each for each in said if each] == []


def elsewhere(request):
    return not request.url.startswith(("http://localhost", "http://127.0.0.1", "data:"))


def test_it_works_without_script(walked):
    seen = []

    walked(lambda page: seen.append(page.url), java_script_enabled=False)

    assert len(seen) > 15


def test_no_request_carries_the_token_in_its_referer(walked):
    referers = []

    def look(page):
        if not referers:
            page.on("request", lambda each: referers.append(each.headers.get("referer", "")))
            referers.append("")

    walked(look)

    assert not [each for each in referers if "/c/" in each]


def test_the_pages_for_what_seldom_happens_keep_nobody_out_either(
    browser, live_server, worker_committing
):
    context = browser.new_context(base_url=live_server.url)
    first, second = ready(asked()), ready(asked())
    tabs = {name: context.new_page() for name in ("question", "answers", "stale", "sending")}
    keep_cookie(context, live_server.url, first)
    tabs["question"].goto("/check-in/q/breath")
    tabs["answers"].goto("/check-in/answers")
    tabs["stale"].goto("/check-in/q/breath")
    tabs["sending"].goto("/check-in/q/cough?from=answers")
    change = Walk(tabs["sending"], lambda page: None)
    change.fill_in("yes")
    change.press("Continue")
    change.press("Send my answers")
    Walk(tabs["question"], lambda page: None).fill_in("speech")

    for tab, button in (("question", "Continue"), ("answers", "Send my answers")):
        Walk(tabs[tab], must_be_fine).press(button)
    keep_cookie(context, live_server.url, second)
    Walk(tabs["stale"], must_be_fine).press("Continue")

    headings = [tabs[tab].locator("h1").inner_text() for tab in ("question", "answers", "stale")]
    assert headings == [
        "We had your answers already",
        "Your answers were sent already",
        "Please open your link again",
    ]
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_last_times_answers_are_sent_again_with_one_word(
    browser, live_server, worker_committing, script
):
    today = both_days()[1]
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script)
    walk = Walk(context.new_page(), must_be_fine if script else lambda page: None)
    walk.come_in(f"{live_server.url}/c/{link(today)}")

    assert walk.page.locator("h1").inner_text() == "Is all of this still so?"
    walk.press("Yes, send the same answers")

    assert walk.page.get_by_text("What happens next").is_visible()
    context.close()


def keep_cookie(context, url, person):
    token = person.client.cookies["openprotect_person"].value
    context.add_cookies([{"name": "openprotect_person", "value": token, "url": f"{url}/check-in/"}])


def must_be_fine(page):
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert (faults_of_access(page), max(0, pixels_too_wide(page))) == ({}, 0)
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/{page.title()[:12]}.png", full_page=True)
