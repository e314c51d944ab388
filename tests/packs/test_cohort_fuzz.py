"""However a cohort.toml is spoilt, its author is told what is wrong; a traceback tells nobody."""

import random
from datetime import date

import pytest

from openprotect.cohorts.rules import judge
from openprotect.packs.cohort import read_cohort
from openprotect.packs.problems import PackRefused
from openprotect.packs.rule_table import as_text
from openprotect.packs.who import read_cards
from tests.cohorts.given import a_person, on
from tests.packs.test_who import RULES

WHOLE = """
title = "All of the language"
[population]
age = { from = 16, to = 120 }
registered_for = "12 months"
objectors = "out"
[codelists]
dm = { file = "dm.csv", system = "snomed" }
bmi = { file = "bmi.csv", system = "snomed", column = "code", where = { kind = ["a"] } }
[[part]]
name = "part-one"
title = "A part"
source = "Somebody"
[[part.any]]
codes = ["dm"]
between = ["31 days", "60 days"]
recorded_in = "gp"
[[group]]
name = "one"
title = "One"
source = "Somebody"
[[group.any]]
all = [
    { codes = ["bmi"], plausible = { above = 4, below = 200 }, unit = "kg/m2", latest_value = { at_least = 40 } },
    { in_group = "part-one" },
    { age = { from = 18 }, sex = ["female"], deprivation = { quintiles = [1] }, care_home = false },
]
[[group.any]]
codes = ["bmi"]
derive = "egfr-ckd-epi-2009"
plausible = { at_least = 20, at_most = 3000 }
convert = [{ unit = "mg/dL", divide = 0.011312 }]
unit = "umol/L"
age_then = { from = 18 }
[[group.any]]
codes = ["dm"]
at_least = 2
at_most = 4
count = "days"
apart = "8 days"
first = { since = 2021-02-15 }
last = { within = "1 year", until = "1 day" }
ended_by = [{ codes = ["bmi"], same_day = "ends" }]
after = { codes = ["bmi"], same_day = "stands" }
unless_before = { codes = ["bmi"], up_to = 2021-02-14 }
same_admission_as = ["bmi"]
[[exclusion]]
name = "out"
title = "Out"
source = "Somebody"
handling = "Seen by others"
[[exclusion.any]]
score = { model = "qcovid", version = "4" }
[[exclusion.any]]
codes = ["dm"]
none = true
registration = { within = "9 months" }
"""  # noqa: E501 - a line as it is written in a pack
FILES = {
    "dm.csv": "code,term\n73211009,Diabetes\n",
    "bmi.csv": "code,term,kind\n60621009,BMI,a\n",
}
ODD = (
    "", "true", "[]", "{}", '"x"', "-1", "0", "99999999999999999999", "nan", "inf", "1e308",
    "2021-02-29", "9999-12-31", "0001-01-01", '[["x"]]', "[1, {}]", "{ a = 1 }", '"6 months"',
    '["dm"]', "[[group]]", "\x00", "\ufeff", '"""', "=", "]", "\\u0000", '"9999 years"', "9" * 5000,
)  # fmt: skip


def is_refused(read, *given):
    """Whether it is refused, with every problem in some file; else it can be used to the end."""
    try:
        read(*given)
    except PackRefused as refusal:
        refused = [each for each in refusal.problems if each.severity == "refused"]
        assert refused
        assert all(each.file and each.message for each in refused)
        return True
    return False


def used(text, files=FILES):
    """Rules read, shown as a table, and asked of somebody on the first day of the calendar."""
    rules = read_cohort(text, files, "cohort.toml")
    as_text(rules, 100)
    for as_of in (date.min, date(2026, 11, 20), date.max):
        judge(rules, a_person(), [on("2020-01-01", "dm"), on("2021-01-01", "bmi", 41)], as_of)


def played(text):
    """Cards read, and played."""
    for card in read_cards(text, RULES):
        card.difference(RULES)


def test_the_whole_language_is_read_without_a_problem():
    assert len(read_cohort(WHOLE, FILES, "cohort.toml").groups) == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_file_with_odd_values_is_read_or_refused(seed):
    chance = random.Random(seed)  # noqa: S311 - spoilt files
    lines = WHOLE.split("\n")
    refused = 0
    for _ in range(60):
        spoilt = list(lines)
        for _ in range(chance.choice((1, 1, 3))):
            place = chance.randrange(len(spoilt))
            key = spoilt[place].split("=")[0]
            spoilt[place] = f"{key}= {chance.choice(ODD)}"
        refused += is_refused(used, "\n".join(spoilt))

    assert refused > 30


@pytest.mark.parametrize("seed", range(12))
def test_a_file_with_letters_lost_doubled_or_moved_is_read_or_refused(seed):
    chance = random.Random(seed)  # noqa: S311 - spoilt files
    refused = 0
    for _ in range(60):
        start = chance.randrange(len(WHOLE))
        end = min(start + chance.choice((1, 2, 10, 80)), len(WHOLE))
        cut = chance.choice(("", WHOLE[start:end] * 2, WHOLE[start:end][::-1], chance.choice(ODD)))
        spoilt = WHOLE[:start] + cut + WHOLE[end:]
        refused += is_refused(used, spoilt)

    assert refused > 20


@pytest.mark.parametrize("seed", range(6))
def test_a_spoilt_codelist_is_read_or_refused(seed):
    chance = random.Random(seed)  # noqa: S311 - spoilt files
    refused = 0
    for _ in range(60):
        text = list(FILES["bmi.csv"])
        for _ in range(chance.choice((1, 2, 5))):
            text[chance.randrange(len(text))] = chance.choice(('"', ",", "\n", "\t", "", "0", "é"))
        files = FILES | {"bmi.csv": "".join(text)}
        refused += is_refused(used, WHOLE, files)

    assert refused > 30


@pytest.mark.parametrize("seed", range(6))
def test_spoilt_cards_are_read_or_refused(seed):
    chance = random.Random(seed)  # noqa: S311 - spoilt files
    whole = (
        "card,because,as-of,born,sex,decile,record,expect\n"
        "a,b,2026-11-20,1960-05-01,female,3,"
        "hba1c 2020-01-01 = 48 mmol/mol in hospital#1; score qcovid 4 2020-01-01 = 1,out:frail\n"
    )
    refused = 0
    for _ in range(100):
        text = list(whole)
        for _ in range(chance.choice((1, 2, 5))):
            text[chance.randrange(len(text))] = chance.choice(('"', ",", "\n", "", "0", "9", "-"))
        refused += is_refused(played, "".join(text))

    assert refused > 30


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "{ b = " * 500 + "1" + " }" * 500,
        "a." * 2000 + "b = 1",
        "x = " + "9" * 10_000,
        "title = 'T'\ngroup = 3\npart = {}\nexclusion = [1]\ncodelists = []\npopulation = 1",
        "title = 'T'\n[[group]]\nname = 1\nany = [1, 'x', {}]\n",
        "[[group]]\n[group.any]\nx = 1\n",
        "title = ''\ngroup = []\n",
    ],
)
def test_what_nobody_would_write_is_refused(text):
    assert is_refused(used, text)
