"""Questionnaires that may not be published, and the words their authors get (bad inputs, E4)."""

import json

import pytest

from openprotect.forms.addresses import HL7
from tests.packs.given import (
    FILE,
    HIDDEN,
    answer,
    changed,
    choice,
    coding,
    emergency,
    faults_of,
    form,
    form_text,
    question,
    red_flag,
    said,
    when,
)

MINIMUM = "http://hl7.org/fhir/StructureDefinition/minValue"
TWICE = [{"valueCoding": {"code": "a", "display": each}} for each in ("One", "Two")]
ALIKE = [{"valueCoding": {"code": each, "display": "Same"}} for each in ("a", "b")]
AHEAD = choice("early", "a", "b", enableWhen=[when("late", "=", **coding("a"))])
ITSELF = choice("q", "a", "b", enableWhen=[when("q", "=", **coding("a"))])


def nested(depth):
    inner = question("q", "string") if depth == 0 else nested(depth - 1)
    return question(f"g{depth}", "group", item=[inner])


REFUSED = {
    "N01 no questions": (form_text(), "asks nothing"),
    "N01 only hidden questions": (
        form_text(question("q", "string", extension=[{"url": HIDDEN, "valueBoolean": True}])),
        "asks nothing",
    ),
    "N01 only a display": (form_text(question("q", "display")), "asks nothing"),
    "N02 duplicate ids": (
        form_text(choice("q", "a", "b"), choice("q", "a", "b")),
        "has the linkId of an item before it",
    ),
    "N04 points to itself": (form_text(ITSELF), "depends on itself"),
    "N04 looks forward": (form_text(AHEAD, choice("late", "a", "b")), "may only look back"),
    "N04 names nothing": (
        form_text(question("q", "string", enableWhen=[when("lost", "exists")])),
        "depends on 'lost', which is not in the form",
    ),
    "N07 code twice": (
        form_text(choice("q", answerOption=TWICE)),
        "have the code 'a'",
    ),
    "N07 words twice": (form_text(choice("q", answerOption=ALIKE)), "the display 'Same' twice"),
    "N08 pattern in a branch": (
        form_text(
            question("t", "text"),
            question("q", "string", enableWhen=[when("t", "matches", answerString="(a+)+")]),
        ),
        "the operator 'matches' is not FHIR's",
    ),
    "N09 too many": (
        form_text(*(question(f"q{place}", "string") for place in range(301))),
        "more than 300 items",
    ),
    "N09 enormous label": (
        form_text(question("q", "string", text="a" * 1_000_000)),
        "has 1000000 characters; at most",
    ),
    "N13 no emergency text": (
        form_text(question("q", "string"), extension=[]),
        "no emergency text",
    ),
    "N13 emergency text without 999": (
        form_text(question("q", "string"), extension=[emergency("Be well.")]),
        "must tell people when to ring 999",
    ),
    "one option": (form_text(choice("q", "a")), "at least two answers"),
    "options of a text": (form_text(question("q", "text", answerOption=TWICE)), "has no options"),
    "unknown type": (form_text(question("q", "slider")), "'slider' is not one that FHIR R4 knows"),
    "type of a later standard": (form_text(question("q", "coding")), "is of FHIR R5"),
    "unknown key": (form_text(question("q", "string", colour="red")), "'colour' is not an element"),
    "modifier": (
        form_text(question("q", "string", modifierExtension=[{"url": "x"}])),
        "may change its meaning",
    ),
    "branch on an option nobody has": (
        form_text(
            choice("q", "a", "b"),
            question("r", "string", enableWhen=[when("q", "=", **coding("c"))]),
        ),
        "'c' is none of the answers to q",
    ),
    "branch with the wrong kind of answer": (
        form_text(
            choice("q", "a", "b"),
            question("r", "string", enableWhen=[when("q", "=", answerInteger=3)]),
        ),
        "compares q, a choice, with a number",
    ),
    "order of words": (
        form_text(
            choice("q", "a", "b"),
            question("r", "string", enableWhen=[when("q", ">", **coding("a"))]),
        ),
        "cannot compare answers to q, a choice",
    ),
    "several conditions, not joined": (
        form_text(
            choice("q", "a", "b"),
            question(
                "r",
                "string",
                enableWhen=[when("q", "=", **coding("a")), when("q", "=", **coding("b"))],
            ),
        ),
        "has several conditions and no enableBehavior",
    ),
    "empty group": (form_text(question("g", "group"), question("q", "string")), "at least one"),
    "required text": (
        form_text(question("d", "display", required=True), question("q", "string")),
        "can be required",
    ),
    "length of a number": (form_text(question("q", "integer", maxLength=3)), "only words have"),
    "red flag at an unknown answer": (
        form_text(choice("q", "a", "b", extension=[red_flag(answer("c"))])),
        "names 'c', which is none of the answers",
    ),
    "red flag that names no number": (
        form_text(choice("q", "a", "b", extension=[red_flag(answer("a"), text="Ring.")])),
        "must name the number to ring, 999",
    ),
    "red flag of a number without a bound": (
        form_text(question("q", "integer", extension=[red_flag()])),
        "needs 'from' or 'to'",
    ),
    "option without a coding": (
        form_text(choice("q", answerOption=[{"valueString": "a"}, {"valueInteger": 1}])),
        "an option needs a code and a display",
    ),
    "option that a table would misread": (
        form_text(choice("q", "a,b", "missing")),
        "'missing' would be misread",
    ),
    "bound that is no number": (
        form_text(question("q", "decimal", extension=[{"url": MINIMUM, "valueDecimal": "low"}])),
        "least value cannot be read",
    ),
    "bound that is no day": (
        form_text(question("q", "date", extension=[{"url": MINIMUM, "valueDate": "soon"}])),
        "least value cannot be read",
    ),
    "bound of a text": (
        form_text(question("q", "text", extension=[{"url": MINIMUM, "valueInteger": 1}])),
        "has no least value",
    ),
    "red flag of a text": (
        form_text(question("q", "text", extension=[red_flag()])),
        "say which answers raise it",
    ),
    "red flag of an unknown part": (
        form_text(choice("q", "a", "b", extension=[red_flag({"url": "if", "valueCode": "a"})])),
        "'if' is not a part of an emergency text",
    ),
    "flag that is no flag": (
        form_text(question("q", "string", required="yes")),
        "neither true",
    ),
    "branch on a text": (
        form_text(
            question("d", "display"), question("q", "string", enableWhen=[when("d", "exists")])
        ),
        "depends on 'd', which nobody answers",
    ),
    "group in a group in a group": (form_text(nested(7)), "nested 5 deep at most"),
    "id that is a column": (form_text(question("rule", "string")), "name of a column"),
    "id that is a fact": (form_text(question("age", "integer")), "name of a column"),
    "odd id": (form_text(question("a b", "string")), "may hold letters"),
    "invisible characters": (form_text(question("q", "string", text="a\u202eb")), "invisible"),
    "not a Questionnaire": (
        json.dumps({"resourceType": "Patient"}),
        "is a Patient",
    ),
    "not an object": ("[1, 2]", "not one JSON object"),
    "not JSON": ('{"a": }', "questionnaire.json:1: is not JSON: Expecting value, line 1 column 7"),
    "a key twice": ('{"a": 1, "a": 2}', "the key 'a' twice"),
    "not a number": ('{"a": NaN}', "holds NaN"),
    "a number of 5,000 digits": ('{"a": ' + "9" * 5000 + "}", "number too long"),
    "nested 100,000 deep": ("[" * 100_000, "nested deeper"),
    "nested 100 deep": ("[" * 100 + "]" * 100, "not one JSON object"),
    "nested 200 deep in an object": ('{"a": ' + "[" * 200 + "]" * 200 + "}", "nested deeper"),
    "items that are no list": (form_text(item={"linkId": "q"}), "is one object, not a list"),
    "item that is no object": (form_text("q"), "is not an object"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_faulty_questionnaire_is_refused_in_words(text, words):
    faults = faults_of(text)

    assert any(words in fault and "warning" not in fault for fault in faults), faults


def test_a_fault_names_the_line_and_the_item():
    text = form_text(choice("q", "a", "b"), question("odd", "slider"))
    line = next(at for at, words in enumerate(text.splitlines(), 1) if '"odd"' in words)

    assert faults_of(text)[0].startswith(f"{FILE}:{line}:item odd: its type 'slider' is not one")


def test_every_fault_is_told_not_only_the_first():
    text = form_text(choice("q", "a"), question("odd", "slider"), question("q", "string"))

    assert len(faults_of(text)) == 3


def test_a_misspelt_word_is_met_with_the_right_one():
    assert "Did you mean 'boolean'?" in faults_of(form_text(question("q", "bolean")))[0]


def test_a_branch_that_can_never_be_true_is_warned_of():
    both = [when("q", "=", **coding("a")), when("q", "=", **coding("b"))]
    never = question("r", "string", enableWhen=both, enableBehavior="all")

    faults = faults_of(form_text(choice("q", "a", "b"), never))

    assert [fault for fault in faults if "warning" in fault] == faults != []


def test_a_question_for_bank_details_is_held_up_for_a_second_person():
    faults = faults_of(form_text(question("q", "string", text="What is your bank account?")))

    assert "a second person must agree" in faults[0]


def test_an_extension_nobody_reads_is_named():
    asked = question("q", "string", extension=[{"url": "https://other.example/x"}])

    assert "https://other.example/x is not understood here" in faults_of(form_text(asked))[0]


def test_an_option_keeps_its_prefix_and_score():
    option = {
        "valueCoding": {
            "code": "a",
            "display": "Often",
            "extension": [{"url": f"{HL7}ordinalValue", "valueDecimal": 3}],
        },
        "extension": [{"url": f"{HL7}questionnaire-optionPrefix", "valueString": "c)"}],
    }
    asked = form(choice("q", answerOption=[option, {"valueCoding": {"code": "b", "display": "B"}}]))

    kept = asked.item("q").option("a")
    assert (kept.prefix, kept.score) == ("c)", 3)


def test_markup_in_a_label_stays_text():
    assert faults_of(form_text(question("q", "string", text="<b>{{ 7*7 }}</b>?"))) == []


def test_a_rule_may_not_use_a_question_that_is_gone():
    files = changed(FILE, '"linkId": "mood"', '"linkId": "spirits"')

    assert any("triage.csv:1:mood: 'mood' is not known" in line for line in said(files))
