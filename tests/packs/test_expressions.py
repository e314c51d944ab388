"""Expressions are checked when written, and trouble when they run is never "no"."""

from dataclasses import replace
from time import perf_counter

import pytest

from openprotect.packs.cel import NotAnExpression, NotComputed, compiled, ready
from openprotect.packs.triage import CouldNotEvaluate, Finding
from tests.packs.given import choice, question, shipped, table

DEEP = "(" * 300 + "true" + ")" * 300
SHELVES = {"code": {"breath": "rest"}, "num": {}, "day": {}, "said": {}}


@pytest.mark.parametrize(
    "text",
    ["code[", "lost.x == 1", "num['a'] == 'b'", "1", "code['a'] > 1", DEEP],
)
def test_an_expression_that_does_not_hold_together_is_refused_when_written(text):
    with pytest.raises(NotAnExpression):
        compiled(text)


@pytest.mark.parametrize("text", ["num['heat'] > 1.0", "1 / 0 == 1", "num['b'] > num['a']"])
def test_an_expression_without_an_answer_says_so(text):
    facts = ready(SHELVES | {"num": {"a": 1.0}})

    with pytest.raises(NotComputed):
        compiled(text).holds(facts)


@pytest.mark.parametrize("value", [7, None, "\ud800"])
def test_a_fact_of_the_wrong_type_is_never_taken_for_no(value):
    facts = ready(SHELVES | {"code": {"breath": value}})

    with pytest.raises(NotComputed):
        compiled("code['breath'] == 'rest'").holds(facts)


def test_a_rule_that_fails_while_it_runs_goes_to_a_person_and_the_others_fire():
    rules = table(
        "rule,breath,heat,kind,urgency,reason,source\n"
        "broken,rest,,clinical,week,B,S\n"
        "sound,rest,,social,today,S,S\n",
        choice("breath", "fine", "rest"),
        question("heat", "decimal"),
    )
    planted = replace(rules.rules[0], test=compiled("num['heat'] > 1.0"))

    found = replace(rules, rules=(planted, rules.rules[1])).evaluate({"breath": "rest"}, {})

    assert [type(each) for each in found] == [CouldNotEvaluate, Finding]
    assert found[0].reason == "Rule broken could not be worked out: it failed."


def test_a_whole_shipped_table_is_computed_often_enough():
    """Replaying 250,000 stored answers must stay within minutes (R13 is a cost test)."""
    triage, answers = shipped().triage, {"breath": "rest", "temperature": "38.5", "other": "hello"}
    began = perf_counter()
    for _ in range(200):
        triage.evaluate(answers, {"age": 80})

    assert perf_counter() - began < 1
