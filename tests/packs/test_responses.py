"""Answers leave as FHIR R4 QuestionnaireResponses, and are checked when they come."""

import json
from datetime import UTC, datetime

import pytest

from openprotect.packs.response_check import faults
from tests.packs.given import choice, coding, form, question, when

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
ASKED = form(
    question(
        "group",
        "group",
        item=[choice("pick", "a", "b", required=True), question("heat", "decimal")],
    ),
    question("then", "integer", enableWhen=[when("pick", "=", **coding("a"))]),
    question("fine", "boolean"),
    question("born", "date"),
    question("more", "text"),
)
ANSWERS = {
    "pick": "a",
    "heat": "37.5",
    "then": 3,
    "fine": False,
    "born": "1946-03-27",
    "more": "Thank you",
}


def response(answers=ANSWERS):
    return ASKED.to_fhir(answers, authored_at=NOON, response_id="r1", version="1.0.0")


def test_a_response_says_what_was_asked_and_answered():
    assert response() == {
        "resourceType": "QuestionnaireResponse",
        "id": "r1",
        "questionnaire": "https://openprotect.example/fhir/Questionnaire/small|1.0.0",
        "status": "completed",
        "authored": "2026-03-27T12:00:00+00:00",
        "item": [
            {
                "linkId": "group",
                "text": "group?",
                "item": [
                    {
                        "linkId": "pick",
                        "text": "pick?",
                        "answer": [{"valueCoding": {"code": "a", "display": "A"}}],
                    },
                    {"linkId": "heat", "text": "heat?", "answer": [{"valueDecimal": 37.5}]},
                ],
            },
            {"linkId": "then", "text": "then?", "answer": [{"valueInteger": 3}]},
            {"linkId": "fine", "text": "fine?", "answer": [{"valueBoolean": False}]},
            {"linkId": "born", "text": "born?", "answer": [{"valueDate": "1946-03-27"}]},
            {"linkId": "more", "text": "more?", "answer": [{"valueString": "Thank you"}]},
        ],
    }


def test_a_response_without_its_required_answer_is_in_progress():
    assert response({"heat": "37.5"})["status"] == "in-progress"


def test_a_group_without_answers_is_left_out():
    assert response({"fine": True})["item"] == [
        {"linkId": "fine", "text": "fine?", "answer": [{"valueBoolean": True}]}
    ]


def test_an_answer_to_a_question_not_shown_does_not_leave():
    sent = json.dumps(response({"pick": "b", "then": 3}))

    assert "then" not in sent


def test_what_leaves_is_found_right_when_it_comes_back():
    assert faults(json.loads(json.dumps(response())), ASKED, "1.0.0") == ()


def broken(**changed):
    return response() | changed


def item(link_id, **value):
    return {"linkId": link_id, "answer": [value]}


def picked(**value):
    return {"linkId": "group", "item": [item("pick", **value)]}


PICKED = picked(valueCoding={"code": "b"})


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (broken(resourceType="Bundle"), "must be QuestionnaireResponse"),
        (broken(questionnaire="https://other.example"), "questionnaire: must be"),
        (broken(status="done"), "status: must be one of"),
        (broken(authored="yesterday"), "must be an instant"),
        (broken(authored="2026-03-27T12:00:00"), "must be an instant"),
        (broken(item=[item("lost", valueString="x")]), "there is no such item in the form"),
        (broken(item=[PICKED, PICKED]), "is there twice"),
        (broken(item=[PICKED, item("then", valueInteger=3)]), "nobody with the other answers"),
        (broken(item=[picked(valueCoding={"code": "z"})]), "Choose one of the answers"),
        (broken(item=[picked(valueString="a")]), "must be of the type Coding"),
        (
            broken(item=[PICKED, item("fine", valueBoolean="yes")]),
            "is not a Boolean",
        ),
        (broken(item=[item("group", valueString="x")]), "is a group, which has no answer"),
        (broken(item=[{"linkId": "group", "item": [{"linkId": "heat"}]}]), "pick: must be"),
    ],
)
def test_a_response_that_does_not_fit_is_refused_item_by_item(sent, words):
    assert any(words in fault for fault in faults(sent, ASKED, "1.0.0"))


def test_answers_are_shown_in_words():
    assert ASKED.in_words(ANSWERS) == (
        ("pick?", "A"),
        ("heat?", "37.5"),
        ("then?", "3"),
        ("fine?", "No"),
        ("born?", "27 March 1946"),
        ("more?", "Thank you"),
    )


def test_an_answer_that_cannot_be_read_says_so_and_is_not_hidden():
    assert ASKED.in_words({"heat": "warm"}) == (("heat?", "(an answer that cannot be read)"),)
