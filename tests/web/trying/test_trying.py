"""Trying a form: as the person who is asked sees it, and nothing of it is kept."""

import json
import re
from html import unescape

import pytest

from openprotect.web.design.example_pages import FORM
from tests import given
from tests.web.design.a_browser import as_sent

pytestmark = pytest.mark.django_db
CHOOSE, ASK, PAPER = "/forms/", "/forms/asked/", "/forms/paper.pdf"


def seen(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


@pytest.fixture
def clinician(worker, client):
    given.programme()
    return given.sign_in(client, given.user("CLINICAL"))


def sent_on(client, page, **more):
    """Sends what a page holds, with what somebody chose or typed."""
    query = as_sent(page.text)
    for name, value in more.items():
        query[name] = value
    return client.post(ASK, query.urlencode(), content_type="application/x-www-form-urlencoded")


def pasted(client, text):
    return client.post(ASK, {"text": text, "start": "yes"})


def test_the_form_of_our_programme_can_be_tried(clinician):
    assert "Try our form" in seen(clinician.get(CHOOSE))

    page = clinician.post(ASK, {"ours": "yes", "start": "yes"})

    assert page.status_code == 200
    assert 'name="a0"' in page.text


def test_any_form_can_be_gone_through_to_its_end(clinician):
    page = pasted(clinician, FORM.read_text())
    assert "A few questions about your week." in seen(page)

    page = sent_on(clinician, page)
    assert "Are you more breathless than usual?" in seen(page)

    page = sent_on(clinician, page, a0="walk", go_nowhere="")
    assert "What would help you?" in seen(page)

    page = sent_on(clinician, page, go="")
    assert "Check your answers" in seen(page)
    assert "When I walk" in seen(page)


def test_another_language_keeps_the_answers(clinician):
    page = sent_on(clinician, pasted(clinician, FORM.read_text()))
    page = sent_on(clinician, page, a0="walk")

    page = sent_on(clinician, page, go="breath", speak="ar")

    assert 'dir="rtl"' in page.text
    assert "هل تشعر بضيق تنفس" in seen(page)
    assert as_sent(page.text)["a0"] == "walk"


def test_large_print_can_be_switched_on_and_off(clinician):
    page = sent_on(clinician, pasted(clinician, FORM.read_text()), print="large")
    assert 'class="op-large"' in page.text

    page = sent_on(clinician, page, print="usual")
    assert 'class="op-large"' not in page.text


def test_a_form_that_cannot_be_used_is_refused_with_its_reason(clinician):
    page = pasted(clinician, json.dumps({"resourceType": "Patient"}))

    assert page.status_code == 200
    assert "is a Patient, not a Questionnaire" in seen(page)


@pytest.mark.parametrize("text", ["", "{", "<a/>", "[]"])
def test_what_is_no_form_at_all_is_refused(clinician, text):
    assert "There is a problem" in seen(pasted(clinician, text))


def test_a_page_that_was_tampered_with_is_refused(clinician):
    page = clinician.post(ASK, {"held": "made-up", "key": "breath"})

    assert "Start again with the form" in seen(page)


def test_what_has_less_effect_here_is_told_to_the_author(clinician):
    form = json.loads(FORM.read_text())
    form["item"][0]["extension"] = [{"url": "urn:unknown", "valueBoolean": True}]

    assert "urn:unknown" in seen(pasted(clinician, json.dumps(form)))


def test_the_form_of_our_programme_can_be_had_on_paper(clinician):
    pytest.importorskip("weasyprint", reason="needs the system's Pango", exc_type=OSError)

    answer = clinician.get(f"{PAPER}?print=large")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("address", [CHOOSE, PAPER])
def test_others_do_not_come_in(worker, client, address):
    given.programme()
    given.sign_in(client, given.user("PARTNER"))

    assert client.get(address).status_code == 403


def test_nobody_comes_in_without_signing_in(db, client):
    assert client.get(CHOOSE).status_code == 302
