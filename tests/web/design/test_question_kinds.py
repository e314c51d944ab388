"""A pack's question of any kind on one page: drawn, read by the form, and shown again."""

import pytest
from django.http import QueryDict
from django.template import engines

from openprotect.forms.items import Item, Option
from openprotect.forms.typed_in import read
from openprotect.forms.values import Coding
from openprotect.web.design.questions import ANSWER, QuestionForm
from tests.web.design.a_browser import as_sent

FOOD, HELP = Option("food", "Food"), Option("help", "Help")
KINDS = [
    (Item("q", "Which?", "choice", options=(FOOD, HELP)), "answer=food", "food"),
    (
        Item("q", "Which?", "choice", options=(FOOD, HELP), is_repeated=True),
        "answer=food&answer=help",
        ["food", "help"],
    ),
    (
        Item("q", "Which?", "open-choice", options=(FOOD, HELP)),
        "answer=%2Bown&answer_other=A+lift",
        {"words": "A lift"},
    ),
    (Item("q", "Yes?", "boolean"), "answer=yes", True),
    (Item("q", "How many?", "integer"), "answer=3", 3),
    (
        Item("q", "Weight?", "quantity", units=(Coding("kg", "kg", "urn:u"),)),
        "answer=80.5",
        {"value": "80.5", "unit": "kg", "code": "kg", "system": "urn:u"},
    ),
    (Item("q", "When?", "date"), "answer_day=3&answer_month=5&answer_year=2026", "2026-05-03"),
    (Item("q", "When?", "time"), "answer_hour=9&answer_minute=30", "09:30:00"),
    (Item("q", "Who?", "string", is_repeated=True), "answer=Ann%0D%0ABert", ["Ann", "Bert"]),
    (Item("q", "Page?", "url"), "answer=https://example.org/", "https://example.org/"),
    (Item("q", "Picture?", "attachment"), "", None),
]


def reader(item, raw):
    value = read(item, raw)
    return None if value is None else item.kept(value)


def form_of(item, sent=None):
    return QuestionForm(item, None if sent is None else QueryDict(sent), read=reader)


@pytest.mark.parametrize(
    ("item", "sent", "kept"), KINDS, ids=[f"{i.kind}-{i.is_repeated}" for i, _, _ in KINDS]
)
def test_an_answer_is_kept_and_comes_back_as_it_was(item, sent, kept):
    form = form_of(item, sent)
    assert form.is_valid(), form.errors
    assert as_stored(form.answer) == kept

    again = form_of(item)
    again.show(kept)
    drawn = engines["jinja2"].env.from_string("{{ field.as_field_group() }}")
    shown = drawn.render(field=again[ANSWER])

    assert as_stored(form_of(item, as_sent(shown).urlencode()).is_valid()) is True
    second = form_of(item, as_sent(shown).urlencode())
    second.is_valid()
    assert as_stored(second.answer) == kept


def as_stored(value):
    if isinstance(value, dict):
        return {name: str(part) if name == "value" else part for name, part in value.items()}
    return value


def test_a_file_is_never_taken_and_whom_to_ring_is_said():
    form = form_of(Item("q", "A photo of the rash", "attachment"))

    assert "You cannot send a file or a picture here" in form[ANSWER].as_field_group()
