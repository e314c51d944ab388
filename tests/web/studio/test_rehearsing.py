"""The studio proves: the sheet, the cards, differences by language, past answers replayed."""

import json
from datetime import timedelta

import pytest

from openprotect.pathway.rehearsing import CHANGED, rehearse
from openprotect.programmes.actions import drafting
from openprotect.programmes.models import Rehearsal, Rehearsed
from tests import given
from tests.given import NOON
from tests.refusing import row_security_refuses
from tests.web.design.test_paper import unpacked
from tests.web.studio.test_studio import STUDIO, begun, browser, people, seen

__all__ = ["browser", "people"]
pytestmark = pytest.mark.django_db
HOT = {"feeling": "same", "breath": "normal", "chest-pain": "no", "hot": "yes",
       "temperature": "38", "cough": "no", "medicines": "enough", "food": "week",
       "care": "no-need", "mood": "no"}  # fmt: skip


def changed(draft, author, name, old, new):
    assert old in draft.files[name]
    with given.acting(author) as viewer:
        return drafting.edit(
            draft, name, draft.files[name].replace(old, new, 1),
            seen=draft.content_hash, viewer=viewer, at=NOON,
        )  # fmt: skip


def with_answers(answers=HOT, practice=None):
    of = given.enrolment()
    checkin = given.checkin(of=of, status="ANSWERED")
    return given.response(of=checkin, answers=answers, at=NOON - timedelta(hours=1))


def test_the_whole_document_is_a_tagged_pdf_with_room_to_sign(browser):
    begun(browser)

    page = browser("one").get(f"{STUDIO}sheet.pdf")

    assert page["Content-Type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")
    made = unpacked(page.content)
    for mark in (b"/StructTreeRoot", b"/Lang (en)", b"/TH"):
        assert mark in made


def test_the_cards_are_played_on_screen(browser):
    page = seen(browser("one").get(f"{STUDIO}cards/"))

    assert "Does it do what we signed?" in page
    assert "Two silent days become a call" in page
    assert "slips of the pen that the cards catch" in page.lower()
    assert "How is your breathing today?" in page


def test_a_card_that_comes_out_otherwise_stands_first(browser, people):
    draft = begun(browser)
    changed(draft, people["author"], "triage.csv", ",>= 38,,", ",>= 39,,")

    page = seen(browser("one").get(f"{STUDIO}cards/"))

    assert "What came out otherwise" in page
    assert "expected but silent: fever" in page


def test_the_difference_is_told_language_by_language(browser, people):
    draft = begun(browser)
    name = "messages/pl/stopped.text.txt"
    changed(draft, people["author"], name, "{phone}", "tel. {phone}")

    page = seen(browser("one").get(f"{STUDIO}difference/"))

    assert page.index("In every language") < page.index(">Polish<")
    assert "stopped in pl from" in page


def rehearsed(browser, days=28):
    browser("one").post(f"{STUDIO}replay/", {"days": str(days)})
    made = Rehearsal.objects.get()
    with given.as_worker():
        rehearse(made.pk, at=NOON)
    return made


def test_past_answers_are_replayed_from_the_browser(browser, people):
    response = with_answers()
    draft = begun(browser)
    changed(draft, people["author"], "triage.csv", ",>= 38,,", ",>= 39,,")

    rehearsed(browser)
    page = seen(browser("lead").get(f"{STUDIO}replay/"))

    assert "Temperature of 38" in page
    assert "1 to 4" in page
    assert response.person.family_name not in page
    (row,) = Rehearsed.objects.all()
    assert (row.person_id, row.kind, row.lost) == (response.person_id, "fewer", ["fever"])


def test_a_practice_sees_who_of_its_patients_it_is_and_is_noted(browser, people, client):
    response = with_answers()
    draft = begun(browser)
    changed(draft, people["author"], "triage.csv", ",>= 38,,", ",>= 39,,")
    rehearsed(browser)
    doctor = given.user("PRACTICE", given.area().practice)

    page = seen(given.sign_in(client, doctor).get(f"{STUDIO}replay/people/"))

    assert response.person.family_name in page
    assert f"/practice/people/{response.checkin.enrolment_id}/" in page
    assert "would have no alert, and had one" in page


@pytest.mark.parametrize("role", ["CLINICAL", "LEAD", "GOVERNANCE", "LOCALITY"])
def test_nobody_else_is_told_who(browser, people, client, role):
    with_answers()
    draft = begun(browser)
    changed(draft, people["author"], "triage.csv", ",>= 38,,", ",>= 39,,")
    rehearsed(browser)

    page = given.sign_in(client, given.user(role)).get(f"{STUDIO}replay/people/")

    assert page.status_code in (403, 404)


def test_asked_twice_before_it_is_done_it_is_one(browser):
    begun(browser)
    for _ in range(2):
        browser("one").post(f"{STUDIO}replay/", {"days": "28"})

    assert Rehearsal.objects.count() == 1


def test_worked_out_twice_it_is_kept_once(browser, people):
    with_answers()
    draft = begun(browser)
    changed(draft, people["author"], "triage.csv", ",>= 38,,", ",>= 39,,")
    made = rehearsed(browser)
    with given.as_worker():
        rehearse(made.pk, at=NOON)

    assert Rehearsed.objects.count() == 1


def test_a_draft_changed_meanwhile_is_not_replayed(browser, people):
    draft = begun(browser)
    browser("one").post(f"{STUDIO}replay/", {"days": "28"})
    changed(draft, people["author"], "triage.csv", ",>= 38,,", ",>= 39,,")
    with given.as_worker():
        rehearse(Rehearsal.objects.get().pk, at=NOON)

    assert CHANGED in seen(browser("one").get(f"{STUDIO}replay/"))


def test_days_that_are_none_are_said_at_the_field(browser):
    begun(browser)

    page = seen(browser("one").post(f"{STUDIO}replay/", {"days": "0"}))

    assert "There is a problem" in page
    assert not Rehearsal.objects.exists()


def test_nobody_asks_in_the_name_of_another(browser, people):
    draft = begun(browser)

    with given.acting(people["one"]), row_security_refuses():
        Rehearsal.objects.create(
            draft=draft,
            key="x",
            title="x",
            content_hash="x",
            days=1,
            asked_by=people["two"],
            asked_at=NOON,
        )


def test_a_field_of_a_rule_says_what_it_asks_about(browser):
    begun(browser)

    page = seen(browser("author").get(f"{STUDIO}rules/fever/"))

    assert "what is your temperature? (temperature)" in page


def test_what_is_kept_for_everybody_names_nobody(browser, people):
    response = with_answers()
    draft = begun(browser)
    changed(draft, people["author"], "triage.csv", ",>= 38,,", ",>= 39,,")
    rehearsed(browser)

    kept = json.dumps(Rehearsal.objects.get().found)

    assert str(response.person_id) not in kept
