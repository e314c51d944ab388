"""What the records say of a person, as it comes through the narrow door."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.people.actions import Details, bring_in, is_alive
from openprotect.people.models import Person, Registration
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ADA = Details(
    nhs_number=synthetic_number("ada"),
    given_name="Ada",
    family_name="Canary",
    birth_date=date(1941, 3, 4),
    sex="female",
    mobile="+447700900001",
    landline="01263 555000",
    address="1 Canary Row",
    postcode="NR27 0AA",
)


def brought_in(details=ADA, *, practice=None, at=NOON):
    """Someone whom the records name and whose programme shows them to the worker."""
    person = bring_in(details, practice=practice or given.area().practice, at=at)
    if not person.enrolments.exists():
        given.enrolment(of=person)
    return person


def test_a_new_person_comes_in_with_a_registration(worker):
    person = brought_in()

    assert Person.objects.get().nhs_number == ADA.nhs_number
    registration = Registration.objects.get(person=person)
    assert (registration.practice, registration.from_on) == (given.area().practice, NOON.date())
    assert registration.to_on is None


def test_brought_in_again_it_is_the_same_person(worker):
    assert brought_in().pk == brought_in().pk
    assert Registration.objects.count() == 1


def test_newer_details_take_the_place_of_older_ones(worker):
    brought_in()

    brought_in(replace(ADA, mobile="+447700900002", address="2 New Road"))

    person = Person.objects.get()
    assert (person.mobile, person.address) == ("+447700900002", "2 New Road")


def test_a_death_is_kept(worker):
    brought_in()

    brought_in(replace(ADA, died_on=NOON.date()))

    assert Person.objects.get().died_on == NOON.date()


@pytest.mark.parametrize("later", [None, NOON.date() + DAY], ids=["alive", "another day"])
def test_a_death_is_never_undone(worker, later):
    brought_in(replace(ADA, died_on=NOON.date()))

    brought_in(replace(ADA, died_on=later))

    assert Person.objects.get().died_on == NOON.date()


def test_a_restriction_is_never_lifted_by_an_extract(worker):
    brought_in(replace(ADA, is_restricted=True))

    brought_in(ADA)

    assert Person.objects.get().is_restricted


def test_who_asked_us_to_stop_is_not_contacted_because_an_extract_came(worker):
    person = brought_in()
    Person.objects.filter(pk=person.pk).update(has_stopped_contact=True)

    brought_in()

    assert Person.objects.get().has_stopped_contact


def test_a_move_ends_one_registration_and_begins_the_next_on_its_day(worker):
    brought_in(at=NOON - 5 * DAY)
    elsewhere = given.practice("ELS")

    person = brought_in(practice=elsewhere)

    before, after = Registration.objects.filter(person=person).order_by("from_on")
    assert (before.to_on, after.from_on, after.to_on) == (NOON.date(), NOON.date(), None)
    assert (person.practice, after.practice) == (elsewhere, elsewhere)


def test_moving_twice_within_a_day_still_has_one_practice_at_a_time(worker):
    brought_in()
    brought_in(practice=given.practice("ELS"))
    brought_in(practice=given.area().practice)

    current = Registration.objects.filter(to_on=None)
    assert [each.practice for each in current] == [given.area().practice]
    assert Registration.objects.count() == 3


def test_an_extract_older_than_the_registration_ends_none_before_it_began(worker):
    brought_in()

    brought_in(practice=given.practice("ELS"), at=NOON - 9 * DAY)

    assert Registration.objects.filter(to_on=None).count() == 1


def test_bringing_someone_in_is_noted_as_access(worker):
    person = brought_in()

    assert Access.objects.filter(person_id=person.pk, what="people.bring_in").count() == 1


@pytest.mark.parametrize(
    "news", [{"died_on": NOON.date()}, {"is_restricted": True}], ids=["death", "restriction"]
)
def test_who_may_not_be_contacted_any_more_is_said_once_so_that_plans_are_cancelled(worker, news):
    brought_in()

    for _ in range(2):
        brought_in(replace(ADA, **news))

    assert Event.objects.filter(name="person.contact_stopped").count() == 1


def test_news_that_changes_nothing_about_contact_stops_nothing(worker):
    brought_in()
    brought_in(replace(ADA, mobile=""))

    assert not Event.objects.filter(name="person.contact_stopped").exists()


def test_how_deprived_their_area_is_comes_in_and_is_kept_when_it_is_not_told_again(worker):
    brought_in(replace(ADA, deprivation_fifth=1))

    assert brought_in().deprivation_fifth == 1
    assert brought_in(replace(ADA, deprivation_fifth=4)).deprivation_fifth == 4


def test_a_death_found_to_be_a_mistake_is_not_believed_again_but_another_day_is(worker):
    person = brought_in(replace(ADA, died_on=NOON.date()))

    assert is_alive(person, at=NOON)
    assert brought_in(replace(ADA, died_on=NOON.date())).died_on is None
    assert brought_in(replace(ADA, died_on=NOON.date() + DAY)).died_on == NOON.date() + DAY


def test_whoever_is_not_taken_for_dead_is_not_brought_back(worker):
    assert not is_alive(brought_in(), at=NOON)
    assert not Event.objects.filter(name="person.alive").exists()
