from dataclasses import replace
from datetime import date

import pytest

from openprotect.records.rules import limits, stops
from openprotect.records.rules.limits import LIMITS, USUAL, BadLimit
from openprotect.records.rules.stops import Days, Figures

TODAY = date(2026, 11, 20)
DAYS = Days(None, None, TODAY)
USUALLY = Figures(
    rows={"people.csv": 1000},
    is_whole=True,
    people=(1000, 1000),
    mean_birth=(1980.0, 1980.0),
    ages={"30 to 39": (500, 500), "80 to 89": (500, 500)},
    sexes={"female": (510, 510), "male": (490, 490)},
    practices={"D82001": (500, 510)},
    met=1000,
    objections=(100, 0),
    events_before=5000,
)


def test_an_extract_like_the_last_one_goes_on():
    assert stops.reasons(USUALLY, DAYS) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": {"people.csv": 65_536}}, "65,536 rows is exactly what a spreadsheet holds"),
        ({"misshapen": 11}, "11 of 1,000 rows do not have the types agreed"),
        ({"people": (1000, 949)}, "949 people where there were 1,000: a change of over 5%"),
        ({"people": (1000, 1051)}, "1,051 people where there were 1,000"),
        ({"mean_birth": (1980.0, 1978.5)}, "the mean age moves by +1.5 years: over 1"),
        (
            {"ages": {"30 to 39": (500, 560), "80 to 89": (500, 440)}},
            "the share of people aged 80 to 89 moves by -6.0 points",
        ),
        (
            {"sexes": {"female": (510, 540), "male": (490, 460)}},
            "the share of women moves by +3.0 points",
        ),
        ({"practices": {"D82001": (500, 602)}}, "1 practice changes by over 20%: D82001 +20%"),
        ({"practices": {"D82002": (60, 0)}}, "nobody of these practices, known before: D82002"),
        ({"died": 10}, "10 of 1,000 people known as alive are dead now: over 0.5%"),
        ({"revived": 6}, "6 of 1,000 people known as dead are alive now"),
        ({"moved": 51}, "51 of 1,000 people have another practice than before"),
        ({"sex_changed": 5}, "5 of 1,000 people change between female and male"),
        ({"objections": (100, 11)}, "11 of 100 objections are withdrawn"),
        ({"same_birth_date": 100}, "100 of 1,000 people share one birth date"),
        ({"events_gone": 501}, "501 of 5,000 events are no longer there: over 10%"),
    ],
)
def test_an_abnormal_extract_waits(change, words):
    found = stops.reasons(replace(USUALLY, **change), DAYS)

    assert any(words in each for each in found), found


@pytest.mark.parametrize(
    "change",
    [
        {"misshapen": 10},
        {"people": (1000, 950)},
        {"people": (1000, 500), "is_whole": False},
        {"people": (0, 1000)},
        {"practices": {"D82001": (40, 49)}},
        {"practices": {"D82002": (60, 0)}, "is_whole": False},
        {"died": 5},
        {"died": 9, "met": 100},
        {"moved": 50},
        {"same_birth_date": 5},
        {"people": (150, 150), "mean_birth": (1980.0, 1970.0)},
    ],
)
def test_what_chance_or_a_small_extract_does_goes_on(change):
    assert stops.reasons(replace(USUALLY, **change), DAYS) == []


@pytest.mark.parametrize(
    ("on", "last", "words"),
    [
        (date(2026, 11, 1), date(2026, 11, 2), "older than the last one, of 2026-11-02"),
        (date(2026, 10, 1), None, "the extract is 50 days old: over 42"),
        (date(2026, 11, 1), date(2026, 11, 1), ""),
        (None, date(2026, 11, 1), ""),
    ],
)
def test_an_old_extract_waits(on, last, words):
    found = stops.reasons(USUALLY, Days(on, last, TODAY))

    assert [words in each for each in found] == ([True] if words else [])


def test_an_installation_may_choose_its_own_limits_within_bounds():
    strict = limits.localised({"deaths": 0.1})

    assert stops.reasons(replace(USUALLY, died=10), DAYS, strict)
    assert limits.localised({}) == USUAL


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"deths": 1}, "there is no limit 'deths'"),
        ({"deaths": 50}, "deaths must be a number from 0.1 to 3"),
        ({"deaths": True}, "must be a number"),
        ({"deaths": "1"}, "must be a number"),
    ],
)
def test_a_limit_out_of_bounds_is_refused(chosen, words):
    with pytest.raises(BadLimit, match=words):
        limits.localised(chosen)


def test_each_limit_says_why_and_lies_within_its_own_bounds():
    for key, limit in LIMITS.items():
        assert limit.why, key
        assert limit.low <= limit.usual <= limit.high, key
