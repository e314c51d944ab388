import pytest

from openprotect.cohorts.rules import Ages, Clause, Days, Ender, Range, Selection, Span, Tie
from openprotect.packs.cohort import read_cohort
from openprotect.packs.problems import PackRefused
from openprotect.packs.who import read_cards

LISTS = {
    "codelists/dm.csv": "code,term\n73211009,Diabetes mellitus\n",
    "codelists/dmres.csv": "code, term\n315051004,Diabetes resolved\n",
}
HEAD = """
title = "T"
[codelists]
dm = { file = "codelists/dm.csv", system = "snomed" }
dmres = { file = "codelists/dmres.csv", system = "snomed" }
[[group]]
name = "g1"
title = "G"
source = "S"
"""

ONE = '[[group.any]]\ncodes = ["dm"]\n'
TWICE = ONE + '[[group]]\nname = "g1"\ntitle = "G"\nsource = "S"\n' + ONE


def read(text, lists=LISTS):
    return read_cohort(HEAD + text, lists, "cohort.toml")


def refusals(text, lists=LISTS):
    with pytest.raises(PackRefused) as refused:
        read(text, lists)
    return [
        (each.row, each.column, each.message)
        for each in refused.value.problems
        if each.severity == "refused"
    ]


def test_a_group_is_read_as_clauses():
    rules = read(
        '[[group.any]]\ncodes = ["dm"]\nended_by = { codes = ["dmres"], same_day = "ends" }\n'
        '[[group.any]]\nall = [{ codes = ["dm"], within = "2 years", at_least = 2 }, { age = '
        "{ from = 40 } }]\n"
    )

    assert rules.groups[0].any_of == (
        (Clause(Selection(("dm",)), ended_by=(Ender(Selection(("dmres",)), Tie.ENDS),)),),
        (
            Clause(Selection(("dm",), days=Days(within=Span(months=24))), at_least=2),
            Clause(ages=Ages(40)),
        ),
    )


def test_bounds_say_whether_they_are_inside():
    rules = read(
        '[[group.any]]\ncodes = ["dm"]\nplausible = { above = 4, below = 200 }\n'
        "latest_value = { at_least = 40 }\n"
    )

    clause = rules.groups[0].any_of[0][0]
    assert clause.latest_value == Range(40)
    assert clause.select.plausible == Range(4, 200, low_is_open=True, high_is_open=True)


@pytest.mark.parametrize(
    ("text", "row", "column", "words"),
    [
        ('[[group.any]]\ncodes = ["dmm"]', 11, "group[1].any[1].codes", "Did you mean 'dm'"),
        ('[[group.any]]\ncodes = ["dm"]\nwithn = "1 day"', 12, "group[1].any[1].withn", "within"),
        ('[[group.any]]\ncodes = ["dm"]\nwithin = "soon"', 12, "group[1].any[1].within", "length"),
        ("[[group.any]]\ncodes = []", 11, "group[1].any[1].codes", "names no codelist"),
        ('[[group.any]]\nwithin = "1 day"', 10, "group[1].any[1].codes", "is missing"),
        ("", 6, "group[1].any", "is missing"),
        (
            '[[group.any]]\ncodes = ["dm"]\nended_by = { codes = ["dmres"] }',
            12,
            "group[1].any[1].ended_by.same_day",
            "same day",
        ),
        (
            '[[group.any]]\ncodes = ["dm"]\nlatest_value = { at_least = "40" }',
            12,
            "group[1].any[1].latest_value.at_least",
            "must be a number",
        ),
        (
            '[[group.any]]\ncodes = ["dm"]\nage = { from = 50, to = 40 }',
            12,
            "group[1].any[1].age",
            "whole years",
        ),
        (
            TWICE,
            12,
            "group[2]",
            "second group called 'g1'",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_key(text, row, column, words):
    ((found_row, found_column, message),) = refusals(text)

    assert (found_row, found_column) == (row, column)
    assert words in message


def test_broken_toml_is_said_with_line_and_column():
    with pytest.raises(PackRefused) as refused:
        read("[[group.any]\ncodes")

    assert str(refused.value).startswith("cohort.toml:10:12: is not TOML")


def test_a_file_that_is_not_there_is_refused():
    ((row, column, message),) = refusals(
        '[[group.any]]\ncodes = ["dm"]', {"codelists/dmres.csv": LISTS["codelists/dmres.csv"]}
    )

    assert (row, column) == (4, "codelists.dm.file")
    assert "not known" in message


@pytest.mark.parametrize(
    "text",
    [
        "code,term\n73211009,Diabetes mellitus\n",
        "code, term\r\n73211009,Diabetes mellitus\r\n",
        "code\n73211009",
        "id,name,active,notes\n73211009,Diabetes mellitus,1,\n",
        "dmd_type,dmd_id,dmd_name,bnf_code\nAMP,73211009,Diabetes mellitus,060\n",
        "type,id,bnf_code,nm\nvmp,73211009,060,Diabetes mellitus\n",
        'obj_type,vpid,snomed_id,nm\nvmp,1,73211009,"Diabetes mellitus"\n',
        "73211009\tDiabetes mellitus\n",
        "73211009,Diabetes mellitus\n",
        "code,term\n73211009,Diabetes mellitus\n73211009,again\n\n",
    ],
)
def test_every_shape_of_codelist_gives_its_codes(text):
    rules = read('[[group.any]]\ncodes = ["dm"]', {**LISTS, "codelists/dm.csv": text})

    assert list(rules.codelists["dm"].terms) == ["73211009"]


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("code,term\n73211009,fine\n73211008,wrong digit\n", 3, "'73211008' is not a code of"),
        ("code,term\n7.3211009E7,spreadsheet\n", 2, "is not a code of SNOMED CT"),
        ("code,term\nC10..,Read\n", 2, "is not a code of SNOMED CT"),
        ("", 1, "is empty"),
        ("code,term\n", 1, "holds no code"),
        ("meaning,term\n73211009,fine\n", 1, "not known here"),
    ],
)
def test_a_codelist_that_is_wrong_is_refused_at_its_row(text, row, words):
    problems = refusals('[[group.any]]\ncodes = ["dm"]', {**LISTS, "codelists/dm.csv": text})

    assert problems[0][0] == row
    assert words in problems[0][2]


def test_a_card_that_names_nothing_known_is_refused_at_its_cell():
    rules = read('[[group.any]]\ncodes = ["dm"]')
    text = "card,because,as-of,born,record,expect\na,b,2026-01-01,1960-01-01,dn 2020-01-01,g2\n"

    with pytest.raises(PackRefused) as refused:
        read_cards(text, rules)

    assert {(each.row, each.column) for each in refused.value.problems} == {
        (2, "record"),
        (2, "expect"),
    }
