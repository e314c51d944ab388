"""The practice's review: keep, keep out, undo, invite all."""

from datetime import timedelta

import pytest

from openprotect.enrolments.models import Decision, Enrolment
from openprotect.events.models import Event
from openprotect.governance.models import Access
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
REVIEW = "/practice/review/"
TO_REVIEW = {"active": False, "preview_ends_at": NOON + timedelta(days=40)}


@pytest.fixture
def practice(worker, client):
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


def status_of(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).status


def test_each_candidate_is_shown_with_why_and_until_when(practice):
    candidate = given.enrolment(**TO_REVIEW)

    page = seen(practice.get(REVIEW))

    assert candidate.person.family_name in page
    assert "Chronic lung disease" in page
    assert "Chronic obstructive lung disease (13645005), 1 May 2015, GP record" in page
    assert "We invite them on" in page


def test_everyone_shown_is_noted_in_the_access_log(practice):
    people = {given.enrolment(**TO_REVIEW).person_id for _ in range(3)}

    practice.get(REVIEW)

    shown = Access.objects.filter(what="practice.review").values_list("person_id", flat=True)
    assert set(shown) == people


def test_someone_without_a_mobile_is_said_to_be_rung(practice):
    given.enrolment(of=given.person(mobile=""), **TO_REVIEW)

    assert "a call handler rings instead" in seen(practice.get(REVIEW))


def test_a_kept_patient_is_in_the_programme_at_once(practice):
    candidate = given.enrolment(**TO_REVIEW)

    answer = practice.post(f"{REVIEW}{candidate.pk}/keep/")

    assert answer.status_code == 302
    assert status_of(candidate) == "ACTIVE"


def test_a_veto_is_kept_with_its_coded_reason(practice):
    candidate = given.enrolment(**TO_REVIEW)

    practice.post(f"{REVIEW}{candidate.pk}/veto/", {"ground": "in-hand", "note": "Hospice team"})

    decision = Decision.objects.get(enrolment=candidate)
    assert status_of(candidate) == "VETOED"
    assert decision.reason == "We or another team are already looking after this. Hospice team"
    assert Event.objects.get(name="enrolment.vetoed").detail == {"ground": "in-hand"}


def test_another_reason_must_be_said_and_what_was_chosen_is_kept(practice):
    candidate = given.enrolment(**TO_REVIEW)

    page = seen(practice.post(f"{REVIEW}{candidate.pk}/veto/", {"ground": "other", "note": ""}))

    assert "Say what the other reason is." in page
    assert 'value="other" checked' in page
    assert status_of(candidate) == "PREVIEW"


def test_a_veto_is_shown_with_who_and_why_and_undone_by_keeping(practice):
    candidate = given.enrolment(**TO_REVIEW)
    practice.post(f"{REVIEW}{candidate.pk}/veto/", {"ground": "asked-not-to", "note": ""})

    page = seen(practice.get(REVIEW))
    practice.post(f"{REVIEW}{candidate.pk}/keep/")

    assert "They asked not to be contacted" in page
    assert "Undo, invite now" in page
    assert status_of(candidate) == "ACTIVE"


def test_a_veto_after_contact_began_is_refused_in_words(practice):
    patient = given.enrolment()

    page = seen(practice.post(f"{REVIEW}{patient.pk}/veto/", {"ground": "in-hand", "note": ""}))

    assert "Contact has begun: take them out of the programme instead." in page


def test_all_are_invited_after_a_second_look_at_their_names(practice):
    candidates = [given.enrolment(**TO_REVIEW) for _ in range(3)]

    page = seen(practice.get(f"{REVIEW}all/"))
    practice.post(f"{REVIEW}all/", {"seen_at": NOON.isoformat()})

    assert all(each.person.family_name in page for each in candidates)
    assert {status_of(each) for each in candidates} == {"ACTIVE"}


def test_someone_found_after_the_page_was_opened_is_not_agreed_to_unseen(practice):
    later = given.enrolment(**TO_REVIEW, found_at=NOON)

    practice.post(f"{REVIEW}all/", {"seen_at": (NOON - timedelta(minutes=1)).isoformat()})

    assert status_of(later) == "PREVIEW"


@pytest.mark.parametrize("act", ["keep", "veto"])
def test_another_practices_candidate_is_not_found(practice, act):
    theirs = given.enrolment(of=given.person(at=given.practice("OTHER")), **TO_REVIEW)

    answer = practice.post(f"{REVIEW}{theirs.pk}/{act}/", {"ground": "in-hand"})

    assert answer.status_code == 404
    assert status_of(theirs) == "PREVIEW"


def test_the_list_costs_the_same_however_long(practice, django_assert_max_num_queries):
    for _ in range(4):
        given.enrolment(**TO_REVIEW)

    with django_assert_max_num_queries(23):
        practice.get(REVIEW)


@pytest.mark.parametrize("address", [REVIEW, f"{REVIEW}all/", "/practice/add/", "/practice/card/"])
def test_other_roles_see_none_of_it(client, worker, address):
    given.sign_in(client, given.user("SURVEILLANCE"))

    assert client.get(address).status_code == 403
