"""What is decided in SQL for all rows at once is what the plain rules say of each."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openprotect.records.rules.values import Outcome, Person
from tests.records import slow_matching
from tests.records.rows import ANN, decided, incoming, outcomes, renewed, rows_of
from tests.sizes import size

NUMBERS = ["4505577104", "4010232137", "9990000018", "9990000026"]
DAYS = [date(1950, 4, 3), date(1951, 4, 3)]
INSTANTS = ["", "2026-01-01T00:00:00Z", "2025-06-01", "2026-01-01T02:30:00+01:00", "lately"]

people = st.builds(
    Person,
    nhs_number=st.sampled_from(NUMBERS),
    given=st.sampled_from(["Ann", "ann", "Zoë"]),
    family=st.sampled_from(["Ames", "AMES", "O'Brien"]),
    birth_date=st.sampled_from(DAYS),
    birth_precision=st.sampled_from(["day", "year"]),
    mobile=st.sampled_from(["", "+447700900001", "+447700900002"]),
    postcode=st.sampled_from(["NR1 1AA", ""]),
    practice_code=st.sampled_from(["D82001", "D82002"]),
    registered_on=st.sampled_from([None, date(2020, 1, 1), date(2021, 1, 1)]),
    deceased=st.booleans(),
    restricted=st.booleans(),
    opted_out=st.sampled_from([None, True, False]),
    care_home=st.sampled_from([None, True]),
    lsoa=st.sampled_from(["", "E01000001"]),
    updated_at=st.sampled_from(INSTANTS),
    source=st.sampled_from(["gp", "list"]),
    subject=st.sampled_from(["", "a"]),
)
judged = st.sampled_from(
    [
        *[(None, "")] * 6,
        (Outcome.HELD, "birth-date-filler"),
        (Outcome.HELD, "death-before-birth"),
        (Outcome.REJECTED, "sex"),
    ]
)
readings = st.lists(st.tuples(people, judged), max_size=8)


@settings(max_examples=size(40, 400), deadline=None)
@given(readings, st.lists(people, max_size=3, unique_by=lambda person: person.nhs_number))
def test_sql_and_the_plain_rules_agree(readings, known):
    rows = rows_of(readings)
    by_number = {person.nhs_number: person for person in known}
    alike = {}
    for person in known:
        like = slow_matching.likeness(person)
        alike[like] = alike.get(like, frozenset()) | {person.nhs_number}

    sql = decided(incoming(rows), known)
    slow = slow_matching.decide(rows, by_number, alike)

    assert outcomes(sql) == sorted(
        (each.row.position.row, str(each.outcome), each.reason) for each in slow.rows
    )
    new = {**slow.deaths, **slow.taken}
    assert renewed(sql) == {
        number: person for number, person in new.items() if person != by_number.get(number)
    }


def one(person, known=(), superseded=(), **more):
    sql = decided(incoming(rows_of([(person, (None, ""))]), **more), known, superseded)
    return outcomes(sql)[0][1:], renewed(sql)


def test_what_an_authority_does_not_give_stays_as_it_was_held():
    held = replace(ANN, mobile="+447700900001", practice_code="D82001", sex="female")

    outcome, people = one(replace(ANN, family="Amis"), [held], partial=True)

    assert outcome == ("changed", "")
    assert people == {ANN.nhs_number: replace(held, family="Amis")}


def test_what_a_sender_leaves_empty_is_empty():
    held = replace(ANN, mobile="+447700900001")

    assert one(ANN, [held])[1] == {ANN.nhs_number: ANN}


@pytest.mark.parametrize(
    "known",
    [
        replace(ANN, birth_date=date(1951, 1, 1)),
        replace(ANN, restricted=True),
        replace(ANN, updated_at="2026-01-01", family="Amis"),
        replace(ANN, nhs_number="4010232137"),
    ],
)
def test_a_row_that_somebody_released_is_taken(known):
    person = replace(ANN, updated_at="2025-01-01")
    assert one(person, [known])[0][0] in ("held", "rejected")

    outcome, people = one(person, [known], released=True)

    assert outcome[0] in ("added", "changed")
    assert people == {ANN.nhs_number: person}


def test_a_person_known_under_a_number_of_their_own_is_held_under_another():
    known = replace(ANN, nhs_number="4010232137")

    assert one(ANN, [known])[0] == ("held", "other-number-same-person")
    assert one(ANN, [known], [("4010232137", ANN.nhs_number)])[0] == ("added", "")


def test_events_follow_how_their_persons_row_ended():
    rows = rows_of([(replace(ANN, birth_date=None), (None, "")), (ANN, (None, ""))])

    sql = decided(incoming(rows))

    assert Counter(outcome for _, outcome, _ in outcomes(sql)) == {"held": 2}
    assert sql.sql("SELECT number, ending FROM ended").fetchall() == [(ANN.nhs_number, "held")]


def test_a_copy_of_a_held_row_does_not_let_its_events_in():
    known = replace(ANN, birth_date=date(1951, 1, 1))

    sql = decided(incoming(rows_of([(ANN, (None, "")), (ANN, (None, ""))])), [known])

    assert [each[1] for each in outcomes(sql)] == ["held", "duplicate"]
    assert sql.sql("SELECT ending FROM ended").fetchall() == [("held",)]
