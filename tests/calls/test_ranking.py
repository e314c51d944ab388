"""Which call is next is a sum that anybody can do, with reasons in words."""

from datetime import time, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from openprotect.calls.rules.ranking import (
    TELL_OF_HEALTH,
    Abilities,
    Facts,
    Hours,
    Unmet,
    Wanted,
    abilities,
    beyond,
    hours_for,
    rank,
    wanted,
)
from openprotect.packs.calling import AS_BEFORE, WEIGHTS, CallingPlan, read_calling
from openprotect.packs.entry import read_toml
from openprotect.packs.problems import Reading
from tests.given import NOON

PLAN = AS_BEFORE
HOUR = timedelta(hours=1)


def points(**known):
    return rank(Facts(**{"why": "SILENT"} | known), PLAN, at=NOON).points


def words(**known):
    return [each.words for each in rank(Facts(**{"why": "SILENT"} | known), PLAN, at=NOON).reasons]


def test_without_anything_known_there_is_no_reason_and_no_point():
    assert (points(), words()) == (0, [])


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"unmet": Unmet(1, 1)}, {"unmet": Unmet(2, 1)}),
        ({"unmet": Unmet(2, 1)}, {"unmet": Unmet(3, 1)}),
        ({"unmet": Unmet(3, 1, is_worse=True)}, {"unmet": Unmet(3, 1)}),
        ({"unmet": Unmet(3, 3)}, {"unmet": Unmet(3, 1)}),
        ({"silent_days": 4}, {"silent_days": 3}),
        ({"waiting_days": 2}, {"waiting_days": 1}),
        ({"band": "Transplants", "band_points": 50}, {"band": "Others", "band_points": 0}),
        ({"why": "ASKED"}, {"why": "SILENT", "silent_days": 9}),
        ({"agreed_at": NOON - HOUR}, {"agreed_at": NOON + HOUR}),
        ({"attempts": 0}, {"attempts": 2}),
        ({"unmet": Unmet(1, 1)}, {"silent_days": 60, "waiting_days": 60, "why": "ASKED"}),
    ],
)
def test_what_comes_before_what(more, less):
    assert points(**more) > points(**less)


facts = st.builds(
    Facts,
    why=st.sampled_from(["SILENT", "ASKED", "LINK_LOCKED"]),
    silent_days=st.integers(0, 400),
    waiting_days=st.integers(0, 400),
    attempts=st.integers(0, 30),
    band=st.just("Band"),
    band_points=st.integers(0, 1000),
    unmet=st.builds(
        Unmet, st.sampled_from([None, 1, 2, 3]), st.integers(0, 9), is_worse=st.booleans()
    ),
)


@for_any(facts)
def test_the_same_facts_always_give_the_same_rank_and_its_reasons_add_up_to_it(known):
    found = rank(known, PLAN, at=NOON)

    assert found == rank(known, PLAN, at=NOON)
    assert found.points == sum(each.points for each in found.reasons)
    assert {each.factor for each in found.reasons} <= {*WEIGHTS, "band"}


@for_any(facts)
def test_a_longer_silence_never_puts_anybody_behind(known):
    longer = Facts(**vars(known) | {"silent_days": known.silent_days + 1})

    assert rank(longer, PLAN, at=NOON).points >= rank(known, PLAN, at=NOON).points


def test_the_reasons_are_words_that_a_supervisor_can_read_out():
    assert words(silent_days=3, attempts=1, unmet=Unmet(2, 2, is_worse=True)) == [
        "an alert for today is open",
        "worse at the last answer",
        "silent for 3 days",
        "2 open needs",
        "rung 1 time already",
    ]


def test_what_tells_of_health_is_marked_so():
    found = rank(Facts("SILENT", 2, unmet=Unmet(1, 1)), PLAN, at=NOON)

    assert {each.factor for each in found.reasons if each.tells_of_health} == {"now", "need"}
    assert not TELL_OF_HEALTH & {"silent_day", "attempt", "agreed", "asked", "waiting_day"}


def plan_from(text):
    reading = Reading()
    plan = read_calling(read_toml(reading, "pack.toml", text).entry("calling"))
    return plan, [each.message for each in reading.problems]


def test_a_pack_sets_its_own_weights_and_says_whose_they_are():
    plan, problems = plan_from(
        '[calling]\nsource = "Clinical lead, 3 April 2020"\nfrom = "09:00"\nuntil = "19:00"\n'
        "[calling.weights]\nsilent_day = 90\n"
    )

    assert not problems
    assert (plan.rings_from, plan.rings_until) == (time(9), time(19))
    assert rank(Facts("SILENT", silent_days=2), plan, at=NOON).points == 180
    assert plan.weights["now"] == PLAN.weights["now"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('from = "9"', "give a time of day"),
        ('from = "20:00"\nuntil = "09:00"', "later than from"),
        ("kept_for_skill_hours = 0", "allowed are 1 to 240"),
        ("[calling.weights]\nage = 3", "age"),
        ('[calling.weights]\nneed = "much"', "whole number"),
    ],
)
def test_a_mistake_in_the_plan_is_refused_in_words(line, said):
    _, problems = plan_from(f'[calling]\nsource = "Somebody"\n{line}\n')

    assert any(said in each for each in problems), problems


def test_a_plan_says_whose_decision_it_is():
    assert plan_from('[calling]\nfrom = "09:00"\n')[1] == [
        "is missing: write some words in quotes."
    ]


DAY = CallingPlan(rings_from=time(9), rings_until=time(20))


@pytest.mark.parametrize(
    ("liked", "hours"),
    [
        (Hours(), Hours(time(9), time(20))),
        (Hours(time(12), time(17)), Hours(time(12), time(17))),
        (Hours(time(7), time(10)), Hours(time(9), time(10))),
        (Hours(time(21), time(23)), Hours(time(9), time(20))),
    ],
)
def test_liked_hours_are_cut_to_the_programmes_and_never_leave_none(liked, hours):
    assert hours_for(DAY, liked) == hours


@pytest.mark.parametrize(
    ("language", "needs", "is_bereaved", "wish"),
    [
        ("en", [], False, Wanted()),
        ("en-x-easy", [], False, Wanted()),
        ("pl", [], False, Wanted("pl")),
        ("en", [("INTERPRETER", "lt")], False, Wanted("lt")),
        ("en", [("TEXTPHONE", ""), ("LARGE_PRINT", "")], False, Wanted("", ("TEXTPHONE",))),
        ("pl", [("BSL", "")], True, Wanted("pl", ("BSL", "BEREAVEMENT"))),
    ],
)
def test_what_a_person_asks_of_whoever_rings(language, needs, is_bereaved, wish):
    assert wanted(language, needs, is_bereaved=is_bereaved) == wish


@pytest.mark.parametrize(
    ("codes", "wish", "meets"),
    [
        ([], Wanted(), True),
        ([], Wanted("pl"), False),
        (["LANGUAGE:pl"], Wanted("pl"), True),
        (["LANGUAGE:pl"], Wanted("lt"), False),
        (["INTERPRETER"], Wanted("lt"), True),
        (["LANGUAGE:pl"], Wanted("pl", ("TEXTPHONE",)), False),
        (["LANGUAGE:pl", "TEXTPHONE", "JUGGLING"], Wanted("pl", ("TEXTPHONE",)), True),
    ],
)
def test_who_can_make_a_call(codes, wish, meets):
    assert abilities(codes).meet(wish) is meets


def test_abilities_are_compared_by_what_they_are():
    assert abilities(["LANGUAGE:pl", "BSL"]) == Abilities(("pl",), ("BSL",))


@pytest.mark.parametrize(
    ("waiting", "left", "spill"), [(10, None, 0), (10, 4, 6), (3, 4, 0), (3, -2, 3)]
)
def test_what_is_beyond_todays_staff(waiting, left, spill):
    assert beyond(waiting, left) == spill
