"""Rules over questions that may have several answers, amounts with units, words of one's own."""

import pytest

from openprotect.packs.triage import IN_THEIR_OWN_WORDS
from tests.packs.given import choice, question, table, table_of

HEADER = "rule,kind,urgency,reason,source,"
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
SYMPTOMS = choice("symptoms", "cough", "fever", "none", repeats=True)
FALLS = question("fall", "group", item=[question("hurt", "boolean")], repeats=True)
WEIGHT = question("weight", "quantity")
OPEN = choice("drink", "tea", "water", type="open-choice")


def rules(cells, *items):
    rows = [f"r{at},clinical,today,Why,Source,{cell}" for at, cell in enumerate(cells)]
    return "\n".join([HEADER + ",".join(item for item in items), *rows]) + "\n"


def raised(read, answers):
    return [each.rule for each in read.evaluate(answers, {})]


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"symptoms": ["cough", "fever"]}, ["r0", "r1"]),
        ({"symptoms": ["none"]}, ["r1", "r3"]),
        ({"symptoms": "fever"}, ["r0", "r1"]),
        ({}, ["r2"]),
    ],
)
def test_any_of_several_answers_may_match(answers, found):
    read = table(rules(["fever", "any", "missing", "not fever and answered"], "symptoms"), SYMPTOMS)

    assert raised(read, answers) == found


def test_answers_in_every_turn_of_a_group_are_looked_at():
    read = table(rules(["yes"], "hurt"), FALLS)

    assert raised(read, {"fall": 2, "hurt@1": False, "hurt@2": True}) == ["r0"]
    assert raised(read, {"fall": 2, "hurt@1": False, "hurt@2": False}) == []


def test_an_answer_to_nothing_that_is_asked_still_reaches_a_person():
    read = table(rules(["yes"], "hurt"), FALLS)

    assert raised(read, {"lost@1": "x"}) == ["unreadable-answer"]


def test_an_amount_is_compared_by_its_number():
    read = table(rules(["< 45.5"], "weight"), WEIGHT)

    assert raised(read, {"weight": {"value": "45.4", "unit": "kg"}}) == ["r0"]
    assert raised(read, {"weight": {"value": 46, "unit": "kg"}}) == []


def test_an_amount_in_several_units_is_not_for_rules():
    units = [{"url": UNIT, "valueCoding": {"code": code}} for code in ("kg", "[lb_av]")]

    _, problems = table_of(rules(["< 45"], "weight"), WEIGHT | {"extension": units})

    assert "several units" in problems[0]


def test_a_kind_that_rules_cannot_look_at_is_refused_and_its_answers_stop_nothing():
    picture = question("picture", "attachment")
    _, problems = table_of(rules(["any"], "picture"), picture)
    read = table(rules(["yes"], "fine"), question("fine", "boolean"), picture)

    assert "for people to read" in problems[0]
    assert raised(read, {"fine": True, "picture": {"title": "a"}}) == ["r0"]


def test_words_of_ones_own_are_an_answer_and_are_read_by_a_person():
    read = table(rules(["tea", "missing"], "drink"), OPEN)

    assert raised(read, {"drink": "tea"}) == ["r0"]
    assert raised(read, {"drink": {"words": "Something strong"}}) == [IN_THEIR_OWN_WORDS]
