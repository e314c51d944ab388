"""A check-in with a keyboard alone: no mouse, no finger, and always seeing where one is."""

import re

from tests import given
from tests.browsing import in_a_browser
from tests.journeys.service import LINK
from tests.journeys.thread import POORLY

pytestmark = in_a_browser
MOST_TABS = 30
FOCUS_SHOWS = """() => {
    const seen = style => style.boxShadow !== "none" || parseFloat(style.outlineWidth) > 0;
    const at = document.activeElement, box = at.getBoundingClientRect();
    const drawn = [getComputedStyle(at), ...(at.labels?.length
        ? [getComputedStyle(at.labels[0], "::before")] : [])];
    return at.matches(":focus-visible") && box.width > 0 && drawn.some(seen);
}"""


def test_a_check_in_can_be_answered_by_keyboard_alone(visit, service, texts):
    with given.as_worker():
        enrolment = given.enrolment()
    service.go_round()
    phone = visit()
    phone.open(LINK.search(texts.outbox.all()[-1].body).group())
    born = enrolment.person.birth_date

    tab_to(phone.page, 'a[href="#maincontent"]')
    enter(phone, {"Day": born.day, "Month": born.month, "Year": born.year})
    while asked := re.search(r"/check-in/(q|help-now)/([\w-]+)", phone.page.url):
        page, link_id = asked.groups()
        if page == "q" and link_id in POORLY:
            choose(phone.page, POORLY[link_id])
        go_on(phone)
    go_on(phone)

    assert phone.reads("What happens next")


def enter(phone, fields):
    """Type into fields that follow one another, and send by the enter key."""
    for label, value in fields.items():
        field = phone.page.get_by_label(label, exact=True)
        tab_to(phone.page, f"#{field.get_attribute('id')}")
        phone.page.keyboard.type(str(value))
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Enter")


def choose(page, code):
    """Into the group of options, and down to the one of this code."""
    tab_to(page, 'input[name="answer"]')
    page.keyboard.press("Space")
    for _ in range(page.locator('input[name="answer"]').count()):
        if page.evaluate("document.activeElement.value") == code:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option {code}")


def go_on(phone):
    """The page's one way on: its button."""
    tab_to(phone.page, "main .nhsuk-button:not([href^='tel:'])")
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Enter")


def tab_to(page, wanted):
    """Press the tab key until there; on the way, where one is must always show."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SHOWS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the tab key does not lead to {wanted}")
