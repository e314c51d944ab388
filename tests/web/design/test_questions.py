"""One question of a pack as one form."""

from datetime import date

import pytest

from openprotect.forms.items import Item, Option
from openprotect.forms.typed_in import read
from openprotect.forms.values import Coding
from openprotect.web.design.questions import QuestionForm

BREATH = Item(
    link_id="breath",
    text="Are you breathless?",
    kind="choice",
    required=True,
    options=(Option("no", "No"), Option("rest", "At rest"), Option("unsure", "I am not sure")),
)


def asked(item, **given):
    return QuestionForm(item, given, read=read)


@pytest.mark.parametrize(
    ("item", "given", "answer"),
    [
        (BREATH, {"answer": "rest"}, Coding("rest", "At rest")),
        (Item("alone", "Do you live alone?", "boolean"), {"answer": "yes"}, True),
        (Item("days", "For how many days?", "integer"), {"answer": "3"}, 3),
        (Item("said", "Anything else?", "text"), {"answer": " Thank you "}, "Thank you"),
        (
            Item("since", "Since when?", "date"),
            {"answer_day": "3", "answer_month": "May", "answer_year": "2026"},
            date(2026, 5, 3),
        ),
        (Item("hello", "We now ask about food.", "display"), {}, None),
    ],
)
def test_an_answer_is_what_the_pack_reads(item, given, answer):
    form = asked(item, **given)

    assert form.is_valid()
    assert form.answer == answer


def test_what_the_pack_refuses_is_said_in_its_words():
    form = asked(BREATH)

    assert not form.is_valid()
    assert [wrong.text for wrong in form.wrongs] == ["Choose one of the answers."]
    assert form.wrongs[0].href == "#id_answer"


def test_an_optional_question_may_be_passed_over():
    form = asked(Item("said", "Anything else?", "text"))

    assert form.is_valid()
    assert form.answer is None


def test_i_am_not_sure_stands_below_the_other_answers():
    drawn = QuestionForm(BREATH, read=read)["answer"].as_field_group()

    assert drawn.index("At rest") < drawn.index(">or<") < drawn.index("I am not sure")


def test_a_caller_reads_the_question_in_the_callers_words():
    form = QuestionForm(BREATH, read=read, wording="Is the person breathless?")

    assert "Is the person breathless?" in form["answer"].as_field_group()
