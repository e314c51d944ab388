"""What people type is read kindly and strictly (bad inputs, E6)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprotect.forms.typed_in import NotAnAnswer
from tests.packs.given import choice, form, question

MINIMUM = "http://hl7.org/fhir/StructureDefinition/minValue"
MAXIMUM = "http://hl7.org/fhir/StructureDefinition/maxValue"
BOUNDS = [{"url": MINIMUM, "valueDecimal": 33}, {"url": MAXIMUM, "valueDecimal": 43}]
BORN = [{"url": MAXIMUM, "valueDate": "2026-12-31"}]

ASKED = form(
    choice("pick", "yes", "not-sure", required=True),
    question("fine", "boolean"),
    question("days", "integer", required=True),
    question("heat", "decimal", extension=BOUNDS),
    question("born", "date", extension=BORN),
    question("name", "string"),
    question("more", "text", maxLength=20),
    question("told", "display"),
)


def read(link_id, raw):
    return ASKED.read(ASKED.item(link_id), raw)


@pytest.mark.parametrize(
    ("link_id", "raw", "kept"),
    [
        ("pick", "not-sure", "not-sure"),
        ("pick", {"pick": "yes"}, "yes"),
        ("pick", {"answer": " yes "}, "yes"),
        ("fine", "yes", True),
        ("fine", "No", False),
        ("fine", "", None),
        ("days", " 7 ", 7),
        ("days", "0", 0),
        ("heat", "37.50", "37.5"),
        ("heat", "38", 38),
        ("heat", "   ", None),
        ("born", {"day": "27", "month": "3", "year": "1946"}, "1946-03-27"),
        ("born", {"born-day": "1", "born-month": "Feb", "born-year": "1950"}, "1950-02-01"),
        ("born", {"day": "29", "month": "02", "year": "2024"}, "2024-02-29"),
        ("born", {"day": "", "month": " ", "year": ""}, None),
        ("born", "1946-03-27", "1946-03-27"),
        ("name", " Ann\tMay\r\n ", "Ann May"),
        ("more", "two\r\nlines", "two\nlines"),
        ("more", "nul\x00 and \u200bnothing", "nul and nothing"),
        ("more", "e\u0301", "\u00e9"),
        ("more", "🙂", "🙂"),
        ("more", "<b>{{7*7}}</b>%s", "<b>{{7*7}}</b>%s"),
        ("more", " \u00a0\n\t ", None),
        ("more", "\ud800 broken", "broken"),
    ],
)
def test_an_answer_is_read(link_id, raw, kept):
    assert read(link_id, raw) == kept


@pytest.mark.parametrize(
    ("link_id", "raw", "words"),
    [
        ("pick", "", "Choose one of the answers"),
        ("pick", "maybe", "Choose one of the answers"),
        ("fine", "perhaps", "Choose yes or no"),
        ("days", "", "Enter a number"),
        ("days", "3.5", "whole number"),
        ("days", "three", "in figures"),
        ("days", "٣", "in figures"),
        ("days", "1" * 5000, "in figures"),
        ("heat", "37,5", "full stop"),
        ("heat", "38C", "Leave out words and units"),
        ("heat", "about 38", "Leave out words and units"),
        ("heat", "NaN", "in figures"),
        ("heat", "1e2", "in figures"),
        ("heat", "380", "between 33 and 43"),
        ("heat", "3.8", "between 33 and 43"),
        ("born", {"day": "31", "month": "2", "year": "1950"}, "real date"),
        ("born", {"day": "1", "month": "2", "year": "50"}, "4 figures"),
        ("born", {"day": "1", "month": "2", "year": ""}, "must also have a year"),
        ("born", {"day": "1", "month": "2", "year": "2027"}, "at most 31 December 2026"),
        ("more", "a" * 21, "Yours is 1 too long"),
        ("more", "a" * 50_000, "room for 20"),
        ("name", "a" * 201, "room for 200"),
        ("told", "anything", "nothing to answer"),
    ],
)
def test_what_cannot_be_read_is_asked_again_in_kind_words(link_id, raw, words):
    with pytest.raises(NotAnAnswer, match=words):
        read(link_id, raw)


@given(
    st.sampled_from(["pick", "fine", "days", "heat", "born", "name", "more"]),
    st.one_of(st.text(), st.dictionaries(st.text(), st.text())),
)
def test_whatever_is_typed_is_read_or_asked_again(link_id, raw):
    try:
        kept = read(link_id, raw)
    except NotAnAnswer:
        return
    value = ASKED.item(link_id).understood(kept)
    assert (value is None) is (kept is None)


@given(st.decimals(min_value=33, max_value=43, places=2))
def test_a_number_keeps_its_exact_value(number):
    kept = read("heat", str(number))

    assert Decimal(str(kept)) == number
