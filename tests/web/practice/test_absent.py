"""Whom the rules no longer find: shown with both reasons, and decided by the practice."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.enrolments.actions.absences import note_missing
from openprotect.enrolments.models import Absence, Decision, Enrolment
from openprotect.enrolments.rules import Missing
from openprotect.governance.models import Access
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
ABSENT = "/practice/absent/"


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def practice(worker, client):
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def missing(*, at=None, words="no rule holds any longer", **given_as):
    made = given.enrolment(of=given.person(at=at), **given_as)
    why = {made.pk: Missing("RULE", words)}
    note_missing(made.programme, why, run=uuid4(), at=NOON)
    return made


def test_each_is_shown_with_why_they_came_and_why_not_now(practice):
    gone = missing()
    given.enrolment()

    page = seen(practice.get(ABSENT))

    assert gone.person.family_name in page
    assert "Chronic obstructive lung disease (13645005), 1 May 2015, GP record" in page
    assert "No rule holds any longer" in page
    assert "1 patient, the longest waiting first" in page


def test_everyone_shown_is_noted_in_the_access_log(practice):
    people = {missing().person_id for _ in range(3)}

    practice.get(ABSENT)

    shown = Access.objects.filter(what="practice.absent").values_list("person_id", flat=True)
    assert set(shown) == people


def test_the_front_page_counts_them_and_leads_there(practice):
    missing()

    page = seen(practice.get("/practice/"))

    assert f'href="{ABSENT}"' in page
    assert "no longer found" in page


def test_one_who_stays_is_kept_with_the_reason_and_is_not_listed_again(practice):
    gone = missing()

    answer = practice.post(f"{ABSENT}{gone.pk}/staying/", {"reason": "Her asthma is real"})

    assert answer.status_code == 302
    assert Decision.objects.get().reason == "Her asthma is real"
    assert "Nobody." in seen(practice.get(ABSENT))


def test_staying_needs_a_reason_and_says_so_at_the_field(practice):
    gone = missing()

    page = seen(practice.post(f"{ABSENT}{gone.pk}/staying/", {"reason": ""}))

    assert 'href="#id_reason"' in page
    assert "Say why" in page
    assert Absence.objects.get().settled_at is None


def test_one_who_goes_is_taken_out_with_the_ground_at_hand(practice):
    gone = missing()

    page = seen(practice.get(f"/practice/people/{gone.pk}/leaving/?ground=no-longer"))
    practice.post(f"/practice/people/{gone.pk}/leaving/", {"ground": "no-longer", "note": ""})

    assert 'value="no-longer" checked' in page
    assert Enrolment.objects.get().status == "LEFT"
    assert "Practice: The reason for being here no longer holds" in seen(
        practice.get("/practice/people/?show=left")
    )


def test_one_in_review_is_kept_out_of_the_review_until_the_practice_decides(practice):
    gone = missing(active=False, preview_ends_at=NOON + timedelta(days=40))

    assert "Nobody to review." in seen(practice.get("/practice/review/"))
    assert f"/practice/review/{gone.pk}/veto/?ground=no-longer" in seen(practice.get(ABSENT))


def test_the_patients_own_page_says_it_first(practice):
    gone = missing(words="excluded: objected")

    page = seen(practice.get(f"/practice/people/{gone.pk}/"))

    assert "No longer found by the rules: excluded: objected." in page


def test_another_practices_patient_is_not_there(practice):
    theirs = missing(at=given.practice("OTHER"))

    assert theirs.person.family_name not in seen(practice.get(ABSENT))
    assert practice.post(f"{ABSENT}{theirs.pk}/staying/", {"reason": "x"}).status_code == 404


def test_the_list_costs_the_same_however_long(practice, django_assert_max_num_queries):
    for _ in range(4):
        missing()

    with django_assert_max_num_queries(17):
        practice.get(ABSENT)


@pytest.mark.parametrize("address", [ABSENT, "/practice/print/"])
@pytest.mark.parametrize("role", ["LEAD", "LOCALITY", "CALLER"])
def test_other_roles_see_none_of_it(client, worker, role, address):
    given.sign_in(client, given.user(role))

    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [ABSENT, "/practice/print/"])
def test_nobody_who_is_not_signed_in_sees_it(client, db, address):
    assert client.get(address).status_code == 302
