"""The layouts, as the style page shows them."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from django.urls import resolve

from openprotect.web.access import DEMO
from openprotect.web.design import errors, urls
from tests.web.design.shown import ADDRESSES, ERRORS, NONCE, show, text_of

STATIC = Path(errors.__file__).parents[1] / "static"
STAFF = ["/", "/worklist/", "/case/", "/fields/"]
PUBLIC = ["/start/", "/question/", "/end/", "/neutral/", *(f"/error/{each}/" for each in ERRORS)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_obeys_the_strict_policy(address):
    text = text_of(address)

    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", text)
    assert all(
        "src=" in tag or f'nonce="{NONCE}"' in tag for tag in re.findall("<script[^>]*>", text)
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_has_one_heading_one_main_part_and_a_title_of_its_own(address):
    text = text_of(address)

    assert len(re.findall(r"<h1[\s>]", text)) == 1
    assert text.count("<main") == 1
    assert re.search(r"<title>\s*(Error: )?\S[^<]* \u2013 OpenProtect</title>", text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_shows_the_logo_of_the_nhs(address):
    text = text_of(address)

    assert "nhsuk-header__logo" not in text
    assert "nhsuk-icon-180" not in text
    assert "openprotect/mark.svg" in text


def test_the_vendored_files_ask_nobody_else_for_anything():
    for file in (STATIC / "nhsuk").rglob("*.[cj]s*"):
        assert not re.search("https?://|sourceMappingURL|@font-face", file.read_text())


@pytest.mark.parametrize("address", STAFF)
def test_a_staff_page_says_who_is_looking_for_whom_and_why(address):
    text = text_of(address)

    for said in ("Amina Yusuf", "surveillance team", "surveillance nurse", "direct care"):
        assert said in text


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_has_no_menu_and_names_nobody(address):
    text = text_of(address)

    assert "op-nav" not in text
    assert "Amina" not in text


@pytest.mark.parametrize("address", ["/start/", "/question/", "/end/", "/neutral/"])
def test_a_public_page_has_a_number_to_ring(address):
    text = text_of(address)

    assert 'href="tel:01632960123"' in text
    assert 'href="tel:111"' in text


def test_a_question_with_an_error_says_so_in_title_summary_and_place():
    text = text_of("/question/unanswered/")

    assert "<title>Error: " in text
    assert 'href="#id_answer"' in text
    assert text.count("Choose one of the answers") == 2


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_is_drawn_without_the_database(status):
    assert show(f"/error/{status}/").status_code == status


def test_a_body_that_is_too_large_is_said_to_be_that():
    page = errors.bad_request(RequestFactory().get("/"), RequestDataTooBig())

    assert page.status_code == 413


def test_a_page_left_open_too_long_is_not_called_a_lack_of_rights():
    page = errors.form_expired(RequestFactory().get("/"))

    assert page.status_code == 403
    assert b"open too long" in page.content


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_style_page_is_there_in_a_demonstration_only(address):
    assert hasattr(resolve(address, urlconf=urls).func, DEMO)
