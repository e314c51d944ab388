"""The studio: a pack read, tried, changed, checked, signed by two and published, in the browser."""

import re
from datetime import timedelta
from html import unescape

import pytest

from openprotect.packs import from_files
from openprotect.programmes.actions import drafting, publish
from openprotect.programmes.models import Draft, PackVersion, Programme
from tests import given
from tests.given import NOON
from tests.packs.given import pack_files
from tests.places.given import team

pytestmark = pytest.mark.django_db
STUDIO = "/studio/covid-protect/"
MINUTE = timedelta(minutes=1)


def seen(response, status=200):
    assert response.status_code == status
    return " ".join(unescape(response.text).split())


@pytest.fixture
def people(worker):
    """Two signers, an author, a lead; a small version of the pack is published."""
    place = given.area()
    for function in ("charity", "pharmacy"):
        team(function, place.locality)
    given.colleague("PARTNER", place.locality)
    given.programme()
    text = pack_files()["pack.toml"].decode()
    newer = re.sub(r'(?m)^version = ".*"', 'version = "8.0.0"', text)
    publish(from_files(pack_files() | {"pack.toml": newer.encode()}), by=None, at=NOON + MINUTE)
    roles = {"author": "CLINICAL", "one": "CLINICAL", "two": "CLINICAL", "lead": "LEAD"}
    return {name: given.user(role) for name, role in roles.items()}


@pytest.fixture
def browser(client, people):
    return lambda name: given.sign_in(client, people[name])


def begun(browser):
    browser("author").post(f"{STUDIO}draft/")
    return Draft.objects.get()


def test_every_pack_is_listed(browser):
    page = seen(browser("one").get("/studio/"))

    assert "COVID-19 Protect" in page
    assert "8.0.0" in page


def test_a_pack_is_one_document(browser):
    page = seen(browser("one").get(STUDIO))

    for words in (
        "How is your breathing today? I am too out of breath to finish a sentence",
        "Too breathless to finish a sentence",
        "accept within 30 minutes",
        "How do you feel today, compared with yesterday?",
        "Missed check-ins before we ring",
        "Is it safe to talk?",
        "Polish",
    ):
        assert words in page


@pytest.mark.parametrize("role", ["PRACTICE", "CALLER", "LOCALITY"])
def test_others_have_no_studio(worker, client, role):
    given.programme()

    assert given.sign_in(client, given.user(role)).get(STUDIO).status_code in (403, 404)


def test_a_pack_that_is_not_there_is_not_found(browser):
    assert browser("one").get("/studio/nowhere/").status_code == 404


def test_tried_as_a_made_up_patient_it_says_what_would_happen(browser):
    page = seen(browser("one").get(f"{STUDIO}try/?sent=1&breath=rest&age=80"))

    assert "Out of breath when sitting still" in page
    assert "Shown at once." in page
    assert "30 minutes" in page


def test_a_made_up_patient_may_be_silent_and_in_a_group(browser):
    form = browser("one").get(f"{STUDIO}try/")

    assert "Days since the last answers" in seen(form)
    page = seen(browser("one").get(f"{STUDIO}try/?sent=1&days-silent=3&age=80"))
    assert "What would come of these answers" in page


def test_a_well_patient_raises_nothing(browser):
    page = seen(browser("one").get(f"{STUDIO}try/?sent=1&feeling=same&breath=normal"))

    assert "No alert" in page


def test_an_answer_that_is_none_is_said_at_its_question(browser):
    page = seen(browser("one").get(f"{STUDIO}try/?sent=1&hot=yes&temperature=hot"))

    assert "Enter only the number in figures" in page


def test_a_fault_in_a_rule_is_said_at_its_cell_and_nothing_is_saved(browser):
    draft = begun(browser)

    response = browser("author").post(
        f"{STUDIO}rules/fever/", cells(draft, "fever") | {"cell-temperature": ">= hot"}
    )

    page = seen(response)
    assert "is not a number, a comparison such as" in page
    assert 'value=">= hot"' in page
    assert Draft.objects.get().content_hash == draft.content_hash


def cells(draft, rule):
    header, *rows = (line.split(",") for line in draft.files["triage.csv"].splitlines())
    row = next(each for each in rows if each[0] == rule)
    return {f"cell-{name}": cell for name, cell in zip(header, row, strict=False)}


def test_a_rule_is_changed_and_every_other_line_stays(browser):
    draft = begun(browser)
    given_cells = cells(draft, "cold") | {"cell-temperature": "< 35.5"}

    browser("author").post(f"{STUDIO}rules/cold/", given_cells)

    was, now = draft.files["triage.csv"].split("\n"), Draft.objects.get().files["triage.csv"]
    changed = [(a, b) for a, b in zip(was, now.split("\n"), strict=True) if a != b]
    assert len(changed) == 1
    assert "< 35.5" in changed[0][1]


def test_a_fault_in_a_text_is_said_with_its_line(browser):
    draft = begun(browser)
    name = "messages/en/invite.text.txt"

    page = seen(
        browser("author").post(f"{STUDIO}files/?name={name}", {"text": "Your asthma {link}"})
    )

    assert f"{name}:1:6" in page
    assert Draft.objects.get().content_hash == draft.content_hash


def test_a_text_is_changed(browser):
    draft = begun(browser)
    name = "messages/en/stopped.text.txt"
    text = draft.files[name].replace("Hello", "Good day")

    browser("author").post(f"{STUDIO}files/?name={name}", {"text": text})

    assert Draft.objects.get().files[name] == text


def test_from_draft_to_published_by_four_people(browser):
    begun(browser)
    browser("author").post(f"{STUDIO}check/")
    assert "2 more clinical leads must sign it" in seen(browser("one").get(STUDIO))

    for name in ("one", "two"):
        page = browser(name)
        signature = {"seen": Draft.objects.get().content_hash, "translations": "yes", "reason": "Y"}
        page.post(f"{STUDIO}signature/", signature)
    browser("lead").post(f"{STUDIO}publication/")

    made = PackVersion.objects.get(version="8.0.1")
    assert Programme.objects.get().pack == made
    assert "Begin a new version" in seen(browser("lead").get(STUDIO))


def test_what_changed_since_it_was_read_is_not_signed(browser):
    begun(browser)
    browser("author").post(f"{STUDIO}check/")

    response = browser("one").post(f"{STUDIO}signature/", {"seen": "0" * 64}, follow=True)

    assert "read it again first" in seen(response)


def test_an_author_is_told_why_they_cannot_sign(browser):
    draft = begun(browser)
    browser("author").post(f"{STUDIO}check/")

    response = browser("author").post(
        f"{STUDIO}signature/", {"seen": draft.content_hash}, follow=True
    )

    assert "You wrote in this draft" in seen(response)


def test_what_is_published_is_not_edited(browser):
    assert browser("author").get(f"{STUDIO}rules/fever/").status_code == 404


def test_a_draft_that_is_not_sound_shows_what_is_wrong_and_where(browser, people):
    draft = begun(browser)
    with given.acting(people["author"]) as viewer:
        drafting.edit(
            draft, "triage.csv", "rule\n", seen=draft.content_hash, viewer=viewer, at=NOON
        )

    page = seen(browser("one").get(STUDIO))

    assert "What is wrong with COVID-19 Protect?" in page
    assert "this column is missing" in page
