"""A steward's day in a browser: an import looked at and taken, a row let go, a pair decided."""

import pytest

from openprotect.pathway.rounds import ROUND, beat
from openprotect.records.models import Changeset, ChangesetProblem, Proposal
from tests import given
from tests.browsing import browser, in_a_browser
from tests.records.test_settling import strangers
from tests.web.stewarding.imported import ADA, BEA, propose, row, take_in
from tests.web.test_work_in_browser import at_work, in_order

__all__ = ["at_work", "browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [(1280, True), (375, True), (375, False)]


def a_day():
    """Somebody who is here twice; a row held back; and an import that waits for a second person."""
    everybody = [row(ADA), row(BEA, postcode="NR1 1AA"), *strangers()]
    take_in(*everybody, extract_on="2026-11-01")
    propose()
    take_in(row(ADA, born="1951-04-03"))
    take_in(*everybody[:200], row(ADA, mobile="07700900009"), extract_on="2026-10-01", whole=True)


@pytest.fixture
def steward(at_work, live_server):
    def come(width, *, script):
        given.programme()
        someone = given.user("STEWARD", given.area().system)
        a_day()
        beat(ROUND)
        page = at_work(someone, width, script=script)
        page.goto(f"{live_server.url}/records/")
        page.at = live_server.url
        return page

    return come


def press(page, name, role="button"):
    page.get_by_role(role, name=name).first.click()
    in_order(page)


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_an_import_is_looked_at_taken_and_undone(steward, width, script):
    page = steward(width, script=script)
    in_order(page)

    press(page, "Look at it", "link")
    assert "Nobody of these practices" not in page.inner_text("h1")
    press(page, "Examples: people before and after", "link")
    page.go_back()
    press(page, "Take it into the records")
    assert "is taken. It can be undone below." in page.inner_text(".op-flashes")
    press(page, "Undo it", "link")
    page.get_by_label("Why?").fill("It was last month's")
    press(page, "Undo it")

    assert "Undone: import 3." in page.inner_text(".op-flashes")
    assert Changeset.objects.get(number=3).status == "UNDONE"


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_a_row_is_let_go_and_a_pair_decided(steward, width, script):
    page = steward(width, script=script)

    press(page, "Rows held back", "link")
    press(page, "Let it go")
    assert "Let go." in page.inner_text(".op-flashes")
    press(page, "One person or two?", "link")
    press(page, "Two people")
    assert "is not proposed again" in page.inner_text(".op-flashes")

    assert ChangesetProblem.objects.get().settled_as == "REJECTED"
    assert Proposal.objects.get().status == "DECLINED"
