"""From a run to its difference, a rule tried, the practice's review and the list on paper."""

import re
from datetime import timedelta

import pytest

from openprotect.enrolments.actions import add_reasons
from openprotect.pathway.rounds import ROUND, beat
from tests import given
from tests.browsing import browser, in_a_browser
from tests.enrolments.finding import WHY
from tests.given import NOON
from tests.web.leading.ran import COPD, DIABETES, run, with_codes
from tests.web.test_work_in_browser import at_work, in_order

__all__ = ["at_work", "browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]
A_PAGE = re.compile(rb"/Type\s*/Page\b")
WIDTHS = [(1280, True), (375, True), (375, False)]


def two_runs():
    stay, leaver = with_codes(DIABETES), with_codes(COPD)
    run(stay, leaver, at=NOON - timedelta(days=1))
    run(stay, (leaver[0], []), with_codes(DIABETES, given="Ida"))


@pytest.fixture
def walk(at_work, live_server):
    """Open the service after two runs, as somebody: `walk(role, width, script=…)`."""

    def come(role, width, *, script):
        place = given.area().practice if role == "PRACTICE" else None
        someone = given.user(role, place)
        two_runs()
        with given.as_worker():
            beat(ROUND)
            page = at_work(someone, width, script=script)
        page.at = live_server.url
        return page

    return come


def press(page, name, role="button"):
    page.get_by_role(role, name=name).click()
    in_order(page)


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_from_the_runs_to_the_people_behind_a_count(walk, width, script):
    page = walk("CLINICAL", width, script=script)

    page.goto(f"{page.at}/programme/runs/")
    in_order(page)
    page.locator("tbody th a").first.click()
    in_order(page)
    press(page, "Who joined, left and changed, and why", "link")
    press(page, "New in the records", "link")

    assert "Female, 36" in page.inner_text("main")


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_a_rule_is_tried_corrected_and_tried_again(walk, width, script):
    page = walk("CLINICAL", width, script=script)

    page.goto(f"{page.at}/programme/try/")
    page.get_by_label("Which rule?").select_option(label="Aged 70 or over")
    press(page, "Show its values")
    page.get_by_label("Aged from").fill("old")
    press(page, "Try it")
    assert "Write a whole number from 0 to 200." in page.inner_text("main")
    page.get_by_label("Aged from").fill("30")
    press(page, "Try it")

    assert page.url.endswith("?group=aged-70&set=aged-70.age.from%3D30")
    assert "Would change groups" in page.inner_text("main")


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_a_practice_reviews_decides_and_prints(walk, width, script):
    page = walk("PRACTICE", width, script=script)

    page.goto(f"{page.at}/practice/review/")
    assert "Ida" in page.inner_text("main")
    in_order(page)
    press(page, "No longer found", "link")
    press(page, "Do not contact", "link")
    press(page, "Do not contact")
    assert "is not contacted." in page.inner_text(".op-flashes")
    page.goto(f"{page.at}/practice/print/")
    in_order(page)

    assert "Confidential" in page.inner_text(".op-sheet")


def test_a_patient_is_explained_in_order(at_work, live_server):
    doctor = given.user("PRACTICE", given.area().practice)
    someone = with_codes(DIABETES)
    run(someone)
    with given.as_worker():
        beat(ROUND)
        page = at_work(doctor, 375)

    page.goto(f"{live_server.url}/practice/why/")
    page.get_by_label("NHS number").fill(someone[0].nhs_number)
    page.get_by_role("button", name="Ask the rules").click()

    assert "Found, in 1 group" in page.inner_text("main")
    in_order(page)


def test_on_paper_each_sheet_is_a_page(at_work, live_server, worker_committing):
    ends_at = NOON + timedelta(days=40)
    for _ in range(26):
        add_reasons(given.enrolment(active=False, preview_ends_at=ends_at), [WHY], at=NOON)
    page = at_work(given.user("PRACTICE", given.area().practice), 1280)

    page.goto(f"{live_server.url}/practice/print/")
    paper = page.pdf(format="A4")

    assert len(A_PAGE.findall(paper)) == 2
