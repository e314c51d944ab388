"""Answering a check-in by the link in a text, or on the phone, as a story says."""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import unquote

from django.conf import settings

from openprotect.cli.demonstration.browser import Browser, Form, Page, WalkFailed
from openprotect.packs import load

Story = dict[str, str]
MOST_PAGES = 60
# What somebody says of the help they had; no question of a pack is called so.
HELPED = "did-it-help"


def answer_by_link(browser: Browser, link: str, born: date, story: Story) -> None:
    """Open the link, give the birth date, answer each question, look it over, send."""
    page = browser.get(link)
    form = _needed(page, "born_day")
    day = {"born_day": born.day, "born_month": born.month, "born_year": born.year}
    page = browser.submit(page, form, **{name: str(part) for name, part in day.items()})
    for _ in range(MOST_PAGES):
        if page.path == "/check-in/":
            return
        page = _next_page(browser, page, story)
    raise WalkFailed("the check-in did not come to an end")


def _next_page(browser: Browser, page: Page, story: Story) -> Page:
    if page.path.startswith("/check-in/q/"):
        asked = unquote(page.path.removeprefix("/check-in/q/"))
        return browser.submit(page, _needed(page), **_given(page, story.get(asked, "")))
    if page.path.startswith(("/check-in/help-now/", "/check-in/again")):
        return browser.get(_onward(page))
    if page.path == "/check-in/did-it-help":
        return browser.submit(page, _needed(page, "helped"), helped=story.get(HELPED, "YES"))
    if page.path == "/check-in/answers":
        return browser.submit(page, _needed(page))
    raise WalkFailed(f"an unexpected page in a check-in, status {page.status}")


def _given(page: Page, answer: str) -> dict[str, str]:
    form = page.form("answer")
    return {"answer": answer} if form else {}


def _needed(page: Page, *names: str) -> Form:
    """The form that a step stands on; the first that is sent, when no field is named."""
    for each in page.forms:
        if each.method == "post" and set(names) <= each.names and "sign-out" not in each.action:
            return each
    raise WalkFailed(f"a page has no form to send, status {page.status}")


def _onward(page: Page) -> str:
    """The way on from an emergency page, or from last time's answers: to the questions."""
    ways = [link for link in page.links if link.startswith("/check-in/")]
    if not ways:
        raise WalkFailed("a page before the questions has no way on")
    return ways[-1]


def answer_by_phone(browser: Browser, story: Story | None) -> None:
    """Take the next call; ask the questions and record, or record that nobody answered."""
    page = browser.get("/calls/")
    form = page.form(action="/calls/next/")
    if form is None:
        raise WalkFailed("the calls page has no next call")
    page = browser.submit(page, form)
    if not re.fullmatch(r"/calls/[0-9a-f-]{36}/", page.path):
        raise WalkFailed("no call was waiting")
    if story is None:
        page = browser.get(f"{page.path}outcome/")
        browser.submit(page, _needed(page, "outcome"), outcome="NO_ANSWER")
        return
    _ask_everything(browser, browser.get(f"{page.path}questions/?all=yes"), story)


def _ask_everything(browser: Browser, page: Page, story: Story) -> None:
    link_id = _names_of_questions()
    for _ in range(MOST_PAGES):
        if page.path.endswith("/outcome/"):
            done = browser.submit(page, _needed(page, "outcome"), outcome="ANSWERED")
            if done.path != "/calls/":
                raise WalkFailed("the outcome of a call was not taken")
            return
        number = re.search(r"/questions/(\d+)/$", page.path)
        if number is None:
            raise WalkFailed(f"an unexpected page in a call, status {page.status}")
        answer = story.get(link_id(int(number.group(1))), "")
        page = browser.submit(page, _needed(page), **_given(page, answer))
    raise WalkFailed("the questions of a call did not come to an end")


def _names_of_questions() -> Callable[[int], str]:
    items = load(settings.OPENPROTECT.packs / "covid-protect").questionnaire.items
    return lambda number: items[number - 1].link_id
