"""What rules ask of the person and of other groups, who is left out, and what is shown for it."""

from datetime import date

import pytest

from openprotect.cohorts.rules import (
    Ages,
    Because,
    Clause,
    Codelist,
    Days,
    Ender,
    Evidence,
    Range,
    Registration,
    Selection,
    Span,
    Tie,
    coded,
    judge,
    listed_term,
)
from tests.cohorts.given import AS_OF, LISTS, a_person, codes, group, on, rules

TENTHS = {"E01000001": 1, "E01000002": 10}


def judged(asked, *events, **details):
    return judge(asked, a_person(**details), events, AS_OF, TENTHS)


def holds(clause, *events, **details):
    return judged(rules(clause), *events, **details).groups == ("it",)


@pytest.mark.parametrize(
    ("clause", "details", "expected"),
    [
        (Clause(sexes=("female",)), {"sex": "female"}, True),
        (Clause(sexes=("female", "other")), {"sex": "male"}, False),
        (Clause(sexes=("female",)), {}, False),
        (Clause(deciles=(1, 2)), {"lsoa": "E01000001"}, True),
        (Clause(deciles=(1, 2)), {"lsoa": "E01000002"}, False),
        (Clause(deciles=(1, 2)), {"lsoa": "E01000003"}, False),
        (Clause(deciles=(1, 2)), {}, False),
        (Clause(care_home=True), {"care_home": True}, True),
        (Clause(care_home=True), {}, False),
        (Clause(care_home=False), {}, True),
        (Clause(care_home=False), {"care_home": True}, False),
    ],
)
def test_sex_deprivation_and_care_home_are_asked_of_the_person(clause, details, expected):
    assert holds(clause, **details) is expected


@pytest.mark.parametrize(
    ("asked", "joined", "expected"),
    [
        (Registration(at_least=Span(months=12)), date(2025, 11, 20), True),
        (Registration(at_least=Span(months=12)), date(2025, 11, 21), False),
        (Registration(within=Span(months=9)), date(2026, 2, 20), True),
        (Registration(within=Span(months=9)), date(2026, 2, 19), False),
        (Registration(at_least=Span(months=12)), None, False),
        (Registration(within=Span(months=9)), None, False),
    ],
)
def test_a_registration_is_so_long_or_so_recent(asked, joined, expected):
    assert holds(Clause(registration=asked), registered_on=joined) is expected


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"deceased": True}, "deceased"),
        ({"deceased": True, "deceased_on": date(2026, 11, 20)}, "deceased"),
        ({"deceased": True, "deceased_on": date(2026, 11, 21)}, ""),
        ({"practice_code": ""}, "not registered with a practice"),
        ({"registered_on": date(2026, 11, 21)}, "not registered with a practice"),
        ({"left_on": date(2026, 11, 20)}, "not registered with a practice"),
        ({"left_on": date(2026, 11, 21)}, ""),
        ({"birth_date": date(2010, 11, 21)}, "outside the ages"),
        ({"birth_date": None}, "outside the ages"),
        ({"opted_out": True}, "objected"),
        ({"opted_out": False}, ""),
        ({"deceased": True, "practice_code": "", "opted_out": True}, "deceased"),
        ({"practice_code": "", "opted_out": True}, "not registered with a practice"),
    ],
)
def test_who_is_not_asked_about_counts_for_the_first_reason(details, reason):
    assert judged(rules(codes("dm")), **details).excluded == reason


@pytest.mark.parametrize(
    ("joined", "reason"),
    [
        (date(2025, 11, 20), ""),
        (date(2025, 11, 21), "not registered with a practice"),
        (None, "not registered with a practice"),
    ],
)
def test_a_population_may_have_to_be_registered_for_so_long(joined, reason):
    asked = rules(codes("dm"), registered_for=Span(months=12))

    assert judged(asked, registered_on=joined).excluded == reason


def test_an_objection_counts_only_where_the_rules_leave_objectors_out():
    asked = rules(codes("dm"), without_objectors=False)

    assert judged(asked, opted_out=True).excluded == ""


def test_exclusions_count_in_the_order_of_the_pack_and_say_what_they_take_away():
    asked = rules(
        codes("dm"), exclusions=[group("frail", codes("obese")), group("home", codes("dm"))]
    )
    events = on("2020-01-01", "obese"), on("2021-01-01", "dm")

    both = judged(asked, *events)

    assert (both.excluded, both.groups) == ("frail", ("it",))
    assert [each.on for each in both.excluded_for] == [date(2020, 1, 1)]
    assert judged(asked, events[1]).excluded == "home"
    assert judged(asked, *events, deceased=True).excluded == "deceased"


def test_a_group_may_ask_for_another_and_shows_its_evidence_again():
    asked = rules(
        Clause(in_group="asthmatic"), codes("steroid"), parts=[group("asthmatic", codes("asthma"))]
    )

    found = judged(asked, on("2010-01-01", "asthma"), on("2026-01-01", "steroid"))

    assert found.parts == ("asthmatic",)
    assert [(each.group, each.on.year, each.term) for each in found.evidence] == [
        ("it", 2010, "asthma"),
        ("it", 2026, "steroid"),
    ]
    assert not judged(asked, on("2026-01-01", "steroid")).groups


def test_a_group_may_ask_that_somebody_is_not_in_another():
    asked = rules(codes("dm"), Clause(not_in_group="large"), parts=[group("large", codes("obese"))])

    assert judged(asked, on("2020-01-01", "dm")).groups
    assert not judged(asked, on("2020-01-01", "dm"), on("2020-01-01", "obese")).groups


def test_evidence_is_the_latest_event_and_of_a_day_the_first_code_and_source():
    events = [
        on("2010-01-01", "dm"),
        on("2020-01-01", "obese", source="gp"),
        on("2020-01-01", "dm", source="sus"),
        on("2020-01-01", "dm", source="gp"),
    ]

    (evidence,) = judged(rules(codes("obese", "dm")), *events).evidence

    assert evidence == Evidence("it", "73211009", "dm", date(2020, 1, 1), "gp")


def test_a_term_is_the_lists_and_where_that_is_empty_the_records():
    both = {**LISTS, "bare": Codelist("bare", "snomed", {"73211009": ""})}
    event = on("2020-01-01", "dm", term="as the record has it")

    (bare,) = judged(rules(codes("bare"), lists=both), event).evidence
    (named,) = judged(rules(codes("dm"), lists=both), event).evidence

    assert (bare.term, named.term) == ("as the record has it", "dm")


def test_a_value_is_shown_where_the_rule_asks_for_one():
    event = on("2020-01-01", "bmi", 41)

    (asked,) = judged(rules(codes("bmi", latest_value=Range(40))), event).evidence
    (plain,) = judged(rules(codes("bmi")), event).evidence

    assert (asked.value, plain.value) == (41, None)


@pytest.mark.parametrize(
    ("clauses", "details", "words", "day"),
    [
        ([Clause(ages=Ages(70))], {}, "aged 70 or over", date(2020, 4, 3)),
        (
            [Clause(ages=Ages(70)), Clause(sexes=("female",))],
            {"sex": "female"},
            "aged 70 or over; sex female",
            date(2020, 4, 3),
        ),
        (
            [Clause(registration=Registration(within=Span(months=9)))],
            {"registered_on": date(2026, 6, 1)},
            "registered with the practice since a day in the last 9 months",
            date(2026, 6, 1),
        ),
        ([codes("dm", is_absent=True)], {}, "no dm", date(1950, 4, 3)),
        (
            [Clause(not_in_group="large"), Clause(deciles=(1, 2))],
            {"lsoa": "E01000001"},
            "not in the group “Large”; living in the most deprived fifth of areas",
            date(1950, 4, 3),
        ),
    ],
)
def test_clauses_without_a_code_are_shown_in_words_with_the_day_they_began(
    clauses, details, words, day
):
    asked = rules(*clauses, parts=[group("large", codes("obese"))])

    (evidence,) = judged(asked, source="pds", **details).evidence

    assert evidence == Evidence("it", "", words, day, "pds")


def test_without_a_birth_date_what_is_shown_has_the_day_asked_about():
    asked = rules(codes("dm", is_absent=True))

    (evidence,) = judge(asked, a_person(birth_date=None), [], AS_OF).evidence

    assert evidence.on == AS_OF


@pytest.mark.parametrize(
    ("clause", "events", "because"),
    [
        (codes("dm", days=Days(Span(months=6))), [on("2026-05-19", "dm")], Because.OUT_OF_TIME),
        (codes("bmi", plausible=Range(4, 200)), [on("2026-05-19", "bmi", 300)],
         Because.NOT_BELIEVED),
        (codes("dm", at_least=2), [on("2026-01-01", "dm")], Because.TOO_FEW),
        (codes("dm", at_most=1), [on("2026-01-01", "dm")] * 2, Because.TOO_MANY),
        (codes("dm", apart=Span(days=8)), [on("2026-01-01", "dm")], Because.TOO_CLOSE),
        (codes("bmi", latest_value=Range(40)), [on("2026-01-01", "bmi", 39)], Because.VALUE),
        (codes("dm", first=Days(since=date(2021, 1, 1))), [on("2020-01-01", "dm")], Because.FIRST),
        (codes("dm", last=Days(since=date(2021, 1, 1))), [on("2020-01-01", "dm")], Because.LAST),
        (codes("dm", ended_by=(Ender(Selection(("dmres",)), Tie.ENDS),)),
         [on("2020-01-01", "dm"), on("2020-01-01", "dmres")], Because.ENDED),
        (codes("dm", after=(Ender(Selection(("dmres",)), Tie.ENDS),)),
         [on("2020-01-01", "dm")], Because.NOT_AFTER),
        (codes("dm", unless_before=Selection(("dmres",))),
         [on("2020-01-01", "dm"), on("2019-01-01", "dmres")], Because.BEFORE),
        (codes("dm", is_absent=True), [on("2020-01-01", "dm")], Because.PRESENT),
        (codes("dm", ages=Ages(80)), [on("2020-01-01", "dm")], Because.AGE),
        (codes("dm", sexes=("male",)), [on("2020-01-01", "dm")], Because.SEX),
        (codes("dm", deciles=(1,)), [on("2020-01-01", "dm")], Because.DEPRIVATION),
        (codes("dm", care_home=True), [on("2020-01-01", "dm")], Because.CARE_HOME),
        (codes("dm", registration=Registration(within=Span(months=1))), [on("2020-01-01", "dm")],
         Because.REGISTRATION),
        (codes("dm", in_group="large"), [on("2020-01-01", "dm")], Because.NOT_IN_GROUP),
    ],
)  # fmt: skip
def test_what_comes_near_is_told_with_what_speaks_against_it(clause, events, because):
    asked = rules(clause, parts=[group("large", codes("obese"))])

    (miss,) = judged(asked, *events).misses

    assert (miss.group, miss.because) == ("it", because)
    assert miss.fact.last == events[0].on


def test_a_group_that_one_must_not_be_in_is_told_of():
    asked = rules(codes("dm"), Clause(not_in_group="large"), parts=[group("large", codes("obese"))])

    (miss,) = judged(asked, on("2020-01-01", "dm"), on("2020-01-01", "obese")).misses

    assert miss.because == Because.IN_GROUP


def test_a_record_with_nothing_of_a_group_has_no_near_miss():
    assert judged(rules(Clause(ages=Ages(50)), codes("dm"))).misses == ()


def test_born_on_29_february_reaches_an_age_on_1_march():
    asked = rules(Clause(ages=Ages(70)))

    (evidence,) = judge(asked, a_person(birth_date=date(1956, 2, 29)), [], AS_OF).evidence

    assert evidence.on == date(2026, 3, 1)


def test_every_code_of_lists_has_the_term_that_the_first_list_gives_it():
    both = {**LISTS, "other": Codelist("other", "dmd", {"73211009": "Another term"})}
    asked = rules(codes("dm"), lists=both)

    for lists in (("dm", "other"), ("other", "dm"), ("cancer",), ("qcovid 4", "bmi")):
        found = coded(asked, lists)
        assert {key: listed_term(asked, lists, *key) for key in found} == found
    assert coded(asked, ("other", "dm"))["snomed", "73211009"] == "Another term"
    assert coded(asked, ("cancer",))["icd10", "C819"] == "Hodgkin lymphoma"
