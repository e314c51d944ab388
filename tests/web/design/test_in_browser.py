"""The style page in a real browser: no fault of access, nothing cut off, nothing blocked."""

import pytest

from tests.browsing import faults_of_access, in_a_browser, pixels_too_wide
from tests.web.design.shown import ADDRESSES, SITE, answer

pytestmark = in_a_browser


@pytest.fixture
def opened(browser):
    pages = []

    def open_at(width, **options):
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        page.route("**/*", answer)
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.close()


@pytest.mark.parametrize("width", [1280, 375])
def test_nobody_is_kept_out(opened, width):
    page = opened(width)
    faults = {}
    for address in ADDRESSES:
        page.goto(SITE + address)
        faults |= {f"{address} {rule}": at for rule, at in faults_of_access(page).items()}

    assert faults == {}


@pytest.mark.parametrize("width", [320, 640, 900])
def test_no_page_must_be_moved_sideways(opened, width):
    page = opened(width)
    over = {}
    for address in ADDRESSES:
        page.goto(SITE + address)
        over[address] = pixels_too_wide(page)

    assert {address: width for address, width in over.items() if width > 0} == {}


def test_the_policy_blocks_nothing_of_ours(opened):
    page, said = opened(1280), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in (each for each in ADDRESSES if "error" not in each):
        page.goto(SITE + address)

    assert said == []


def test_every_target_is_large_enough_for_a_finger(opened):
    page = opened(375)
    page.goto(f"{SITE}/question/")

    heights = page.evaluate(
        "[...document.querySelectorAll('.op-back, .nhsuk-button, .op-buttons a')]"
        ".map(each => each.getBoundingClientRect().height)"
    )

    assert min(heights) >= 24


def test_patients_read_nothing_smaller_than_19_pixels(opened):
    page = opened(375)
    page.goto(f"{SITE}/question/unanswered/")

    sizes = page.evaluate(
        "[...document.querySelectorAll('main *, .op-help *')]"
        ".filter(each => each.childNodes[0]?.nodeType === 3 && each.childNodes[0].nodeValue.trim())"
        ".map(each => parseFloat(getComputedStyle(each).fontSize))"
    )

    assert min(sizes) >= 19


def test_without_script_a_question_can_still_be_answered(opened):
    page = opened(600, java_script_enabled=False)
    page.goto(f"{SITE}/question/")

    page.get_by_label("When I walk on the flat").check()

    assert page.get_by_role("button", name="Continue").is_visible()
