"""What rules may see beside the answers: bands, flags, changes, scores; missing is a value."""

from datetime import date

import pytest

from openprotect.packs.known import Known, age_on
from tests.packs.given import changed, said, shipped_with

FLAGS = '[triage]\nflags = ["diabetes"]\nage_bands = ["18-64", "65-79", "80+"]\n'
BREATH = '[triage.changes.breath]\nfrom_best = ["normal", "moving", "rest", "speech"]\n'
HEAT = '[triage.changes.temperature]\nworse = "higher"\nleast = 0.5\n'


def fired(pack, known, **answers):
    return {each.rule for each in pack.triage.judge(answers, known)} - {"breath-moving", "fever"}


def with_rule(column, cell, options=FLAGS):
    return shipped_with(options, f"extra,{cell},clinical,week,Because,Made up", column)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1941, 3, 4), date(2026, 3, 3), 84),
        (date(1941, 3, 4), date(2026, 3, 4), 85),
        (date(1944, 2, 29), date(2027, 2, 28), 82),
        (date(1944, 2, 29), date(2027, 3, 1), 83),
        (date(1944, 2, 29), date(2028, 2, 28), 83),
        (date(1944, 2, 29), date(2028, 2, 29), 84),
    ],
)
def test_a_year_older_from_the_first_moment_of_the_birthday(born, on, age):
    assert age_on(born, on) == age


@pytest.mark.parametrize(
    ("cell", "age", "fires"),
    [
        ("65-79", 64, False),
        ("65-79", 65, True),
        ("65-79", 79, True),
        ("80+", 80, True),
        ("missing", 17, True),
        ("missing", None, True),
        ("any", None, False),
    ],
)
def test_an_age_band_holds_from_its_first_year_to_its_last(cell, age, fires):
    pack = with_rule("age-band", cell)

    assert (fired(pack, Known(age=age)) == {"extra"}) is fires


@pytest.mark.parametrize(
    ("cell", "groups", "fires"),
    [
        ("yes", {"diabetes"}, True),
        ("yes", set(), False),
        ("no", set(), True),
        ("no", None, False),
        ("missing", None, True),
        ("missing", {"diabetes"}, False),
    ],
)
def test_a_flag_is_yes_or_no_or_not_known(cell, groups, fires):
    known = Known(groups=None if groups is None else frozenset(groups))

    assert (fired(with_rule("flag:diabetes", cell), known) == {"extra"}) is fires


def test_a_group_that_the_pack_does_not_name_is_seen_by_no_rule():
    pack = with_rule("flag:diabetes", "yes")

    assert "flag:other" not in pack.triage.sight.facts({}, {}, Known(groups=frozenset({"other"})))


@pytest.mark.parametrize(
    ("before", "today", "change"),
    [
        (None, "moving", "new"),
        ({}, "moving", "new"),
        ({"breath": "gone"}, "moving", "new"),
        ({"breath": "moving"}, "moving", "same"),
        ({"breath": "normal"}, "moving", "worse"),
        ({"breath": "rest"}, "moving", "better"),
        ({"breath": "not-sure"}, "moving", "different"),
        ({"breath": "moving"}, None, None),
    ],
)
def test_an_answer_is_held_against_that_of_last_time(before, today, change):
    pack = with_rule("change:breath", "any", BREATH)
    answers = {"breath": today} if today else {}

    facts = pack.triage.sight.facts(pack.triage.asked, answers, Known(before=before))

    assert facts.get("change:breath") == change


@pytest.mark.parametrize(
    ("before", "today", "change"),
    [("37.5", "38", "worse"), ("37.6", "38", "same"), ("38.5", "38", "better"), (38, "38", "same")],
)
def test_a_number_is_worse_by_the_least_step_that_counts(before, today, change):
    pack = with_rule("change:temperature", "any", HEAT)
    known = Known(before={"temperature": before})

    facts = pack.triage.sight.facts(pack.triage.asked, {"temperature": today}, known)

    assert facts["change:temperature"] == change


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("[triage]\nhits = 1\n", ":1:triage.hits: 'hits' is not known here"),
        ('[triage]\nhit = "first"\n', "triage.hit: 'first' is not known here"),
        ("[triage]\nbar = 101\n", "triage.bar: is 101; allowed are 0 to 100."),
        ('[triage]\nage_bands = ["old"]\n', "is not like '65-79' or '80+'"),
        ('[triage]\nage_bands = ["18-64", "66+"]\n', "does not go on where the band before it"),
        ('[triage]\nflags = ["ill"]\n', "triage.flags: 'ill' is not known here"),
        ("[triage.changes.breth]\n", "Did you mean 'breath'?"),
        ('[triage.changes.breath]\nfrom_best = ["normal", "quick"]\n', "'quick' is not known here"),
        ('[triage.changes.breath]\nfrom_best = ["rest", "rest"]\n', "'rest' stands here twice"),
        ('[triage.changes.temperature]\nworse = "up"\n', "'up' is not known here"),
        ("[triage.changes.other]\n", "a text has no better and worse"),
        ('[triage.scores.x]\ntitle = "X"\nsum = ["breath"]\n', "has a score (ordinalValue)"),
        ('[triage.scores.x]\ntitle = "X"\n', "list the questions whose scores are added"),
    ],
)
def test_what_rules_may_see_is_checked_at_its_key(options, words):
    lines = said(changed("pack.toml", "[cadence]", f"{options}\n[cadence]"))

    assert any(words in line for line in lines), lines


def test_a_score_is_the_sum_and_missing_unless_every_part_is_answered():
    pack = shipped_with(
        '[triage.scores.load]\ntitle = "Load"\nsum = ["feeling", "food"]\n',
        "extra,>= 2,clinical,week,Because,Made up",
        "score:load",
        scores={"feeling": [0, 0, 1, 0], "food": [0, 0, 1, 2, 0]},
    )

    assert fired(pack, Known(), feeling="worse") - {"worse"} == set()
    totals = {
        food: pack.triage.sight.facts(
            pack.triage.asked, {"feeling": "worse", "food": food}, Known()
        ).get("score:load")
        for food in ("week", None)
    }
    assert [str(each) for each in totals.values()] == ["1", "None"]


def test_the_most_urgent_owner_takes_all_where_the_pack_says_so():
    pack = shipped_with('[triage]\nhit = "most-urgent-owner"\n')
    answers = {"breath": "rest", "food": "none", "medicines": "low"}

    decided = {each.outcome.rule: each.route for each in pack.decide(answers)}

    assert {each.function for each in decided.values()} == {"surveillance"}
    own = pack.routing.route("social", "now")
    assert decided["food-none"].accept_within == own.accept_within


def test_what_could_not_be_worked_out_keeps_its_own_owner():
    pack = shipped_with('[triage]\nhit = "most-urgent-owner"\n')

    decided = {e.outcome.rule: e.route for e in pack.decide({"food": "none", "breath": "gone"})}

    assert decided["food-none"].function == "council"
    assert decided["breath-rest"].function == "surveillance"


def test_a_decision_names_the_answers_behind_it_and_the_gravest_change():
    pack = shipped_with(BREATH + HEAT)
    answers = {"breath": "moving", "temperature": 39}
    known = Known(before={"breath": "moving", "temperature": 38})

    decided = {each.outcome.rule: each for each in pack.decide(answers, known)}

    assert decided["fever-breathless"].looks_at == ("breath", "temperature")
    assert decided["fever-breathless"].change == "worse"
    assert decided["breath-moving"].change == "same"
