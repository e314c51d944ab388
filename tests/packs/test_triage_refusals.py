"""Triage tables that may not be published, each fault named at its cell (bad inputs, E5)."""

import pytest

from openprotect.packs import from_files
from tests.packs.given import (
    answer,
    changed,
    choice,
    pack_files,
    question,
    red_flag,
    said,
    shipped,
    table_of,
)

ITEMS = (
    choice("breath", "fine", "moving", "rest"),
    question("heat", "decimal"),
    question("more", "text"),
)
HEADER = "rule,breath,heat,more,kind,urgency,reason,source"
GOOD = f"{HEADER}\ngood,rest,,,clinical,today,Because,Local decision\n"


def row(breath="", heat="", more="", rule="R", kind="clinical", urgency="today", why="W", who="S"):
    cells = [rule, breath, heat, more, kind, urgency, why, who]
    return ",".join(f'"{cell}"' for cell in cells)


REFUSED = {
    "R01 quote not closed": (GOOD + '"open,rest,,,clinical,today,W,S\n', "cannot be read as CSV"),
    "R02 unknown option": (
        row(breath="restt"),
        "2:breath: 'restt' is not known here. Did you mean",
    ),
    "R02 unknown kind": (row("rest", kind="spiritual"), "2:kind: 'spiritual' is not known"),
    "R02 unknown urgency": (row("rest", urgency="soon"), "Allowed: now, today, week"),
    "R03 code in a cell": (row(heat="__import__('os')"), "2:heat: \"__import__('os')\" is not a n"),
    "R03 CEL in a cell": (row(breath="rest' || true || '"), "is not known here"),
    "R03 SQL in a cell": (row(heat="1; DROP TABLE x"), "is not a number"),
    "R04 text with number": (row(breath=">= 3"), "'>= 3' is not known here"),
    "R04 word with a number question": (row(heat="rest"), "'rest' is not a number"),
    "R05 looks at nothing": (row(), "would fire for everybody"),
    "R09 denial without a word on silence": (row(breath="not fine"), "so that silence"),
    "R09 denied words": (row(more="not mentions x or missing"), "cannot be denied"),
    "R11 enormous cell": (row(breath="rest," * 10_000), "a cell of over 1000 characters"),
    "R11 long cell": (row(heat=",".join("1" * 200)), "at most 300 are allowed"),
    "R12 pattern for words": (row(more="(a+)+$"), "'mentions these words, those'"),
    "operator the wrong way round": (row(heat="=< 38"), "is not a number, a comparison such as"),
    "range upside down": (row(heat="7..3"), "is upside down"),
    "empty part": (row(breath="rest,,fine"), "nothing between two commas"),
    "words of nothing": (row(more="mentions !!!"), "no words to listen for"),
    "no reason": (row("rest", why=""), "2:reason: is empty"),
    "no source": (row("rest", who=""), "2:source: is empty"),
    "odd name": (row("rest", rule="a b"), "2:rule: use letters"),
    "our own name": (row("rest", rule="own-words"), "2:rule: use letters"),
    "now without an emergency text": (row("rest", urgency="now"), "shows an emergency text"),
    "reason of a mile": (row("rest", why="a" * 201), "is longer than 200"),
}


@pytest.mark.parametrize(("rows", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_faulty_table_is_refused_in_words(rows, words):
    text = rows if rows.startswith(HEADER) else f"{HEADER}\n{rows}\n"
    _, problems = table_of(text, *ITEMS)

    assert any(words in problem and "warning" not in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty: the first row names the columns"),
        (HEADER, "triage.csv:2: holds no rule"),
        (GOOD.replace("source", "sauce"), "1:source: this column is missing"),
        (GOOD.replace("heat", "breath"), "1:breath: this column stands here twice"),
        (GOOD.replace("heat", "heart"), "1:heart: 'heart' is not known here. Did you mean 'heat'"),
        (GOOD + "short,rest\n", "3: has 2 cells; the first row names 8 columns"),
        (GOOD * 2, "4:rule: 'good' already names row 2"),
    ],
)
def test_the_shape_of_the_table_is_checked(text, words):
    _, problems = table_of(text, *ITEMS)

    assert any(words in problem for problem in problems), problems


def test_every_faulty_cell_is_told_at_once():
    _, problems = table_of(f"{HEADER}\n{row('restt', 'hot', 'x', kind='odd')}\n", *ITEMS)

    columns = sorted(problem.split(":")[2] for problem in problems)
    assert columns == ["breath", "heat", "kind", "more"]


def test_two_rules_that_differ_only_in_urgency_are_warned_of():
    text = f"{HEADER}\n{row('rest')}\n{row('rest', rule='again', urgency='week')}\n"

    assert table_of(text, *ITEMS)[1] == [
        "triage.csv:3:rule: warning: asks the same as rule R in row 2."
    ]


def test_an_urgent_rule_that_waits_for_silence_is_warned_of():
    asked = choice("breath", "fine", "rest", extension=[red_flag(answer("rest"))])
    text = f"{HEADER}\n{row('rest, missing', urgency='now')}\n"

    _, problems = table_of(text, asked, *ITEMS[1:])

    assert ["while people still answer" in problem for problem in problems] == [True]


def test_a_bound_outside_what_the_question_accepts_is_a_slip():
    files = changed("triage.csv", ">= 38", ">= 380")

    assert any("the question accepts only 33 to 43" in line for line in said(files))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    files = pack_files()
    table = files["triage.csv"].replace(b"\n", b"\r\n")

    read = from_files(files | {"triage.csv": b"\xef\xbb\xbf" + table})

    assert len(read.triage.rules) == len(shipped().triage.rules)
