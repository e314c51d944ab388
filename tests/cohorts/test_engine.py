from datetime import date

import pytest

from openprotect.cohorts.rules import Ages, Clause, Days, Ender, Range, Selection, Span, Tie
from tests.cohorts.conftest import ANN, a_person, on, rules

DM = Clause(Selection(("dm",)), ended_by=(Ender(Selection(("dmres",)), Tie.ENDS),))


def is_found(findings):
    return [each.nhs_number for each in findings.found] == [ANN]


def test_a_code_ever_is_found_with_its_latest_evidence(find):
    findings = find(
        rules(Clause(Selection(("dm",)))), [on("1999-01-01", "dm"), on("2010-05-05", "dm")]
    )

    (evidence,) = findings.found[0].evidence
    assert (evidence.on, evidence.term, evidence.source) == (date(2010, 5, 5), "dm", "gp")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([on("2010-01-01", "dm")], True),
        ([on("2010-01-01", "dm"), on("2010-01-02", "dmres")], False),
        ([on("2010-01-01", "dm"), on("2010-01-01", "dmres")], False),
        ([on("2010-01-02", "dm"), on("2010-01-01", "dmres")], True),
        ([on("2010-01-01", "dmres")], False),
    ],
)
def test_a_resolved_code_ends_it_also_on_the_same_day(find, events, expected):
    assert is_found(find(rules(DM), events)) is expected


def test_a_tie_that_stands_does_not_end_it(find):
    stands = Clause(Selection(("dm",)), ended_by=(Ender(Selection(("dmres",)), Tie.STANDS),))

    assert is_found(find(rules(stands), [on("2010-01-01", "dm"), on("2010-01-01", "dmres")]))


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-05-20", True), ("2026-05-19", False), ("2026-11-20", True), ("2026-11-21", False)],
)
def test_a_window_holds_its_first_day_and_the_day_asked_about(find, day, expected):
    clause = Clause(Selection(("steroid",), days=Days(within=Span(months=6))))

    assert is_found(find(rules(clause), [on(day, "steroid")])) is expected


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-10-20", True), ("2026-10-21", False), ("2026-09-18", False)]
)
def test_a_window_may_end_before_the_day_asked_about(find, day, expected):
    clause = Clause(Selection(("steroid",), days=Days(within=Span(days=62), until=Span(days=31))))

    assert is_found(find(rules(clause), [on(day, "steroid")])) is expected


def test_events_are_counted_each_or_by_day(find):
    twice = [on("2026-10-01", "steroid", source_id="1"), on("2026-10-01", "steroid", source_id="2")]
    select = Selection(("steroid",), days=Days(within=Span(months=3)))

    assert is_found(find(rules(Clause(select, at_least=2)), twice))
    assert not is_found(find(rules(Clause(select, at_least=2, on_different_days=True)), twice))


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
    ],
)
def test_the_latest_believable_value_counts(find, values, expected):
    plausible = Range(4, 200, low_is_open=True, high_is_open=True)
    select = Selection(("bmi",), plausible=plausible, has_value=True)
    clause = Clause(select, latest_value=Range(40))

    found = find(rules(clause), [on(day, "bmi", value) for day, value in values])

    assert is_found(found) is expected


def test_all_clauses_of_an_alternative_must_hold(find):
    both = rules(Clause(Selection(("asthma",))), Clause(Selection(("steroid",))))

    assert not is_found(find(both, [on("2010-01-01", "asthma")]))
    assert is_found(find(both, [on("2010-01-01", "asthma"), on("2010-01-01", "steroid")]))


def test_any_alternative_is_enough(find):
    either = rules(
        alternatives=[(Clause(Selection(("asthma",))),), (Clause(Selection(("steroid",))),)]
    )

    assert is_found(find(either, [on("2010-01-01", "steroid")]))


def test_an_age_alone_is_evidence_of_the_birthday(find):
    seventy = rules(Clause(ages=Ages(70)))

    (evidence,) = find(seventy, []).found[0].evidence

    assert (evidence.term, evidence.on) == ("aged 70 or over", date(2020, 4, 3))


@pytest.mark.parametrize(
    ("born", "as_of", "expected"),
    [
        (date(2010, 11, 20), date(2026, 11, 20), True),
        (date(2010, 11, 21), date(2026, 11, 20), False),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (date(1905, 11, 20), date(2026, 11, 20), False),
        (date(1905, 11, 21), date(2026, 11, 20), True),
    ],
)
def test_people_are_asked_about_from_their_birthday(find, born, as_of, expected):
    ages = Ages(18, 120) if born.month == 2 else Ages(16, 120)
    asked = rules(Clause(Selection(("dm",))), ages=ages)

    found = find(asked, [on("2020-01-01", "dm")], people=[a_person(birth_date=born)], as_of=as_of)

    assert is_found(found) is expected


def test_a_category_of_icd_10_holds_its_parts(find):
    clause = Clause(Selection(("cancer",)))

    assert is_found(find(rules(clause), [on("2020-01-01", "cancer", code="C819")]))
    assert not is_found(find(rules(clause), [on("2020-01-01", "cancer", code="C829")]))


def test_the_same_figures_in_another_system_are_another_code(find):
    clause = Clause(Selection(("dm",)))

    assert not is_found(find(rules(clause), [on("2020-01-01", "dm", system="rxnorm")]))
    assert is_found(find(rules(clause), [on("2020-01-01", "dm", system="dmd")]))


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"deceased": True}, "deceased"),
        ({"deceased_on": date(2026, 11, 20), "deceased": True}, "deceased"),
        ({"practice_code": ""}, "not registered with a practice"),
        ({"registered_on": date(2026, 11, 21)}, "not registered with a practice"),
        ({"birth_date": date(2015, 1, 1)}, "outside the ages"),
    ],
)
def test_who_is_not_asked_about_is_counted_with_the_reason(find, details, reason):
    asked = rules(Clause(Selection(("dm",))))

    findings = find(asked, [on("2010-01-01", "dm")], people=[a_person(**details)])

    assert findings.excluded == {reason: 1}
    assert findings.found == ()


def test_somebody_who_died_later_was_alive_then(find):
    died = a_person(deceased=True, deceased_on=date(2026, 11, 21))

    assert is_found(
        find(rules(Clause(Selection(("dm",)))), [on("2010-01-01", "dm")], people=[died])
    )


def test_the_same_people_give_the_same_digest(find):
    asked, events = rules(DM), [on("2010-01-01", "dm")]

    assert find(asked, events).digest == find(asked, events).digest
    assert find(asked, events).digest != find(asked, [on("2010-01-02", "dm")]).digest
