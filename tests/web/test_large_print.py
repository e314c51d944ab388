"""Large print: one link, on from then on, off again by the same link."""

import pytest
from django.test import Client

from tests.web.checkin.people import asked, link

pytestmark = pytest.mark.django_db
LARGE = 'class="op-large"'


def test_large_print_stays_on_until_it_is_switched_off(worker):
    browser, address = Client(), f"/c/{link(asked())}"
    assert LARGE not in browser.get(address).text

    assert LARGE in browser.get(f"{address}?print=large").text
    assert LARGE in browser.get(address).text

    assert LARGE not in browser.get(f"{address}?print=usual").text
    assert LARGE not in browser.get(address).text


def test_the_cookie_says_nothing_but_how_large_and_no_script_reads_it(worker):
    answer = Client().get(f"/c/{link(asked())}?print=large")

    kept = answer.cookies["openprotect_print"]
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("large", True, "Lax")


def test_anything_else_changes_nothing(worker):
    assert "openprotect_print" not in Client().get("/health?print=huge").cookies


def test_the_neutral_page_is_the_same_in_any_print(worker):
    usual, large = (Client().get(f"/c/no-such-link{each}") for each in ("", "?print=large"))

    assert usual.content == large.content
