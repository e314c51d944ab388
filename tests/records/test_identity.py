import uuid
from datetime import date

import pytest

from openprotect.base import nhs_number
from openprotect.records.rules import phones
from openprotect.records.rules.identity import Practice, give
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Person

PRACTICES = [Practice("D82001", "NR25 6QA"), Practice("D82002", "NR30 1BU")]
PEOPLE = [
    Person(
        "", given="Ann", family="Ames", birth_date=date(1950, 4, 3), subject=str(uuid.UUID(int=at))
    )
    for at in range(400)
]


def test_a_history_is_the_same_person_each_time():
    assert give(PEOPLE[0], PRACTICES) == give(PEOPLE[0], PRACTICES)


def test_a_new_practice_moves_only_those_it_attracts():
    before = {give(each, PRACTICES).practice_code for each in PEOPLE}
    more = [*PRACTICES, Practice("D82003", "IP22 4WG")]

    moved = [give(each, more).practice_code for each in PEOPLE]

    assert before == {"D82001", "D82002"}
    assert all(
        now in (give(each, PRACTICES).practice_code, "D82003")
        for each, now in zip(PEOPLE, moved, strict=True)
    )


def test_numbers_are_of_ranges_that_reach_nobody():
    for person in (give(each, PRACTICES) for each in PEOPLE):
        assert nhs_number.parse(person.nhs_number, synthetic=True).startswith("999")
        with pytest.raises(nhs_number.NotAnNhsNumber):
            nhs_number.parse(person.nhs_number)
        number, _ = phones.read(person.mobile or person.phone)
        assert number.startswith(("+447700900", "+441632960"))


def test_some_can_only_be_rung():
    rung = [each for each in (give(person, PRACTICES) for person in PEOPLE) if not each.mobile]

    assert 15 < len(rung) < 60
    assert all(each.phone for each in rung)


def test_names_births_and_places_stay_plausible():
    person = give(PEOPLE[0], PRACTICES)

    assert (person.given, person.birth_date) == ("Ann", date(1950, 4, 3))
    assert person.address.endswith(("Holt", "Great Yarmouth"))


@pytest.mark.parametrize("number", ["+1 555 929 9025", "07000000000", "118 118", "٠٧٧٠٠٩٠٠١٢٣"])
def test_a_number_nobody_here_can_be_reached_on_is_refused(number):
    with pytest.raises(RowFault):
        phones.read(number)
