from dataclasses import replace
from datetime import date

import pytest

from openprotect.records.rules import dates, measures, people, phones, text
from openprotect.records.rules.reasons import RowFault, in_words
from openprotect.records.rules.values import Kind, Outcome, Person, Position, Row
from tests.records.slow_matching import decide, likeness

TODAY = date(2026, 11, 20)
ANN = Person(
    "4505577104", given="Ann", family="Ames", birth_date=date(1950, 4, 3), practice_code="D82001"
)


def rows(*persons):
    return [Row(Kind.PEOPLE, Position("p", at), person=each) for at, each in enumerate(persons)]


def outcomes(persons, known=(), alike=None):
    decided = decide(rows(*persons), {each.nhs_number: each for each in known}, alike or {})
    return [(str(each.outcome), each.reason) for each in decided.rows]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, ("unchanged", "")),
        ({"family": "Amis"}, ("changed", "")),
        ({"updated_at": "2026-01-01T00:00:00Z"}, ("unchanged", "")),
        ({"birth_date": date(1951, 4, 3)}, ("held", "birth-date-changed")),
    ],
)
def test_a_row_is_held_against_what_is_known(change, outcome):
    assert outcomes([replace(ANN, **change)], known=[ANN]) == [outcome]


def test_a_fuller_birth_date_may_replace_a_year():
    partial = replace(ANN, birth_date=date(1950, 1, 1), birth_precision="year")

    assert outcomes([ANN], known=[partial]) == [("changed", "")]


def test_two_rows_of_one_person_that_differ_are_both_held():
    assert outcomes([ANN, replace(ANN, family="Amis")]) == [("held", "same-number-differs")] * 2


def test_a_likeness_of_the_same_number_is_nobody_else():
    alike = {likeness(ANN): frozenset({ANN.nhs_number})}

    assert outcomes([ANN], known=[ANN], alike=alike) == [("unchanged", "")]


def test_a_held_row_that_tells_of_a_death_makes_the_person_dead():
    dead = replace(ANN, deceased=True, birth_date=date(1951, 1, 1))

    decided = decide(rows(dead), {ANN.nhs_number: ANN}, {})

    assert decided.deaths == {ANN.nhs_number: replace(ANN, deceased=True)}
    assert decided.rows[0].outcome is Outcome.HELD


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (ANN, None),
        (replace(ANN, family=""), "name-missing"),
        (replace(ANN, birth_date=None), "birth-date-missing"),
        (replace(ANN, birth_date=date(1900, 1, 1)), "birth-date-filler"),
        (replace(ANN, birth_date=date(1905, 11, 20)), "age-over-120"),
        (replace(ANN, birth_date=date(1906, 11, 20)), None),
        (replace(ANN, deceased_on=date(1950, 4, 2)), "death-before-birth"),
        (replace(ANN, deceased_on=date(1950, 4, 3)), None),
    ],
)
def test_a_row_is_judged_as_a_whole(person, reason):
    fault = people.fault_of(person, TODAY)

    assert (fault and fault.reason) == reason


@pytest.mark.parametrize(
    ("read", "written", "reason"),
    [
        (people.sex, "x", "sex"),
        (people.yes, "perhaps", "yes-no"),
        (people.practice, "D-8", "practice-code"),
        (people.postcode, "NOWHERE", "postcode"),
        (phones.read, "07abc", "phone"),
        (phones.read, "+", "phone"),
        (phones.read, "0800 111 111 111", "phone"),
        (dates.partial, "lately", "date-unreadable"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_refused(read, written, reason):
    with pytest.raises(RowFault) as refused:
        read(written)

    assert refused.value.reason == reason


def test_a_number_outside_the_allocated_range_is_refused():
    with pytest.raises(RowFault) as refused:
        people.number("3200000015", synthetic=True)

    assert refused.value.reason == "nhs-number-range"


def test_nothing_given_is_no_number_and_no_postcode():
    assert (phones.read(" "), people.postcode(" "), text.email("")) == (None, "", "")


@pytest.mark.parametrize(
    ("value", "unit", "reason"),
    [(201, "kg/m2", "value-implausible"), (30, "lb", "unit")],
)
def test_a_measurement_that_cannot_be_is_held(value, unit, reason):
    with pytest.raises(RowFault) as refused:
        measures.check("60621009", value, unit)

    assert (refused.value.reason, refused.value.held) == (reason, True)


@pytest.mark.parametrize(
    ("code", "value", "unit"), [("60621009", 200, "kg/m2"), ("60621009", None, ""), ("1", -1, "")]
)
def test_only_known_measurements_are_bounded(code, value, unit):
    measures.check(code, value, unit)


def test_every_reason_has_words():
    assert in_words("phone").startswith("a phone number")
