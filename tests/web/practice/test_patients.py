"""One patient, the lists of patients, adding one, the card, and who looked."""

from datetime import timedelta

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.enrolments.models import Enrolment, Request
from openprotect.events.models import Event
from openprotect.governance.models import Access
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
NUMBER = synthetic_number("someone to add")


@pytest.fixture
def practice(worker, client):
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_a_patients_page_tells_the_whole_story(practice):
    patient = given.enrolment()
    checkin = given.checkin(of=patient, status="MISSED")
    given.message(of=checkin, wording="How are you? [personal link]", status="SENT", sent_at=NOON)
    given.call(of=checkin)
    given.alert(of=patient)

    page = seen(practice.get(f"/practice/people/{patient.pk}/"))

    for words in (
        "Chronic lung disease",
        "Not answered",
        "How are you? [personal link]",
        "has not answered. Waiting.",
        "More breathless than yesterday",
        "Who opened this record",
    ):
        assert words in page


def test_opening_a_patients_page_is_noted_once(practice):
    patient = given.enrolment()

    practice.get(f"/practice/people/{patient.pk}/")

    noted = Access.objects.get(what="practice.person")
    assert (noted.person_id, noted.role) == (patient.person_id, "PRACTICE")


def test_another_practices_patient_is_not_found(practice):
    theirs = given.enrolment(of=given.person(at=given.practice("OTHER")))

    assert practice.get(f"/practice/people/{theirs.pk}/").status_code == 404
    assert not Access.objects.filter(what="practice.person").exists()


def test_a_patient_is_taken_out_with_a_reason(practice):
    patient = given.enrolment()

    practice.post(f"/practice/people/{patient.pk}/leaving/", {"ground": "moved-or-died"})

    patient = Enrolment.objects.get(pk=patient.pk)
    assert (patient.status, patient.left_because) == ("LEFT", "practice: moved-or-died")
    assert Event.objects.filter(name="enrolment.left", subject_id=patient.pk).exists()


def test_a_list_holds_exactly_those_its_door_counted(practice):
    inside = given.enrolment()
    joined_long_ago = given.enrolment(active_from=NOON - timedelta(days=300))

    page = seen(practice.get("/practice/people/?show=joined"))

    assert inside.person.family_name in page
    assert joined_long_ago.person.family_name not in page
    shown = Access.objects.filter(what="practice.people").values_list("person_id", flat=True)
    assert list(shown) == [inside.person_id]


def test_a_list_costs_the_same_however_long(practice, django_assert_max_num_queries):
    for _ in range(4):
        given.enrolment()

    with django_assert_max_num_queries(16):
        practice.get("/practice/people/?show=in")


def test_a_patient_is_asked_for_once_and_the_answer_awaited(practice):
    given.programme()
    for _ in range(2):
        answer = practice.post("/practice/add/", {"nhs_number": NUMBER, "reason": "Very frail"})

    assert answer.status_code == 302
    asked = Request.objects.get()
    assert (asked.nhs_number, asked.reason, asked.status) == (NUMBER, "Very frail", "WAITING")
    assert Event.objects.get(name="enrolment.asked_for").subject_id == asked.pk
    assert "Being looked up" in seen(practice.get("/practice/add/"))


def test_the_note_of_asking_holds_no_number(practice):
    given.programme()
    practice.post("/practice/add/", {"nhs_number": NUMBER, "reason": "Very frail"})

    assert NUMBER not in str(vars(Event.objects.get(name="enrolment.asked_for")))


def test_a_wrong_number_is_refused_beside_what_was_typed(practice):
    given.programme()

    page = seen(practice.post("/practice/add/", {"nhs_number": "999 123", "reason": "Frail"}))

    assert "That is not an NHS number: not ten digits." in page
    assert 'value="999 123"' in page
    assert not Request.objects.exists()


def test_what_another_practice_asked_for_is_not_shown(practice, client):
    given.programme()
    practice.post("/practice/add/", {"nhs_number": NUMBER, "reason": "Very frail"})
    given.sign_in(client, given.user("PRACTICE", given.practice("OTHER")))

    assert "Very frail" not in seen(client.get("/practice/add/"))


def test_the_card_says_what_reception_needs(practice):
    given.programme()

    page = seen(practice.get("/practice/card/"))

    assert "A patient is ringing about this. What do I say?" in page
    assert "01632 960123" in page


def test_who_looked_shows_those_from_outside_first_and_our_own_when_asked_for(practice):
    patient = given.enrolment()
    practice.get(f"/practice/people/{patient.pk}/")

    assert "A patient of the practice" not in seen(practice.get("/practice/access/"))
    assert "A patient of the practice" in seen(practice.get("/practice/access/?who=everyone"))


def test_who_looked_at_other_practices_patients_is_not_told(practice, client):
    patient = given.enrolment()
    practice.get(f"/practice/people/{patient.pk}/")
    given.sign_in(client, given.user("PRACTICE", given.practice("OTHER")))

    page = seen(client.get("/practice/access/"))

    assert "Nobody." in page
    assert patient.person.family_name not in page
