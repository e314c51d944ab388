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


def twice_here():
    """Somebody who is here twice, and a row held back."""
    take_in(row(ADA), row(BEA, postcode="NR1 1AA"), *strangers())
    propose()
    take_in(row(ADA, born="1951-04-03"))


def older():
    """An import that waits for a second person, with somebody new and somebody changed."""
    take_in(row(ADA), extract_on="2026-11-01")
    take_in(
        row(ADA, mobile="07700900009"), row(BEA, "Bea"), row("9990000001"), extract_on="2026-10-01"
    )


@pytest.fixture
def steward(at_work, live_server):
    def come(width, imports, *, script):
        given.programme()
        someone = given.user("STEWARD", given.area().system)
        imports()
        beat(ROUND)
        page = at_work(someone, width, script=script)
        page.goto(f"{live_server.url}/records/")
        return page

    return come


def press(page, name, role="button"):
    page.get_by_role(role, name=name).first.click()
    in_order(page)


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_an_import_is_looked_at_taken_and_undone(steward, width, script):
    page = steward(width, older, script=script)
    in_order(page)

    press(page, "Look at it", "link")
    assert "The extract is older than the last one" in page.inner_text("main")
    press(page, "Which rows", "link")
    page.go_back()
    press(page, "Examples: people before and after", "link")
    assert "07700 900009" in page.inner_text("main")
    page.go_back()
    press(page, "Take it into the records")
    assert "is taken. It can be undone below." in page.inner_text(".op-flashes")
    press(page, "Undo it", "link")
    page.get_by_label("Why?").fill("It was last month's")
    press(page, "Undo it")

    assert "Undone: import 2." in page.inner_text(".op-flashes")
    assert Changeset.objects.get(number=2).status == "UNDONE"


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_a_row_is_let_go_and_a_pair_decided(steward, width, script):
    page = steward(width, twice_here, script=script)

    press(page, "Rows held back", "link")
    press(page, "Let it go")
    assert "Let go." in page.inner_text(".op-flashes")
    press(page, "One person or two?", "link")
    press(page, "Two people")
    assert "is not proposed again" in page.inner_text(".op-flashes")

    assert ChangesetProblem.objects.get().settled_as == "REJECTED"
    assert Proposal.objects.get().status == "DECLINED"
