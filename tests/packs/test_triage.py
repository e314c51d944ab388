"""Triage rules: all that match fire; what cannot be computed reaches a person (promise P4)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openprotect.packs.triage import URGENCIES, CouldNotEvaluate, Finding, TriageTable
from tests.packs.given import answer, choice, form, question, red_flag, table
from tests.sizes import size

ITEMS = (
    choice("breath", "fine", "moving", "rest", extension=[red_flag(answer("rest"))]),
    question("fell", "boolean", extension=[red_flag(answer("yes"))]),
    question("heat", "decimal"),
    question("days", "integer"),
    question("seen", "date"),
    question("more", "text"),
)
HEADER = "rule,breath,fell,heat,days,seen,more,age,kind,urgency,reason,source"
ENDS = "clinical,today,Because,Local clinical decision"


def one_rule(column, cell):
    cells = {"breath": "", "fell": "", "heat": "", "days": "", "seen": "", "more": "", "age": ""}
    quoted = ",".join(f'"{each}"' for each in (cells | {column: cell}).values())
    return table(f"{HEADER}\nR,{quoted},{ENDS}\n", *ITEMS)


def fires(column, cell, value):
    known = {"age": value} if column == "age" else {}
    answers = {} if column == "age" or value is None else {column: value}
    found = one_rule(column, cell).evaluate(answers, known)
    return "R" in [each.rule for each in found if isinstance(each, Finding)]


@pytest.mark.parametrize(
    ("column", "cell", "yes", "no"),
    [
        ("breath", "rest", ["rest"], ["moving", None]),
        ("breath", "moving, rest", ["moving", "rest"], ["fine", None]),
        ("breath", "rest, missing", ["rest", None], ["fine"]),
        ("breath", "any", ["fine", "rest"], [None]),
        ("breath", "missing", [None], ["fine"]),
        ("breath", "not fine and answered", ["rest"], ["fine", None]),
        ("breath", "not fine, moving or missing", ["rest", None], ["fine", "moving"]),
        ("fell", "yes", [True], [False, None]),
        ("fell", "no", [False], [True, None]),
        ("heat", ">= 38", ["38", 38, 38.0, "38.1", Decimal("38")], ["37.9", None]),
        ("heat", "> 38", ["38.1"], ["38"]),
        ("heat", "< 35", ["34.9"], ["35"]),
        ("heat", "<= 35", ["35"], ["35.1"]),
        ("heat", "37.8", ["37.8"], ["37.81"]),
        ("days", "3..7", [3, 7], [2, 8, None]),
        ("days", "0, 3..7, missing", [0, 5, None], [1, 8]),
        ("days", "not 0..2 and answered", [3], [2, None]),
        ("days", "-1..0", [-1, 0], [1]),
        ("seen", ">= 2026-03-27", ["2026-03-27", date(2026, 4, 1)], ["2026-03-26", None]),
        ("seen", "2026-03-27", ["2026-03-27"], ["2026-03-28"]),
        ("more", "any", ["x"], [None, "  "]),
        ("more", "missing", [None, ""], ["x"]),
        (
            "more",
            "mentions chest pain",
            ["Chest  PAIN!", "a chest-pain"],
            ["chest", "chests pains"],
        ),
        ("more", "mentions cant breathe", ["I can’t breathe", "i CAN'T breathe"], ["breathe"]),  # noqa: RUF001
        ("more", "mentions stroke", ["a stroke."], ["heatstroke"]),
        ("age", ">= 80", [80], [79, None]),
    ],
)
def test_a_cell_fires_for_its_answers_and_no_others(column, cell, yes, no):
    assert all(fires(column, cell, value) for value in yes)
    assert not any(fires(column, cell, value) for value in no)


def test_all_matching_rules_fire_the_most_urgent_first():
    rules = table(
        f"{HEADER}\n"
        "week,rest,,,,,,,clinical,week,W,S\n"
        "none,fine,,,,,,,clinical,now,N,S\n"
        "now,rest,yes,,,,,,clinical,now,N,S\n",
        *ITEMS,
    )

    found = rules.evaluate({"breath": "rest", "fell": True}, {})

    assert found == (
        Finding("now", "clinical", "now", "N"),
        Finding("week", "clinical", "week", "W"),
    )


def test_words_nobody_asked_a_rule_about_are_still_read_by_a_person():
    found = one_rule("breath", "rest").evaluate({"more": "I want to die"}, {})

    assert found == (Finding("own-words", "clinical", "today", "Please read what they wrote."),)


def test_a_row_of_its_own_can_take_over_the_reading_of_words():
    found = one_rule("more", "any").evaluate({"more": "hello"}, {})

    assert [each.rule for each in found] == ["R"]


def test_a_slower_row_does_not_slow_the_reading_of_words():
    rules = table(f"{HEADER}\nslow,,,,,,any,,clinical,week,W,S\n", *ITEMS)

    assert [each.urgency for each in rules.evaluate({"more": "hello"}, {})] == ["today", "week"]


def test_a_rule_whose_answer_cannot_be_read_goes_to_a_person_and_others_still_fire():
    rules = table(
        f"{HEADER}\n"
        "hot,,,>= 38,,,,,clinical,today,H,S\n"
        "both,rest,,>= 38,,,,,clinical,now,B,S\n"
        "fell,,yes,,,,,,clinical,now,F,S\n",
        *ITEMS,
    )

    found = rules.evaluate({"heat": "very", "fell": True, "breath": "rest"}, {})

    assert {each.rule: type(each) for each in found} == {
        "hot": CouldNotEvaluate,
        "both": CouldNotEvaluate,
        "fell": Finding,
    }
    assert {each.rule: each.urgency for each in found}["both"] == "now"


def test_a_rule_ruled_out_by_a_readable_answer_is_not_in_doubt():
    rules = table(f"{HEADER}\nboth,rest,,>= 38,,,,,clinical,now,B,S\n", *ITEMS)

    found = rules.evaluate({"heat": "very", "breath": "fine"}, {})

    assert [each.rule for each in found] == ["unreadable-answer"]


@pytest.mark.parametrize(
    "value",
    ["gone", 3, True, 1.5, [], {}, {"a": {}}, b"x", float("nan"), 10**400, "\ud800", "a" * 10**6],
    ids=lambda value: repr(value)[:20],
)
def test_an_option_nobody_has_is_never_silent(value):
    found = one_rule("breath", "rest").evaluate({"breath": value}, {})

    assert [type(each) for each in found] == [CouldNotEvaluate]
    assert str(value)[:50] not in found[0].reason or value in (3, True, "gone", 1.5)


def test_words_too_long_for_any_rule_go_to_a_person():
    found = one_rule("more", "mentions help").evaluate({"more": "a " * 60_000}, {})

    assert [each.rule for each in found] == ["R"]
    assert isinstance(found[0], CouldNotEvaluate)


@pytest.mark.parametrize("value", ["", None, "\u00a0 "])
def test_an_empty_answer_is_missing(value):
    assert fires("breath", "missing", value)


@pytest.mark.parametrize(
    "value", [True, "38C", "NaN", "1e3", float("inf"), 10**400, Decimal("NaN")]
)
def test_a_number_that_is_none_is_never_silent(value):
    found = one_rule("heat", ">= 38").evaluate({"heat": value}, {})

    assert [type(each) for each in found] == [CouldNotEvaluate]


def test_an_answer_to_a_question_nobody_asks_is_never_silent():
    found = one_rule("breath", "rest").evaluate({"breath": "fine", "lost": "x"}, {})

    assert [each.rule for each in found] == ["unreadable-answer"]


def test_an_answer_cannot_pose_as_what_we_know_of_the_person():
    assert one_rule("age", ">= 80").evaluate({"age": 90}, {"age": 40}) == ()


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(),
        st.dates(),
        st.decimals(),
        st.binary(),
        st.sampled_from(["rest", "moving", "fine", "38", "2026-03-27", "missing"]),
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=5,
)
names = st.sampled_from(["breath", "fell", "heat", "days", "seen", "more", "age", "lost", ""])

CELLS = {
    "breath": ["rest", "moving, missing", "any", "not fine and answered", "missing"],
    "fell": ["yes", "no, missing", "any"],
    "heat": [">= 38", "< 35, missing", "35..37.9", "any"],
    "days": ["0..2", "not 3 or missing", "missing"],
    "seen": ["> 2026-01-01", "missing"],
    "more": ["any", "missing", "mentions pain, help"],
    "age": [">= 80", "missing"],
}
_POOL = [one_rule(column, cell).rules[0] for column, cells in CELLS.items() for cell in cells]
QUESTIONS = form(*ITEMS).questions


RANKED = st.tuples(st.sampled_from(_POOL), st.sampled_from(URGENCIES))


@st.composite
def rule_lists(draw):
    drawn = draw(
        st.lists(st.tuples(st.sampled_from(_POOL), st.sampled_from(URGENCIES)), max_size=5)
    )
    return tuple(replace(rule, urgency=urgency) for rule, urgency in drawn)


def most_urgent(rules, answers, known):
    found = TriageTable(rules, QUESTIONS).evaluate(answers, known)
    return min((URGENCIES.index(each.urgency) for each in found), default=len(URGENCIES))


@settings(max_examples=size(40, 400), deadline=None)
@given(
    rule_lists(),
    rule_lists(),
    st.dictionaries(names, anything),
    st.dictionaries(names, anything),
)
def test_adding_a_rule_never_makes_anyone_less_urgent(some, more, answers, known):
    assert most_urgent(some + more, answers, known) <= most_urgent(some, answers, known)


@settings(max_examples=size(40, 400), deadline=None)
@given(st.dictionaries(st.one_of(names, st.text()), anything), st.dictionaries(names, anything))
def test_nothing_that_is_given_makes_triage_raise(answers, known):
    TriageTable(tuple(_POOL), QUESTIONS).evaluate(answers, known)


@settings(max_examples=size(40, 400), deadline=None)
@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_whatever_is_written_a_person_reads_it(words):
    assert TriageTable((), QUESTIONS).evaluate({"more": words}, {}) != ()
