"""Fields that draw themselves, and what they say when they are wrong."""

from datetime import date
from decimal import Decimal

import pytest

from openprotect.web.design.fields import Choice, Choices, Day, Number, Option, PageForm, Words

NEEDS = (Option("food", "Food"), Option("company", "Company"), Option("none", "None", apart=True))


def form_of(field, one=False, **given):
    class OneForm(PageForm):
        is_one_question = one
        answer = field

    return OneForm(given)


def said(field, **given):
    return [wrong.text for wrong in form_of(field, one=True, **given).wrongs]


def test_an_answer_outside_the_choice_is_asked_again():
    assert said(Choice(NEEDS, label="Need")) == ["Choose one of the answers"]
    assert said(Choice(NEEDS, label="Need"), answer="gold") == ["Choose one of the answers shown"]


def test_none_of_these_stands_alone():
    assert said(Choices(NEEDS, label="Need"), answer=["food", "company"]) == []
    assert said(Choices(NEEDS, label="Need"), answer=["food", "none"]) == [
        "Choose 'None' alone, or the others"
    ]


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), (" 1,204 ", 1204), ("-3", -3), ("007", 7), ("", None)]
)
def test_a_whole_number_is_read(typed, value):
    form = form_of(Number(label="How many?", required=False), answer=typed)

    assert form.is_valid()
    assert form.cleaned_data["answer"] == value


@pytest.mark.parametrize("typed", ["1.5", "1,2", "twelve", "1e3", "٣", "12 mg", "--1"])
def test_what_is_no_whole_number_is_not_guessed(typed):
    assert said(Number(label="How many?"), answer=typed) == ["Enter a whole number, like 12"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("380", "Enter 45 or less"),
        ("3.8", "Enter 30 or more"),
        ("37.55", "Use up to 1 figure after the point"),
        ("37,5", "Enter a number, like 37.5"),
    ],
)
def test_a_number_outside_its_limits_is_asked_again_and_never_mended(typed, words):
    assert said(Number(label="Temperature", places=1, low=30, high=45), answer=typed) == [words]


def test_a_decimal_number_keeps_its_figures():
    form = form_of(Number(label="Temperature", places=1), answer="37.0")

    assert form.is_valid()
    assert form.cleaned_data["answer"] == Decimal("37.0")


def test_words_are_counted_as_the_reader_counts_them():
    field = Words(label="Note", rows=3, max_length=3)

    assert form_of(field, answer="a\r\nb").is_valid()
    assert said(field, answer="abcd") == ["Shorten this by 1 character: it can have up to 3"]


def test_words_of_spaces_only_are_no_answer():
    assert said(Words(label="Note"), answer="   ") == ["Write an answer"]


def test_a_day_is_read_from_its_three_boxes():
    form = form_of(Day(label="When?"), answer_day="3", answer_month="5", answer_year="1946")

    assert form.is_valid()
    assert form.cleaned_data["answer"] == date(1946, 5, 3)


def test_a_day_outside_its_limits_is_asked_again():
    field = Day(
        label="When?", subject="The visit", earliest=date(2026, 1, 1), latest=date(2026, 5, 5)
    )

    assert said(field, answer_day="6", answer_month="5", answer_year="2026") == [
        "The visit must be 5 May 2026 or earlier"
    ]
    assert said(field, answer_day="31", answer_month="12", answer_year="2025") == [
        "The visit must be 1 January 2026 or later"
    ]


def test_the_error_summary_leads_to_the_first_wrong_box():
    form = form_of(Day(label="When?"), answer_day="3", answer_month="", answer_year="1946")

    assert [wrong.href for wrong in form.wrongs] == ["#id_answer_month"]


def test_with_several_questions_the_summary_says_of_which():
    form = form_of(Choice(NEEDS, label="What is needed?"))

    assert form.wrongs[0].text == "What is needed: choose one of the answers"


def test_what_belongs_to_no_field_comes_first_in_the_summary():
    form = form_of(Choice(NEEDS, label="Need"))
    form.add_error(None, "Somebody else took this call a minute ago.")

    assert form.wrongs[0].text == "Somebody else took this call a minute ago."


@pytest.mark.parametrize(
    ("field", "given", "parts"),
    [
        (Choice(NEEDS, label="Need?"), {"answer": "food"}, ['type="radio"', "checked", ">or<"]),
        (Choice(NEEDS, label="Need?", drop_down=True), {"answer": "food"}, ["<select", "selected"]),
        (Choices(NEEDS, label="Need?"), {"answer": ["food"]}, ['type="checkbox"', "checked"]),
        (Number(label="How?", suffix="°C"), {"answer": "x"}, ['inputmode="numeric"', "°C"]),
        (
            Words(label="Note"),
            {"answer": "<b>"},
            ['type="text"', "&lt;b&gt;", 'autocomplete="off"'],
        ),
        (
            Words(label="Note", rows=4, max_length=9),
            {"answer": "a"},
            ["<textarea", "data-maxlength"],
        ),
        (
            Day(label="When?", is_birthday=True),
            {"answer_day": "3"},
            ['name="answer_day"', 'autocomplete="bday-year"', 'value="3"'],
        ),
    ],
)
def test_a_field_draws_itself_with_what_was_given(field, given, parts):
    drawn = form_of(field, **given)["answer"].as_field_group()

    for part in parts:
        assert part in drawn


def test_the_label_of_the_one_question_is_the_heading_of_the_page():
    drawn = form_of(Choice(NEEDS, label="What is needed?"), one=True)["answer"].as_field_group()

    assert "<h1" in drawn
    assert "What is needed?" in drawn
