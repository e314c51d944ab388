"""What of a rule can be tried with another value: named as in cohort.toml, refused in words."""

from datetime import date

import pytest

from openprotect.base.refusals import Refused
from openprotect.cohorts.engine.settings import changed, settable
from openprotect.cohorts.rules import judge
from openprotect.cohorts.rules.measures import Span
from openprotect.records.rules.values import Event, Person
from tests.packs.given import shipped

AS_OF = date(2026, 11, 25)


def rules():
    return shipped().cohort


def paths():
    return {each.path: each for each in settable(rules())}


def clause(rules, group, way=0, number=0):
    (found,) = (each for each in rules.in_order() if each.name == group)
    return found.any_of[way][number]


def test_a_value_has_the_shortest_name_that_is_its_own():
    names = paths()

    assert names["blood-cancer.within"].value == "24 months"
    assert names["severe-obesity[2].latest_value.at_least"].value == "40"
    assert names["severe-asthma[2][3].at_least"].value == "2"
    assert names["population.age.from"].value == "16"
    assert len(names) == len(settable(rules()))


def test_where_a_group_has_several_conditions_the_title_says_of_which():
    assert paths()["kidney[1].within"].title == "Kidney diagnosis: how far back a record counts"
    assert paths()["blood-cancer.within"].title == "How far back a record counts"


@pytest.mark.parametrize(
    ("written", "months", "days"),
    [
        ("36m", 36, 0),
        ("2 years", 24, 0),
        ("14 days", 0, 14),
        ("3 weeks", 0, 21),
        ("1m and 2d", 1, 2),
    ],
)
def test_a_window_is_set_as_people_write_it(written, months, days):
    new = changed(rules(), [f"blood-cancer.within={written}"])

    assert clause(new, "blood-cancer").select.days.within == Span(months, days)


def test_any_time_takes_the_window_away():
    new = changed(rules(), ["blood-cancer.within=any time"])

    assert clause(new, "blood-cancer").select.days.within is None


def test_thresholds_ages_counts_and_ties_are_set():
    new = changed(
        rules(),
        [
            "severe-obesity[2].latest_value.at_least=35",
            "aged-70.age.from=65",
            "severe-asthma[2][3].at_least=4",
            "kidney[2].same_day=ends",
            "population.age.to=99",
        ],
    )

    assert clause(new, "severe-obesity", 1).latest_value.low == 35
    assert clause(new, "aged-70").ages.low == 65
    assert clause(new, "severe-asthma", 1, 2).at_least == 4
    assert clause(new, "kidney", 1).ended_by[0].tie == "ends"
    assert new.population.ages.high == 99


def test_lists_and_single_codes_are_added_and_taken():
    new = changed(
        rules(), ["respiratory[1].codes+=asthma", "respiratory[1].codes-=interstitial-lung"]
    )
    single = changed(rules(), ["spleen.codes+=38096003"])

    assert clause(new, "respiratory").select.codelists == ("respiratory", "asthma")
    assert single.codelists["38096003"].system == "snomed"


def test_every_value_can_be_set_to_itself_and_then_nothing_has_changed():
    for each in settable(rules()):
        assert changed(rules(), [f"{each.path}={each.value}"]) == rules(), each.path


def test_nothing_else_is_changed():
    new = changed(rules(), ["aged-70.age.from=65"])

    others = {each.path: each for each in settable(new) if each.path != "aged-70.age.from"}
    assert others == {name: each for name, each in paths().items() if name in others}


def test_the_changed_rules_judge_by_the_new_value():
    someone = Person(nhs_number="9990000000", birth_date=date(1960, 1, 1), practice_code="PRA")
    event = Event("9990000000", "diagnosis", "73211009", "snomed", "Diabetes", date(2020, 1, 1))
    new = changed(rules(), ["aged-70.age.from=65"])

    before = judge(rules(), someone, [event], AS_OF).groups
    after = judge(new, someone, [event], AS_OF).groups

    assert set(after) - set(before) == {"aged-70"}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("blood-cancer", "write a change as NAME=VALUE"),
        ("nonsense.within=2m", "These rules have no 'nonsense.within' to set"),
        ("blood-cancer.nonsense=2", "There are: blood-cancer.codes, blood-cancer.within"),
        ("kidney.within=2m", "say which of kidney[1].within, kidney[2].within"),
        ("kidney[9].within=2m", "These rules have no"),
        ("blood-cancer.within=soon", "write a length such as 24 months"),
        ("blood-cancer.within=0 days", "at least 1 day"),
        ("blood-cancer.at_least=none", "a whole number from 1 to 999"),
        ("blood-cancer.at_least+=1", "Only lists of codes"),
        ("blood-cancer.codes=", "Name at least one list or code"),
        ("blood-cancer.codes=no such list!", "neither a code nor one of the lists"),
        ("blood-cancer.codes-=asthma", "asthma is not asked for here"),
        ("severe-obesity[2].latest_value.at_least=fat", "Write a number"),
        ("aged-70.age.from=-1", "a whole number from 0 to 200"),
        ("population.age.from=130", "Nobody is aged 130 to 120"),
        ("population.nonsense=1", "to set"),
        ("kidney[2].same_day=perhaps", "Write ends or stands"),
    ],
)
def test_what_cannot_be_is_refused_in_words(written, words):
    with pytest.raises(Refused) as refusal:
        changed(rules(), [written])

    assert words in str(refusal.value)
