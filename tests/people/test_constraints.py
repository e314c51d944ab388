"""What the database refuses of people and their registrations, and who sees whom."""

from datetime import date

import pytest

from openprotect.people.models import Person, Registration
from openprotect.people.queries import only, practices_in_reach, visible_to
from tests import given
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["123", "999123456", "999123456X", ""])
def test_an_nhs_number_is_ten_digits(worker, number):
    with the_database_refuses("person_nhs_number_is_ten_digits"):
        given.person(nhs_number=number)


def test_who_came_with_another_number_came_with_another_number(worker):
    known = given.enrolment().person

    for number in ("123", known.nhs_number):
        with the_database_refuses("person_came_as_another_number"):
            Person.objects.filter(pk=known.pk).update(came_as=number)


@pytest.mark.parametrize("mobile", ["07700900001", "+4477009000", "+33612345678", "44 7700"])
def test_a_mobile_number_is_international(worker, mobile):
    with the_database_refuses("person_mobile_is_international"):
        given.person(mobile=mobile)


def test_a_person_without_a_mobile_number_is_let_in(worker):
    assert given.person(mobile="").pk


def test_two_people_cannot_have_one_nhs_number(worker):
    known = given.person()

    with the_database_refuses("nhs_number"):
        given.person(nhs_number=known.nhs_number)


def test_nobody_is_registered_with_two_practices_at_a_time(worker):
    person = given.person()

    with the_database_refuses("registered_with_one_practice_at_a_time"):
        Registration.objects.create(
            person=person, practice=given.practice("ELS"), from_on=date(2021, 1, 1)
        )


def test_a_registration_ends_after_it_starts(worker):
    with the_database_refuses("registration_ends_after_it_starts"):
        Registration.objects.create(
            person=given.person(),
            practice=given.area().practice,
            from_on=date(2021, 1, 2),
            to_on=date(2021, 1, 1),
        )


@pytest.mark.parametrize(
    ("trait", "contacted", "texted"),
    [
        ({}, True, True),
        ({"mobile": ""}, True, False),
        ({"died_on": date(2026, 1, 1)}, False, False),
        ({"is_restricted": True}, False, False),
        ({"has_stopped_contact": True}, False, False),
    ],
    ids=["anyone", "no mobile", "died", "restricted", "stopped"],
)
def test_who_may_be_contacted_and_who_texted(trait, contacted, texted):
    person = Person(**({"mobile": "+447700900001"} | trait))

    assert (person.may_be_contacted, person.may_be_texted) == (contacted, texted)


def everyone():
    """One person here, and one of another locality."""
    here = given.enrolment().person
    far = given.practice("FAR", locality=given.locality("LO2"))
    return here, given.enrolment(of=given.person(at=far)).person


@pytest.mark.parametrize(
    ("role", "where", "sees"),
    [
        ("PRACTICE", "practice", 1),
        ("LOCALITY", "locality", 1),
        ("SURVEILLANCE", "system", 2),
        ("CALLER", "system", 0),
        ("LEAD", "system", 0),
        ("GOVERNANCE", "system", 0),
        ("PARTNER", "council", 0),
    ],
)
def test_a_role_sees_the_people_of_its_area_and_no_others(worker, role, where, sees):
    everyone()
    someone = given.user(role, getattr(given.area(), where))

    with given.acting(someone) as viewer:
        by_page, by_database = visible_to(viewer).count(), Person.objects.count()

    assert (by_page, by_database) == (sees, sees)


def test_a_practice_reaches_itself_alone(worker):
    given.practice("ELS")
    here = given.area().practice

    with given.acting(given.user("PRACTICE", here)) as viewer:
        assert practices_in_reach(viewer) == [here.pk]


def test_asked_for_by_id_the_database_still_decides(worker):
    here, far = everyone()

    with given.acting(given.user("PRACTICE", given.area().practice)):
        assert [each.pk for each in only([here.pk, far.pk])] == [here.pk]


def test_before_the_practices_review_only_the_practice_sees_them(worker):
    given.enrolment(active=False)

    with given.acting(given.user("LOCALITY", given.area().locality)):
        assert not Person.objects.exists()
    with given.acting(given.user("PRACTICE", given.area().practice)):
        assert Person.objects.exists()


def test_staff_add_nobody(worker):
    with given.acting(given.user("PRACTICE")), row_security_refuses():
        given.person(at=given.area().practice)
