"""Is a response valid for exactly this form, and what is said of each item."""

from datetime import UTC, datetime

import pytest

from openprotect.forms.answers_in import answers_in
from openprotect.forms.computing import settled
from openprotect.forms.responses import to_fhir
from openprotect.forms.validating import verdict_of
from openprotect.forms.walker import walk_through
from tests.forms.given import HL7, SDC, choice, extension, form, item, when

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)


def response(*items, **more):
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://example.org/Questionnaire/small|1",
        "status": "completed",
        "item": list(items),
        **more,
    }


def answered(link_id, *answers):
    return {"linkId": link_id, "answer": list(answers)}


def errors(asked, given):
    return [str(each) for each in verdict_of(given, asked).errors]


def test_a_whole_response_is_valid():
    asked = form(item("a", required=True), choice("b", "x", "y"))
    given = response(
        answered("a", {"valueString": "words"}), answered("b", {"valueCoding": {"code": "x"}})
    )

    assert errors(asked, given) == []


@pytest.mark.parametrize(
    ("made", "given", "expected"),
    [
        (item("a"), answered("z", {"valueString": "x"}), "z: there is no such item"),
        (item("a"), answered("a", {"valueInteger": 1}), "must be of the type String"),
        (item("a"), answered("a", {"valueString": "x"}, {"valueString": "y"}), "at most 1"),
        (item("a"), {"linkId": "a", "item": [{"linkId": "b"}]}, "answer.item"),
        (item("a"), answered("a", {"valueString": "x", "valueInteger": 1}), "has 2 values"),
        (item("a"), answered("a", {"valueString": "x\ny"}), "one line"),
        (item("a"), {"linkId": "a", "answer": []}, "something in it"),
        (item("a"), {"linkId": "a", "odd": 1}, "'odd' is not an element"),
        (item("a"), {"answer": [{"valueString": "x"}]}, "has no linkId"),
        (item("a", "display"), answered("a", {"valueString": "x"}), "has no answer"),
        (item("a", "group", item("b")), answered("a", {"valueString": "x"}), "has no answer"),
        (item("a", "group", item("b"), required=True), {"linkId": "a"}, "has nothing in it"),
        (item("a", "integer"), answered("a", {"valueInteger": "1"}), "can be read"),
        (item("a", "date"), answered("a", {"valueDate": "2026-02-30"}), "can be read"),
        (item("a", "url"), answered("a", {"valueUri": "c:\\temp"}), "can be read"),
        (item("a", maxLength=2), answered("a", {"valueString": "abc"}), "room for 2"),
        (choice("a", "x"), answered("a", {"valueCoding": {"code": "y"}}), "Choose one"),
        (choice("a", "x"), answered("a", {"valueString": "x"}), "type Coding"),
        (
            item("a", "reference"),
            answered("a", {"valueReference": {"reference": "Chicken/1"}}),
            "Chicken",
        ),
        (
            item("a", extension=[extension(HL7 + "regex", valueString="[0-9]+")]),
            answered("a", {"valueString": "1a"}),
            "how it is written",
        ),
    ],
)
def test_each_fault_is_said_with_its_item(made, given, expected):
    assert any(expected in each for each in errors(form(made), response(given)))


def test_an_answer_to_what_nobody_is_asked_is_a_fault():
    asked = form(
        item("a", "boolean"), item("b", enableWhen=[when("a", answerBoolean=True)], required=True)
    )
    no, yes = answered("a", {"valueBoolean": False}), answered("a", {"valueBoolean": True})
    told = answered("b", {"valueString": "x"})

    assert errors(asked, response(no, told)) == ["b: nobody with the other answers is asked this"]
    assert errors(asked, response(no)) == []
    assert errors(asked, response(yes)) == ["b: must be answered"]
    assert errors(asked, response(yes, told)) == []


def test_a_response_in_the_making_may_still_lack_answers():
    asked = form(item("a", required=True), item("b"))
    given = response(answered("b", {"valueString": "x"}), status="in-progress")

    assert verdict_of(given, asked).is_valid
    assert [str(each) for each in verdict_of(given, asked).doubts] == ["a: must be answered"]


def test_a_group_that_is_left_out_asks_for_nothing():
    asked = form(item("g", "group", item("a", required=True)))

    assert errors(asked, response()) == []
    assert errors(asked, response({"linkId": "g", "item": [{"linkId": "a"}]})) != []


def test_items_must_stand_in_the_order_of_the_form():
    asked = form(item("a"), item("b"))
    given = response(answered("b", {"valueString": "x"}), answered("a", {"valueString": "y"}))

    assert any("come later" in each for each in errors(asked, given))


def test_another_form_or_another_version_is_a_fault():
    asked = form(item("a"))
    other = "https://example.org/Questionnaire/other|1"
    second = "https://example.org/Questionnaire/small|2"

    assert "answers https://example.org/Questionnaire/other" in str(
        errors(asked, response(questionnaire=other))
    )
    assert "version 2, not 1" in str(errors(asked, response(questionnaire=second)))


@pytest.fixture
def family():
    """A form with what repeats in it, and answers to it."""
    asked = form(
        item("hello", "display"),
        item("child", "group", item("name"), item("age", "integer"), repeats=True),
        choice("medicine", "a", "b", repeats=True) | {"item": [item("dose", "decimal")]},
        item("when", "dateTime"),
    )
    answers = {
        "child": 2,
        "name@1": "Ann",
        "age@1": 3,
        "name@2": "Ben",
        "medicine": ["a", "b"],
        "dose@2": "2.5",
        "when": "2026-03-27T12:00:00+00:00",
    }
    return asked, answers


def test_what_is_answered_here_is_valid_and_is_read_back_as_it_was_kept(family):
    asked, answers = family
    state = settled(asked, answers)

    written = to_fhir(asked, state, authored_at=NOON, response_id="r1", is_whole=True)

    assert errors(asked, written) == []
    assert answers_in(asked, written).answers == answers


def test_what_is_beneath_a_question_is_written_within_its_answer(family):
    asked, answers = family

    written = to_fhir(asked, settled(asked, answers), authored_at=NOON, is_whole=True)

    dose = {"linkId": "dose", "text": "About dose", "answer": [{"valueDecimal": 2.5}]}
    assert written["item"][2]["answer"] == [
        {"valueCoding": {"code": "a", "display": "A"}},
        {"valueCoding": {"code": "b", "display": "B"}, "item": [dose]},
    ]


def test_a_walk_ends_with_a_valid_response():
    asked = form(
        item("a", "integer", required=True),
        item("b", enableWhen=[when("a", ">", answerInteger=2)], required=True),
        item("g", "group", item("c", "quantity"), item("d", "time"), repeats=True),
    )

    for last in (False, True):
        walked = walk_through(asked, last=last)
        written = to_fhir(asked, walked.state, authored_at=NOON, is_whole=True)

        assert errors(asked, written) == []


METRE = {"code": "m", "unit": "m"}


@pytest.mark.parametrize(
    ("least", "given", "is_valid"),
    [
        ({"value": 1, "code": "km"}, {"value": 1200, **METRE}, True),
        ({"value": 1, "code": "km"}, {"value": 800, **METRE}, False),
        ({"value": 1, "code": "kg"}, {"value": 1200, **METRE}, False),
        ({"value": 1, "unit": "bags"}, {"value": 2, "unit": "Bags"}, True),
    ],
)
def test_amounts_are_compared_in_one_unit_or_not_at_all(least, given, is_valid):
    bound = extension(SDC + "minQuantity", valueQuantity=least)
    asked = form(item("a", "quantity", extension=[bound]))

    assert (errors(asked, response(answered("a", {"valueQuantity": given}))) == []) is is_valid


def test_a_group_must_come_as_often_as_it_must():
    twice = [extension(HL7 + "questionnaire-minOccurs", valueInteger=2)]
    asked = form(item("g", "group", item("a"), repeats=True, extension=twice))
    one = {"linkId": "g", "item": [answered("a", {"valueString": "x"})]}

    assert errors(asked, response(one)) == ["g: must be given 2 times at least"]
    assert errors(asked, response(one, one)) == []
