"""Do I understand this person in twenty seconds?"""

from uuid import uuid4

import pytest

from openprotect.calls import actions as calls
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Conflict
from openprotect.governance.models import Access
from tests import given
from tests.given import NOON
from tests.web.triage.at_the_desk import alert, page

pytestmark = pytest.mark.django_db


def test_a_case_shows_their_words_the_rule_and_what_was_tried(desk, nurse):
    response = given.response(
        answers={"feeling": "worse", "breath": "rest", "other": "I cannot get up the stairs"}
    )
    made = alert(
        of=response.checkin.enrolment,
        response=response,
        rule="breath-rest",
        reason="Out of breath when sitting still",
    )

    text = page(desk, f"/alerts/{made.pk}/")

    assert "I am out of breath when I sit still" in text
    assert "I cannot get up the stairs" in text
    assert f"Rule breath-rest, COVID-19 Protect {given.covid_protect().version}" in text
    assert "NHS 111 topic: shortness of breath" in text
    assert "Why this person is in the programme" in text
    assert Access.objects.filter(user=nurse, what="alerts.case").count() == 1


def test_both_sittings_are_shown_when_answers_conflict(desk):
    response = given.response(answers={"feeling": "same"})
    checkins.submit(response.checkin, uuid4(), channel="WEB", at=NOON, answers={"feeling": "worse"})
    made = alert(of=response.checkin.enrolment, kind="data", source_id=Conflict.objects.get().pk)

    text = page(desk, f"/alerts/{made.pk}/")

    assert "About the same" in text
    assert "Worse" in text


def test_red_flags_not_sent_in_yet_are_shown(desk):
    asked = given.checkin()
    checkins.answer(asked, "chest-pain", "yes", channel="PHONE", at=NOON)
    made = alert(of=asked.enrolment, source_id=asked.pk, rule="chest-pain", urgency=1)

    text = page(desk, f"/alerts/{made.pk}/")

    assert "Do you have pain or a tight feeling in your chest now?" in text
    assert "not sent in yet" in text


def test_notes_of_calls_are_in_what_was_tried(desk):
    enrolment = given.enrolment()
    given.call(of=given.checkin(of=enrolment, status="MISSED"))
    with given.acting(given.user("CALLER")) as viewer:
        held = calls.claim_next(viewer=viewer, at=viewer.at)
        calls.record_outcome(held, "NO_ANSWER", note="Curtains open", viewer=viewer, at=viewer.at)
    made = alert(of=enrolment)

    text = page(desk, f"/alerts/{made.pk}/")

    assert "Rung: No answer" in text
    assert "Curtains open" in text


def test_a_case_asks_the_database_a_fixed_number_of_questions(desk, django_assert_max_num_queries):
    made = alert()

    with django_assert_max_num_queries(40):
        desk.get(f"/alerts/{made.pk}/")
