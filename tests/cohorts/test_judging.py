"""What each word about a record means, asked of the plain reference."""

from datetime import date

import pytest

from openprotect.cohorts.rules import (
    Ages,
    Clause,
    Conversion,
    Days,
    Derived,
    Ender,
    Range,
    Selection,
    Span,
    Tie,
    judge,
)
from tests.cohorts.given import AS_OF, a_person, codes, on, rules

OF_BMI = Range(4, 200, low_is_open=True, high_is_open=True)


def holds(clause, *events, as_of=AS_OF, **details):
    return judge(rules(clause), a_person(**details), events, as_of).groups == ("it",)


def ended_by(*lists, tie=Tie.ENDS, **asked):
    return (Ender(Selection(lists, **asked), tie),)


@pytest.mark.parametrize(
    ("days", "day", "expected"),
    [
        (Days(within=Span(months=6)), "2026-05-20", True),
        (Days(within=Span(months=6)), "2026-05-19", False),
        (Days(within=Span(months=6)), "2026-11-20", True),
        (Days(within=Span(months=6)), "2026-11-21", False),
        (Days(), "2026-11-21", False),
        (Days(Span(days=60), Span(days=31)), "2026-10-20", True),
        (Days(Span(days=60), Span(days=31)), "2026-10-21", False),
        (Days(Span(days=60), Span(days=31)), "2026-09-21", True),
        (Days(Span(days=60), Span(days=31)), "2026-09-20", False),
        (Days(since=date(2021, 2, 15)), "2021-02-15", True),
        (Days(since=date(2021, 2, 15)), "2021-02-14", False),
        (Days(up_to=date(2021, 2, 15)), "2021-02-15", True),
        (Days(up_to=date(2021, 2, 15)), "2021-02-16", False),
        (Days(up_to=date(2027, 1, 1)), "2026-11-21", False),
    ],
)
def test_a_window_holds_both_its_ends_and_nothing_of_the_future(days, day, expected):
    assert holds(codes("dm", days=days), on(day, "dm")) is expected


@pytest.mark.parametrize(
    ("as_of", "day", "expected"),
    [
        (date(2024, 2, 29), "2023-02-28", True),
        (date(2024, 2, 29), "2023-02-27", False),
        (date(2026, 3, 31), "2026-02-28", True),
        (date(2026, 3, 31), "2026-02-27", False),
    ],
)
def test_a_month_back_ends_with_the_month_that_is_shorter(as_of, day, expected):
    back = Span(months=12) if as_of.year == 2024 else Span(months=1)

    assert holds(codes("dm", days=Days(back)), on(day, "dm"), as_of=as_of) is expected


@pytest.mark.parametrize(
    ("asked", "number", "expected"),
    [
        ({"at_least": 2}, 1, False),
        ({"at_least": 2}, 2, True),
        ({"at_most": 4}, 4, True),
        ({"at_most": 4}, 5, False),
        ({"at_most": 4}, 0, False),
    ],
)
def test_events_are_counted_from_so_many_to_so_many(asked, number, expected):
    events = [on("2026-10-01", "steroid", source_id=str(each)) for each in range(number)]

    assert holds(codes("steroid", **asked), *events) is expected


def test_days_are_counted_instead_of_events_when_a_rule_says_so():
    twice = [on("2026-10-01", "steroid"), on("2026-10-01", "steroid")]

    assert holds(codes("steroid", at_least=2), *twice)
    assert not holds(codes("steroid", at_least=2, on_different_days=True), *twice)


@pytest.mark.parametrize(("last", "expected"), [("2026-10-09", True), ("2026-10-08", False)])
def test_the_first_and_the_last_lie_so_far_apart(last, expected):
    clause = codes("dm", at_least=2, apart=Span(days=8))

    assert holds(clause, on("2026-10-01", "dm"), on(last, "dm")) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([("2020-01-01", 40)], True),
        ([("2020-01-01", 39.9)], False),
        ([("2020-01-01", 45), ("2021-01-01", 35)], False),
        ([("2020-01-01", 35), ("2021-01-01", 45)], True),
        ([("2020-01-01", 35), ("2020-01-01", 45)], True),
        ([("2020-01-01", 45), ("2021-01-01", 250)], True),
        ([("2020-01-01", 45), ("2021-01-01", None)], True),
        ([("2020-01-01", 200)], False),
        ([("2020-01-01", 4)], False),
    ],
)
def test_the_latest_believable_value_counts_and_of_a_day_the_highest(values, expected):
    clause = codes("bmi", plausible=OF_BMI, has_value=True, latest_value=Range(40))

    assert holds(clause, *(on(day, "bmi", value) for day, value in values)) is expected


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("mmol/mol", 48, True),
        ("MMOL / mol", 48, True),
        ("", 48, True),
        ("%", 6.6, True),
        ("%", 6.4, False),
        ("mg/dL", 48, False),
    ],
)
def test_a_value_counts_in_its_unit_or_converted_or_not_at_all(unit, value, expected):
    clause = codes(
        "bmi",
        unit="mmol/mol",
        conversions=(Conversion("%", divide=0.0915, add=-23.5),),
        has_value=True,
        latest_value=Range(48),
    )

    assert holds(clause, on("2026-01-01", "bmi", value, unit=unit)) is expected


@pytest.mark.parametrize(
    ("sex", "creatinine", "low", "high"),
    [
        ("female", 100, 52.7, 52.8),
        ("female", 50, 101.0, 101.1),
        ("male", 100, 70.1, 70.2),
        ("male", 50, 111.9, 112.0),
    ],
)
def test_kidney_function_is_worked_out_from_creatinine_age_and_sex(sex, creatinine, low, high):
    clause = codes("creatinine", derived=Derived.EGFR, latest_value=Range(low, high))
    event = on("2020-01-01", "creatinine", creatinine)

    assert holds(clause, event, sex=sex, birth_date=date(1960, 1, 1))


@pytest.mark.parametrize(
    "details", [{"sex": "other"}, {"sex": "unknown"}, {"sex": "male", "birth_date": None}]
)
def test_kidney_function_is_not_guessed_without_sex_or_birth(details):
    clause = codes("creatinine", derived=Derived.EGFR)

    assert not holds(clause, on("2020-01-01", "creatinine", 900), **details)


@pytest.mark.parametrize(
    ("day", "expected"), [("1968-04-02", False), ("1968-04-03", True), ("1970-01-01", True)]
)
def test_the_age_on_the_day_of_the_event_may_be_asked(day, expected):
    assert holds(codes("bmi", aged=Ages(18)), on(day, "bmi", 41)) is expected


def test_where_an_event_was_recorded_may_be_asked():
    in_hospital = codes("dm", setting="hospital")

    assert holds(in_hospital, on("2020-01-01", "dm", setting="hospital"))
    assert not holds(in_hospital, on("2020-01-01", "dm", setting="gp"))
    assert not holds(in_hospital, on("2020-01-01", "dm"))


@pytest.mark.parametrize(
    ("day", "episodes", "expected"),
    [
        ("2020-01-01", ("a", "a"), True),
        ("2020-01-01", ("a", "b"), False),
        ("2020-01-01", ("a", ""), False),
        ("2020-01-01", ("", ""), True),
        ("2020-01-02", ("a", "a"), False),
    ],
)
def test_a_pair_is_of_one_day_and_one_admission(day, episodes, expected):
    clause = codes("operation", paired=("allograft",))
    one, other = episodes

    events = on("2020-01-01", "operation", episode=one), on(day, "allograft", episode=other)

    assert holds(clause, *events) is expected


@pytest.mark.parametrize(
    ("other", "ends", "stands"),
    [("2010-01-01", True, True), ("2010-01-02", False, True), ("2010-01-03", False, False)],
)
def test_a_later_code_ends_it_and_a_tie_does_what_the_rule_says(other, ends, stands):
    events = on("2010-01-02", "dm"), on(other, "dmres")

    assert holds(codes("dm", ended_by=ended_by("dmres")), *events) is ends
    assert holds(codes("dm", ended_by=ended_by("dmres", tie=Tie.STANDS)), *events) is stands


def test_each_of_several_enders_ends_it():
    either = (*ended_by("dmres"), *ended_by("obese", tie=Tie.STANDS))
    clause = codes("dm", ended_by=either)

    assert not holds(clause, on("2010-01-01", "dm"), on("2010-01-01", "dmres"))
    assert not holds(clause, on("2010-01-01", "dm"), on("2010-01-02", "obese"))
    assert holds(clause, on("2010-01-01", "dm"), on("2010-01-01", "obese"))


@pytest.mark.parametrize(
    ("other", "ends", "stands"),
    [
        ("2010-01-01", True, True),
        ("2010-01-02", False, True),
        ("2010-01-03", False, False),
        (None, False, False),
    ],
)
def test_it_may_have_to_come_after_another_code_that_must_exist(other, ends, stands):
    events = [on("2010-01-02", "dm"), *([on(other, "dmres")] if other else [])]

    assert holds(codes("dm", after=ended_by("dmres")), *events) is ends
    assert holds(codes("dm", after=ended_by("dmres", tie=Tie.STANDS)), *events) is stands


@pytest.mark.parametrize(
    ("other", "expected"), [("2021-03-01", False), ("2021-03-02", True), ("2021-03-03", True)]
)
def test_an_earlier_code_of_another_kind_may_rule_it_out(other, expected):
    clause = codes("dm", unless_before=Selection(("dmres",)))

    assert holds(clause, on("2021-03-02", "dm"), on(other, "dmres")) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"first": Days(since=date(2021, 2, 15))}, False),
        ({"first": Days(up_to=date(2021, 2, 14))}, True),
        ({"last": Days(since=date(2021, 2, 15))}, True),
        ({"last": Days(within=Span(months=12))}, False),
    ],
)
def test_the_first_and_the_latest_day_may_be_asked_apart(asked, expected):
    events = on("2021-02-14", "dm"), on("2021-06-01", "dm")

    assert holds(codes("dm", **asked), *events) is expected


def test_absence_is_of_the_codes_in_their_window_alone():
    clause = codes("steroid", days=Days(Span(months=12)), is_absent=True)

    assert holds(clause)
    assert holds(clause, on("2025-11-19", "steroid"))
    assert not holds(clause, on("2025-11-20", "steroid"))


def test_a_score_is_a_code_of_its_model_and_version_with_a_value():
    clause = codes("qcovid 4", has_value=True, latest_value=Range(0.5))

    assert holds(clause, on("2026-01-01", "qcovid 4", 0.5))
    assert not holds(clause, on("2026-01-01", "qcovid 4", 0.5, code="qcovid 3"))


def test_every_clause_of_an_alternative_must_hold_and_any_alternative_is_enough():
    both = rules(Clause(Selection(("asthma",))), Clause(Selection(("steroid",))))
    either = rules(alternatives=[(codes("asthma"),), (codes("steroid"),)])
    asthma, steroid = on("2010-01-01", "asthma"), on("2010-01-01", "steroid")

    assert not judge(both, a_person(), [asthma], AS_OF).groups
    assert judge(both, a_person(), [asthma, steroid], AS_OF).groups
    assert judge(either, a_person(), [steroid], AS_OF).groups
