"""Any form, drawn page by page: what a page shows comes back as it was, and nothing falls over."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from openprotect.forms.checking import files_of, found_in, library_of
from openprotect.forms.computing import Known
from openprotect.forms.notes import FormRefused
from openprotect.forms.reading import read_form
from openprotect.forms.walk import pages
from openprotect.forms.walker import walk_through
from openprotect.web.design.example_pages import FORM
from openprotect.web.design.sitting import Sitting, step
from tests.web.design.a_browser import as_sent

SAMPLES = Path(__file__).parents[2] / "forms" / "samples"
FOLDER = Path(os.environ.get("FORMS_TO_DRAW", SAMPLES))
NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
KNOWN = Known(at=NOON)


def forms():
    found = [each for file in files_of(FOLDER) for each in found_in(file, name=file.name)]
    library = library_of(found)
    for each in (each for each in found if each.kind == "Questionnaire"):
        try:
            yield each.name, read_form(each.resource, library).form
        except FormRefused:
            continue


def drawn(sitting, page):
    found = step(sitting, page)
    around = {"form": found.ask, "page": page, "step": found, "words": sitting.words}
    return render_to_string("asking/questions.jinja", around)


@pytest.mark.parametrize("last", [False, True], ids=["first", "last"])
@pytest.mark.parametrize(("name", "form"), [pytest.param(*each, id=each[0]) for each in forms()])
def test_what_a_page_shows_comes_back_as_it_was(name, form, last):
    walked = walk_through(form, last=last, known=KNOWN)
    answers = {key: value for key, value in walked.answers.items() if not is_file(value)}
    sitting = Sitting(form, answers, KNOWN)

    for page in pages(sitting.state):
        taken = step(sitting, page, as_sent(drawn(sitting, page)))

        if page.kind != "another":
            assert dict(taken.ask.errors) == {}
            assert plain(taken.answers) == plain(answers)


def is_file(value):
    return "content_type" in str(value)


def plain(answers):
    """Nobody types the code of a unit or the address of a reference: their words are compared."""
    held = json.loads(json.dumps(answers, default=str, sort_keys=True))
    return {key: in_words_alone(value) for key, value in held.items()}


def in_words_alone(value):
    if isinstance(value, list):
        return [in_words_alone(each) for each in value]
    if isinstance(value, dict) and {"unit", "reference"} & set(value):
        return {name: value[name] for name in ("value", "unit", "display") if name in value}
    return value


@pytest.fixture
def sitting():
    return Sitting(read_form(json.loads(FORM.read_text())).form, {}, KNOWN)


def given(sitting, key, **sent):
    query = QueryDict(mutable=True)
    for name, value in sent.items():
        query.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return step(sitting, sitting.page(key), query)


def said(found):
    return [each.text for each in found.ask.wrongs]


def test_a_question_that_must_be_answered_is_asked_again(sitting):
    found = given(sitting, "breath")

    assert found.answers is None
    assert said(found) == ["Choose one of the answers."]


def test_an_answer_leads_to_the_next_page(sitting):
    found = given(sitting, "breath", a0="walk")

    assert (found.answers, found.onward) == ({"breath": "walk"}, "needs")


def test_words_of_ones_own_are_kept_beside_what_was_chosen(sitting):
    found = given(sitting, "needs", a0=["food", "+own"], a0_other="A lift")

    assert found.answers == {"needs": ["food", {"words": "A lift"}]}


def test_words_written_without_their_tick_are_kept(sitting):
    found = given(sitting, "needs", a0=["food"], a0_other="A lift")

    assert found.answers == {"needs": ["food", {"words": "A lift"}]}


def test_an_answer_and_other_words_are_asked_about_rather_than_lost(sitting):
    found = given(sitting, "drink", a0="water", a0_other="Coffee")

    assert said(found) == ["Choose one of the answers, or write your own. Not both."]


def test_something_else_without_words_is_asked_again(sitting):
    assert said(given(sitting, "drink", a0="+own")) == ["Write your answer in the box."]


def test_a_quantity_needs_its_unit(sitting):
    assert said(given(sitting, "weight", a0="80")) == ["Choose the unit as well."]
    kept = given(sitting, "weight", a0="80", a0_unit="kg").answers["weight"]
    assert (str(kept["value"]), kept["code"]) == ("80", "kg")


def test_a_day_and_time_are_read_from_their_boxes(sitting):
    sent = {"a0_day": "3", "a0_month": "5", "a0_year": "2026", "a0_hour": "9", "a0_minute": "30"}

    assert given(sitting, "visit", **sent).answers["visit"].startswith("2026-05-03T09:30")


def test_the_button_for_one_more_line_judges_nothing(sitting):
    found = given(sitting, "names", a0__1="Ann", add="a0")

    assert found.answers is None
    assert list(found.ask.fields) == ["a0-1", "a0-2"]
    assert not found.ask.wrongs


def test_lines_left_empty_are_left_out(sitting):
    assert given(sitting, "names", a0__1="Ann", a0__2="", a0__3="Bert").answers == {
        "names": ["Ann", "Bert"]
    }


def test_a_file_is_not_waited_for(sitting):
    found = given(sitting, "photo")

    assert (found.answers, found.onward) == ({}, "names")


def test_another_turn_leads_into_it(sitting):
    found = given(sitting, "drugs@1+", another="yes")

    assert (found.answers["drugs"], found.onward) == (2, "drug@2")


def test_no_other_turn_leads_on(sitting):
    assert given(sitting, "drugs@1+", another="no").onward == ""


def test_a_turn_that_is_removed_takes_its_answers_with_it(sitting):
    answers = {"drugs": 2, "drug@1": "A", "times@1": 1, "drug@2": "B"}
    with_two = Sitting(sitting.form, answers, KNOWN)

    found = given(with_two, "drugs@2+", remove="1")

    assert found.answers == {"drugs": 1, "drug@1": "B"}
    assert found.onward == "drugs@1+"


def test_every_question_of_a_table_is_named_where_it_is_missing(sitting):
    assert said(given(sitting, "week")) == [
        "I slept badly: choose one of the answers.",
        "I felt alone: choose one of the answers.",
    ]


def test_what_is_missing_is_found_by_its_page(sitting):
    assert sitting.unanswered == "breath"
    assert Sitting(sitting.form, {"breath": "no"}, KNOWN).unanswered == "week"


def test_answers_stand_under_their_headings_with_the_page_that_changes_them(sitting):
    answers = {"breath": "walk", "slept": "most", "drugs": 2, "drug@2": "Ramipril"}

    found = Sitting(sitting.form, answers, KNOWN).sections

    lines = {(each.heading, line.question): line for each in found for line in each.lines}
    assert lines["", "Are you more breathless than usual?"].answer == "When I walk"
    assert lines["How was your week?", "I slept badly"].key == "week"
    assert lines["Your medicines 2", "What is it called?"].answer == "Ramipril"
    assert lines["Your medicines 1", "What is it called?"].is_empty


def test_a_form_in_arabic_is_read_from_the_right():
    form = read_form(json.loads(FORM.read_text()), language="ar").form
    found = Sitting(form, {}, KNOWN, "ar")

    assert (found.direction, found.words.go_on) == ("rtl", "متابعة")
    assert "هل تشعر" in found.page("breath").shown[0].text


def test_a_language_that_has_no_words_of_ours_gets_english_ones():
    found = Sitting(read_form(json.loads(FORM.read_text())).form, {}, KNOWN, "vi")

    assert found.words.language == "en"
