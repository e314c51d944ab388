"""The questions in another language: the answers and the version stay (P24)."""

import pytest

from openprotect.checkins.queries import answers_so_far
from tests.web.checkin.people import asked, come_in

pytestmark = pytest.mark.django_db
FEELING = "/check-in/q/feeling"


def test_another_language_is_one_link_and_stays(worker):
    person = come_in(asked())
    assert 'href="?speak=pl"' in person.get(FEELING).text

    page = person.get(f"{FEELING}?speak=pl").text
    assert 'lang="pl" dir="ltr"' in page
    assert "Dalej" in page

    assert "Dalej" in person.get(FEELING).text
    assert "Continue" in person.get(f"{FEELING}?speak=en").text


def test_a_language_changed_half_way_keeps_the_answers(worker):
    checkin = asked()
    person = come_in(checkin)
    person.answer("feeling", "same")

    person.get(f"{FEELING}?speak=pl")

    assert answers_so_far(checkin) == {"feeling": "same"}
    assert 'value="same" checked' in " ".join(person.get(FEELING).text.split())


def test_a_language_that_is_not_there_changes_nothing(worker):
    person = come_in(asked())

    assert "Continue" in person.get(f"{FEELING}?speak=xx").text
