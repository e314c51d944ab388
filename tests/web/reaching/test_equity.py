"""Who is not reached, by deprivation, age and practice: counts, and no small one told."""

from datetime import date

import pytest
from django.db import connection

from openprotect.contacts.actions import reaching
from openprotect.people.models import Person
from openprotect.reports.queries.reach import reached
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
PAGE = "/reaching/equity/"


def some(count, *, missed=0, fifth=0, born=date(1950, 1, 1), at=None):
    """So many people of one kind in the programme, some of them not reached."""
    for turn in range(count):
        person = given.person(birth_date=born, at=at)
        enrolment = given.enrolment(of=person)
        Person.objects.filter(pk=person.pk).update(deprivation_fifth=fifth)
        if turn < missed:
            reaching.open_ladder(enrolment, "NO_ANSWER", at=NOON)


def as_lead(worker, client):
    return given.sign_in(client, given.user("LEAD"))


def table_of(client, title):
    page = " ".join(client.get(PAGE).content.decode().split())
    return page.split(f"<h2>{title}</h2>")[1].split("</table>")[0]


def test_each_fifth_has_its_people_and_those_not_reached(worker, client):
    some(10, missed=5, fifth=1)
    some(20, missed=0, fifth=5)

    table = table_of(as_lead(worker, client), "By deprivation of the area")

    assert 'Most deprived fifth</th><td data-label="In the programme">10</td>' in table
    assert ">50%<" in table
    assert ">0%<" in table


def test_a_small_number_is_told_as_small_and_no_share_of_it(worker, client):
    some(10, missed=3, fifth=2)

    table = table_of(as_lead(worker, client), "By deprivation of the area")

    assert ">1 to 4<" in table
    assert "not told" in table
    assert ">3<" not in table


def test_ages_are_bands_up_to_the_day_before_a_birthday(worker):
    today = NOON.date()
    some(1, born=today.replace(year=today.year - 65))
    some(1, born=date(today.year - 65, 12, 31) if (today.month, today.day) < (12, 31) else today)

    with given.acting(given.user("LEAD")):
        found = reached(given.programme(), on=today)

    assert {each.name for each in found.by_age.lines} >= {"65 to 74"}


def test_nobody_is_named_and_no_single_person_counted_by_name(worker, client):
    some(6, missed=6)

    page = as_lead(worker, client).get(PAGE).content.decode()

    assert "Canary" not in page


@pytest.mark.parametrize("role", ["PRACTICE", "LOCALITY", "CALLER", "PARTNER", "CLINICAL"])
def test_the_database_counts_for_nobody_else(worker, role):
    some(6)
    programme = given.programme()

    with given.acting(given.user(role)), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reach_counts(%s, %s)", [programme.pk, NOON.date()])
        assert cursor.fetchall() == []


def test_a_lead_of_another_purpose_is_told_nothing(worker):
    some(6)
    given.basis("another")
    programme, other = given.programme(), given.user("LEAD", purpose="another")

    with given.acting(other):
        assert reached(programme, on=NOON.date()).by_fifth.is_empty


@pytest.mark.parametrize("role", ["PRACTICE", "CALLER", "PARTNER"])
def test_the_page_is_for_those_who_answer_for_it(worker, client, role):
    given.sign_in(client, given.user(role))

    assert client.get(PAGE).status_code == 403
