"""The list on paper: 25 a sheet, each saying what it is, for whom, by when; confidential."""

from datetime import timedelta

import pytest

from openprotect.governance.models import Access
from openprotect.programmes.actions import adapt
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
PAPER = "/practice/print/"
TO_REVIEW = {"active": False, "preview_ends_at": NOON + timedelta(days=40)}


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def practice(worker, client):
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def test_each_sheet_says_programme_practice_day_deadline_and_confidential(practice):
    candidate = given.enrolment(**TO_REVIEW)

    page = seen(practice.get(PAPER))

    for words in (
        "Patients to review: COVID-19 Protect",
        "Confidential: personal health information.",
        candidate.practice.name,
        "Printed ",
        "Sheet 1 of 1",
        "Decide by <strong>",
        "If you do nothing, we then invite everybody here.",
    ):
        assert words in page


def test_each_patient_is_there_with_the_reason_and_a_place_to_decide(practice):
    candidate = given.enrolment(**TO_REVIEW)

    page = seen(practice.get(PAPER))

    assert candidate.person.family_name in page
    assert "Chronic obstructive lung disease, 1 May 2015" in page
    assert "☐ keep" in page


def test_25_are_on_one_sheet_and_the_26th_begins_another(practice):
    for _ in range(26):
        given.enrolment(**TO_REVIEW)

    page = seen(practice.get(PAPER))

    assert page.count('<section class="op-sheet"') == 2
    assert "26 patients on 2 sheets" in page
    assert "Sheet 2 of 2" in page


def test_everyone_printed_is_noted_in_the_access_log(practice):
    people = {given.enrolment(**TO_REVIEW).person_id for _ in range(3)}

    practice.get(PAPER)

    shown = Access.objects.filter(what="practice.on_paper").values_list("person_id", flat=True)
    assert set(shown) == people


def test_those_in_the_programme_can_be_printed_too(practice):
    inside, waiting = given.enrolment(), given.enrolment(**TO_REVIEW)

    page = seen(practice.get(f"{PAPER}?show=in"))

    assert inside.person.family_name in page
    assert waiting.person.family_name not in page
    assert "☐" not in page


def test_where_reviews_hold_the_sheet_says_so(practice):
    given.enrolment(**TO_REVIEW)
    with given.acting(given.user("LOCALITY", given.area().locality)) as viewer:
        adapt(
            given.programme(), "preview_default", "hold", reason="Holidays", viewer=viewer, at=NOON
        )

    assert "Until you decide, nobody here is contacted." in seen(practice.get(PAPER))
    assert "Nobody contacts them until you decide." in seen(practice.get("/practice/review/"))
    assert "Nobody contacts this patient until you have looked." in seen(practice.get("/practice/"))


def test_with_nobody_to_print_the_page_says_so(practice):
    assert "Nobody to print." in seen(practice.get(PAPER))
