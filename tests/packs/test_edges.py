"""What a pack's cards must try: each window, value, age, count and tie, on its edge and beyond."""

import pytest

from openprotect.packs.cohort import read_cohort
from openprotect.packs.edges import untried
from openprotect.packs.who import read_cards

FILES = {
    "codelists/dm.csv": "code,term\n73211009,Diabetes\n",
    "codelists/dmres.csv": "code,term\n315051004,Diabetes resolved\n",
    "codelists/both.csv": "code,term\n315051004,Diabetes resolved\n73211009,Diabetes\n",
}
RULES = """
title = "Small"
{population}
[codelists]
dm = {{ file = "codelists/dm.csv", system = "snomed" }}
dmres = {{ file = "codelists/dmres.csv", system = "snomed" }}
both = {{ file = "codelists/both.csv", system = "snomed" }}
[[group]]
name = "gee"
title = "G"
source = "Made up"
[[group.any]]
codes = ["dm"]
{clause}
"""
ANY_AGE = "[population]\nage = { from = 0 }"
HEADER = "card,because,as-of,born,registered,sex,record,expect"


def gaps(clause, *records, population=ANY_AGE, born="1960-01-01", registered="2010-01-01"):
    """What is untried when these are the records of the cards; groups are not looked at."""
    rules = read_cohort(RULES.format(clause=clause, population=population), FILES, "cohort.toml")
    rows = [
        f"card-{n},Made up,2026-11-20,{born},{registered},female,{record},none"
        for n, record in enumerate(records)
    ]
    return {
        gap.partition("no card has ")[2]
        for gap in untried(read_cards("\n".join([HEADER, *rows]), rules), rules)
    }


FIRST, BEFORE = "dm on the first day that counts", "dm on the day before it"
LAST, AFTER = "dm on the last day that counts", "dm on the day after it"


@pytest.mark.parametrize(
    ("clause", "records", "left"),
    [
        ('within = "6 months"', [], {FIRST, BEFORE}),
        ('within = "6 months"', ["dm 2026-05-20"], {BEFORE}),
        ('within = "6 months"', ["dm 2026-05-20", "dm 2026-05-19"], set()),
        ("since = 2021-02-15", ["dm 2021-02-15"], {BEFORE}),
        ('until = "1 day"', ["dm 2026-11-19"], {AFTER}),
        ('until = "1 day"', ["dm 2026-11-19", "dm 2026-11-20"], set()),
        ("up_to = 2021-03-01", ["dm 2021-03-02"], {LAST}),
        (
            'between = ["31 days", "60 days"]',
            ["dm 2026-10-20", "dm 2026-09-21"],
            {BEFORE, AFTER},
        ),
    ],
)
def test_a_window_is_tried_on_both_sides_of_its_ends(clause, records, left):
    assert gaps(clause, *records) == left


@pytest.mark.parametrize(
    ("clause", "records", "left"),
    [
        ("latest_value = { at_least = 40 }", ["dm 2026-01-01 = 40"], {"latest dm under 40"}),
        ("latest_value = { above = 40 }", ["dm 2026-01-01 = 40"], {"latest dm over 40"}),
        ("latest_value = { at_most = 40 }", ["dm 2026-01-01 = 39"], {
            "latest dm of 40", "latest dm over 40",
        }),
        ("latest_value = { below = 40 }", ["dm 2026-01-01 = 40"], {"latest dm under 40"}),
        ("plausible = { at_least = 15, at_most = 50 }", [
            "dm 2026-01-01 = 15", "dm 2026-01-01 = 14.9", "dm 2026-01-01 = 50.1",
        ], {"dm of 50"}),
        ('unit = "%"\nconvert = [{ unit = "x", divide = 10 }]\nplausible = { at_most = 20 }', [
            "dm 2026-01-01 = 200 x", "dm 2026-01-01 = 201 x",
        ], set()),
    ],
)  # fmt: skip
def test_a_bound_is_tried_on_it_and_just_beyond_it(clause, records, left):
    assert gaps(clause, *records) == left


def test_a_derived_value_is_tried_close_to_its_bound_on_either_side():
    believed = "plausible = { at_least = 20 }"
    derived = 'unit = "umol/L"\nderive = "egfr-ckd-epi-2009"'
    clause = f"{derived}\n{believed}\nlatest_value = {{ below = 60 }}"
    usual = ("dm 2025-01-01 = 20 umol/L", "dm 2025-01-01 = 19 umol/L")

    far = gaps(clause, "dm 2026-01-01 = 60 umol/L", "dm 2026-01-01 = 200 umol/L", *usual)
    close = gaps(clause, "dm 2026-01-01 = 86.7 umol/L", "dm 2026-01-01 = 86.8 umol/L", *usual)

    assert far == {"latest dm under 60", "latest dm over 60"}
    assert close == set()


@pytest.mark.parametrize(
    ("clause", "records", "left"),
    [
        ("at_least = 2", ["dm 2026-01-01"], {"2 of dm"}),
        ("at_least = 2", ["dm 2026-01-01", "dm 2026-01-01; dm 2026-01-01"], set()),
        (
            'at_least = 2\ncount = "days"',
            ["dm 2026-01-01", "dm 2026-01-01; dm 2026-01-01"],
            {"2 of dm"},
        ),
        ("at_most = 1", ["dm 2026-01-01"], {"2 of dm"}),
        (
            'at_least = 2\napart = "8 days"',
            ["dm 2026-01-01", "dm 2026-01-01; dm 2026-01-09"],
            {"a day less than that"},
        ),
        (
            'first = { within = "1 year" }',
            ["dm 2025-11-20; dm 2026-01-01", "dm 2025-11-19"],
            set(),
        ),
        (
            'last = { until = "1 year" }',
            ["dm 2025-11-20; dm 2026-01-01"],
            {"last dm on the last day that counts", "last dm on the day after it"},
        ),
    ],
)
def test_counts_and_first_and_last_days_are_tried(clause, records, left):
    assert gaps(clause, *records) == left


ENDED = 'ended_by = { codes = ["dmres"], same_day = "ends" }'


@pytest.mark.parametrize(
    ("clause", "records", "left"),
    [
        (ENDED, ["dm 2020-01-01; dmres 2020-01-01"], {"dmres after dm", "dmres before dm"}),
        (
            ENDED,
            [
                "dm 2020-01-01; dmres 2020-01-01",
                "dm 2020-01-01; dmres 2021-01-01",
                "dm 2022-01-01; dmres 2021-01-01",
            ],
            set(),
        ),
        (
            ENDED.replace("ended_by", "after"),
            ["dm 2020-01-01; dmres 2021-01-01"],
            {"dmres on the day of dm", "dmres before dm"},
        ),
        (
            ENDED.replace("dmres", "both"),
            ["dm 2020-01-01", "dm 2020-01-01; dmres 2021-01-01"],
            set(),
        ),
    ],
)
def test_a_tie_is_tried_with_both_orders_that_can_be(clause, records, left):
    assert gaps(clause, *records) == left


@pytest.mark.parametrize(
    ("born", "left"),
    [
        ("2008-11-20", {"the day before 18", "a birthday of 65", "the day before 65"}),
        ("2008-11-21", {"a birthday of 18", "a birthday of 65", "the day before 65"}),
        ("1961-11-20", {"a birthday of 18", "the day before 18", "the day before 65"}),
    ],
)
def test_an_age_is_tried_on_the_birthday_and_the_day_before(born, left):
    assert gaps("age = { from = 18, to = 64 }", "", born=born) == left


def test_the_population_is_tried_as_well():
    population = '[population]\nage = { from = 0 }\nregistered_for = "12 months"'

    left = gaps("", "", population=population, registered="2025-11-20")

    assert left == {"a day less than that"}


def test_a_gap_says_where_it_is():
    rules = read_cohort(
        RULES.format(clause='within = "6 months"', population=ANY_AGE), FILES, "cohort.toml"
    )

    assert list(untried((), rules)) == [
        f"group gee: no card has {FIRST}",
        f"group gee: no card has {BEFORE}",
    ]
