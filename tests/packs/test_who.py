"""Record cards say all that a rule can ask about, and are refused where they say nothing."""

from datetime import date

import pytest

from openprotect.packs.cohort import read_cohort
from openprotect.packs.problems import PackRefused
from openprotect.packs.who import AREAS, read_cards

LISTS = {
    "dm.csv": "code,term\n73211009,Diabetes mellitus\n44054006,Type 2\n",
    "hba1c.csv": "code,term\n999791000000106,HbA1c\n",
    "read.csv": "CTV3ID,term\nXaBcD,Read\n",
}
RULES = read_cohort(
    """
title = "T"
[codelists]
dm = { file = "dm.csv", system = "snomed" }
hba1c = { file = "hba1c.csv", system = "snomed" }
read = { file = "read.csv", system = "ctv3" }
[[part]]
name = "coded"
title = "Coded"
source = "S"
any = [{ codes = ["dm"] }, { codes = ["read"] }]
[[group]]
name = "diabetes"
title = "Diabetes"
source = "S"
any = [{ in_group = "coded" }, { score = { model = "qcovid", version = "4" } }]
[[exclusion]]
name = "frail"
title = "Frail"
source = "S"
any = [{ codes = ["hba1c"] }]
""",
    LISTS,
    "cohort.toml",
)
COLUMNS = "card,because,as-of,born,record,expect"


def cards(*rows, more=""):
    return read_cards("\n".join([COLUMNS + more, *rows]) + "\n", RULES)


def card(record="", expect="none", more="", cells=""):
    (read,) = cards(f"a,b,2026-11-20,1960-05-01,{record},{expect}{cells}", more=more)
    return read


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("dm 2020-01-01", {"code": "73211009", "system": "snomed", "term": "Diabetes mellitus"}),
        ("dm/44054006 2020-01-01", {"code": "44054006"}),
        ("read/XaBcD 2020-01-01", {"code": "XaBcD", "system": "ctv3"}),
        ("hba1c 2020-01-01 = 48", {"value": 48.0, "unit": ""}),
        ("hba1c 2020-01-01 = 48 mmol/mol", {"value": 48.0, "unit": "mmol/mol"}),
        ("hba1c 2020-01-01 = 6.5 %", {"value": 6.5, "unit": "%"}),
        ("hba1c 2020-01-01 = -1.5", {"value": -1.5}),
        ("hba1c  2020-01-01  =  48  mmol/mol", {"value": 48.0, "unit": "mmol/mol"}),
        ("dm 2020-01-01 in hospital", {"setting": "hospital", "episode": ""}),
        ("hba1c 2020-01-01 = 48 mmol/mol in hospital#adm1",
         {"value": 48.0, "unit": "mmol/mol", "setting": "hospital", "episode": "adm1"}),
        ("score qcovid 4 2020-01-01 = 0.5", {"code": "qcovid 4", "system": "score", "value": 0.5}),
        ("score other 1.2 2020-01-01", {"code": "other 1.2", "system": "score"}),
    ],
)  # fmt: skip
def test_an_event_is_written_in_one_line(record, said):
    (event,) = card(record).events

    assert {key: getattr(event, key) for key in said} == said
    assert event.on == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("column", "written", "said"),
    [
        ("sex", "female", {"sex": "female"}),
        ("sex", "", {"sex": "unknown"}),
        ("registered", "2020-01-01", {"registered_on": date(2020, 1, 1)}),
        ("left", "2020-01-01", {"left_on": date(2020, 1, 1)}),
        ("objects", "yes", {"opted_out": True}),
        ("objects", "no", {"opted_out": False}),
        ("objects", "", {"opted_out": None}),
        ("care-home", "yes", {"care_home": True}),
        ("practice", "none", {"practice_code": ""}),
        ("practice", "D83010", {"practice_code": "D83010"}),
        ("died", "2020-01-01", {"deceased": True, "deceased_on": date(2020, 1, 1)}),
    ],
)
def test_a_person_is_written_in_the_columns_that_matter(column, written, said):
    person = card(more=f",{column}", cells=f",{written}").person

    assert {key: getattr(person, key) for key in said} == said


def test_a_tenth_of_deprivation_is_a_made_up_area_of_that_tenth():
    assert AREAS[card(more=",decile", cells=",3").person.lsoa] == 3
    assert card(more=",decile", cells=",").person.lsoa == ""


def test_a_birth_date_may_be_unknown():
    (read,) = cards("a,b,2026-11-20,unknown,,out:age")

    assert read.person.birth_date is None
    assert read.difference(RULES) == ""


@pytest.mark.parametrize(
    ("record", "expect"),
    [
        ("", "none"),
        ("dm 2020-01-01", "diabetes"),
        ("dm 2020-01-01", "diabetes part:coded"),
        ("score qcovid 4 2020-01-01", "diabetes no-part:coded"),
        ("score qcovid 3 2020-01-01", "none"),
        ("dm 2020-01-01; hba1c 2020-01-01", "none"),
        ("dm 2020-01-01; hba1c 2020-01-01", "out:frail"),
        ("dm 2020-01-01; hba1c 2020-01-01", "out:frail part:coded"),
    ],
)
def test_a_card_that_is_right_finds_what_it_expects(record, expect):
    assert card(record, expect).difference(RULES) == ""


@pytest.mark.parametrize(
    ("record", "expect", "words"),
    [
        ("", "diabetes", "expected diabetes, found nobody"),
        ("dm 2020-01-01", "none", "expected nobody, found diabetes"),
        ("dm 2020-01-01", "diabetes no-part:coded", "found the part coded to hold"),
        ("", "none part:coded", "found the part coded not to hold"),
        ("dm 2020-01-01", "out:frail", "expected nobody, found diabetes"),
        ("", "out:frail", "expected out: frail, was in no group"),
        ("hba1c 2020-01-01", "out:deceased", "expected out: deceased, was frail"),
        ("hba1c 2020-01-01", "diabetes", "expected diabetes, found nobody; taken out: frail"),
    ],
)
def test_what_is_otherwise_than_a_card_says_is_told(record, expect, words):
    assert card(record, expect).difference(RULES) == words


@pytest.mark.parametrize(
    ("more", "cells", "reason"),
    [
        (",died", ",2026-11-20", "deceased"),
        (",practice", ",none", "unregistered"),
        (",left", ",2026-11-20", "unregistered"),
        (",objects", ",yes", "objected"),
    ],
)
def test_the_reasons_of_the_population_have_words_of_their_own(more, cells, reason):
    assert card("dm 2020-01-01", f"out:{reason}", more, cells).difference(RULES) == ""


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("hba1b 2020-01-01", "Did you mean 'hba1c'"),
        ("dm/1 2020-01-01", "1 is not on the list dm"),
        ("dm 2020-02-30", "'2020-02-30' must be a day"),
        ("dm 2020-01-01 = 1.2.3", "is not a codelist, a day, and a value"),
        ("dm 2020-01-01 in ward", "'ward' is not known here"),
        ("score qcovid _ 2020-01-01", "is not a model and its version"),
        ("dm", "is not a codelist, a day, and a value"),
    ],
)
def test_an_event_that_says_nothing_known_is_refused_in_its_cell(record, words):
    with pytest.raises(PackRefused) as refused:
        card(record)

    ((problem),) = refused.value.problems
    assert (problem.row, problem.column) == (2, "record")
    assert words in problem.message


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("sex", "woman"), ("registered", "soon"), ("objects", "maybe"), ("care-home", "true"),
        ("decile", "11"), ("decile", "0"), ("left", "2020-13-01"), ("died", "1 May 2020"),
    ],
)  # fmt: skip
def test_a_person_that_says_nothing_known_is_refused_in_its_cell(column, written):
    with pytest.raises(PackRefused) as refused:
        card(more=f",{column}", cells=f",{written}")

    assert [(each.row, each.column) for each in refused.value.problems] == [(2, column)]


@pytest.mark.parametrize(
    "expect", ["diabtes", "out:diabetes", "part:diabetes", "out:", "diabetes out:frail"]
)
def test_an_expectation_of_nothing_known_is_refused_in_its_cell(expect):
    with pytest.raises(PackRefused) as refused:
        card(expect=expect)

    assert [(each.row, each.column) for each in refused.value.problems] == [(2, "expect")]


def test_two_cards_of_one_name_are_refused():
    row = "a,b,2026-11-20,1960-05-01,,none"

    with pytest.raises(PackRefused, match="3:card: is the second card of this name"):
        cards(row, row)
