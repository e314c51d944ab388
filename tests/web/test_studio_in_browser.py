"""The studio in a real browser: every page in order, wide and narrow, with and without script."""

import re

import pytest

from openprotect.packs import from_files
from openprotect.pathway.rehearsing import rehearse
from openprotect.pathway.rounds import ROUND, beat
from openprotect.programmes.actions import publish
from openprotect.programmes.models import Draft, PackVersion, Rehearsal
from tests import given
from tests.browsing import browser, in_a_browser
from tests.given import NOON
from tests.packs.given import pack_files
from tests.places.given import team
from tests.web.test_work_in_browser import at_work, in_order

__all__ = ["at_work", "browser"]
pytestmark = [*in_a_browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [(1280, True), (375, True), (375, False)]


def press(page, name, role="button"):
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).first.click()
    in_order(page)


def ready():
    """The staff of a pack, and teams for all its work."""
    place = given.area()
    for function in ("charity", "pharmacy"):
        team(function, place.locality)
    given.colleague("PARTNER", place.locality)
    given.programme()
    text = pack_files()["pack.toml"].decode()
    newer = re.sub(r'(?m)^version = ".*"', 'version = "8.0.0"', text)
    publish(from_files(pack_files() | {"pack.toml": newer.encode()}), by=None, at=NOON)
    given.response(of=given.checkin(status="ANSWERED"), answers={"hot": "yes", "temperature": "38"})
    roles = {"author": "CLINICAL", "one": "CLINICAL", "two": "CLINICAL", "lead": "LEAD"}
    return {name: given.user(role) for name, role in roles.items()}


@pytest.mark.parametrize(("width", "script"), WIDTHS)
def test_from_a_cell_to_a_published_version(at_work, live_server, width, script):
    with given.as_worker():
        beat(ROUND)
        people = ready()
    studio = f"{live_server.url}/studio/covid-protect/"
    page = at_work(people["author"], width, script=script)
    page.goto(f"{live_server.url}/studio/")
    in_order(page)
    press(page, "COVID-19 Protect", "link")
    press(page, "Begin a new version")
    edit_a_cell(page)
    press(page, "Try it as a made-up patient", "link")
    page.get_by_label("Age").fill("80")
    press(page, "See what would happen")
    for door in ("Run the cards", "What is different"):
        page.goto(studio)
        press(page, door, "link")
    replay(page, studio)
    page.goto(studio)
    press(page, "Change a text, a setting or a table", "link")
    press(page, "messages/en/stopped.text.txt", "link")
    page.goto(studio)
    press(page, "Check it")

    sign_and_publish(at_work, people, studio, width, script)

    assert PackVersion.objects.filter(version="8.0.1").exists()


def edit_a_cell(page):
    """An error is said at the cell, and what was typed is kept."""
    page.get_by_role("link", name=re.compile("^Temperature of 38")).first.click()
    in_order(page)
    note = page.locator("[name=cell-source]")
    kept = note.input_value()
    note.fill("")
    press(page, "Save this rule")
    assert "There is a problem" in page.inner_text("main")
    note = page.locator("[name=cell-source]")
    note.fill(f"{kept}; reviewed")
    press(page, "Save this rule")


def replay(page, studio):
    page.goto(studio)
    press(page, "Replay past answers", "link")
    press(page, "Replay the answers")
    with given.as_worker():
        rehearse(Rehearsal.objects.get().pk, at=NOON)
    page.goto(f"{studio}replay/")
    in_order(page)
    assert "sets of answers" in page.inner_text("main").lower()


def sign_and_publish(at_work, people, studio, width, script):
    assert Draft.objects.get().status == "CHECKED"
    for name in ("one", "two"):
        page = at_work(people[name], width, script=script)
        page.goto(studio)
        in_order(page)
        page.get_by_label(re.compile("Why may it be published")).fill("Read and agreed")
        page.get_by_label(re.compile("I also answer for the texts")).check()
        press(page, "Sign it as it is now")
    page = at_work(people["lead"], width, script=script)
    page.goto(studio)
    press(page, "Publish it")
