"""An NHS number is replaced by another one: the person stays one person, in every programme."""

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.enrolments.actions import enrol_found
from openprotect.enrolments.actions.numbers import follow_numbers
from openprotect.enrolments.models import Enrolment
from openprotect.enrolments.rules import TWICE_HERE
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.people.models import Person
from tests import given
from tests.enrolments.finding import WHY, details
from tests.given import NOON

pytestmark = pytest.mark.django_db
NEW, NEWER = synthetic_number("replaced once"), synthetic_number("replaced twice")


def found_again(number):
    """The rules find somebody under this number."""
    enrol_found(
        given.programme(), [(details(nhs_number=number), given.area().practice, [WHY])], at=NOON
    )


def test_found_under_the_new_number_somebody_is_not_enrolled_twice(worker):
    here = given.enrolment().person
    old = here.nhs_number

    follow_numbers({old: NEW}, at=NOON)
    found_again(NEW)

    person = Person.objects.get()
    assert (person.pk, person.nhs_number, person.came_as) == (here.pk, NEW, old)
    assert Enrolment.objects.get().status == Enrolment.Status.ACTIVE


def test_followed_twice_or_along_a_chain_the_number_they_came_with_is_kept(worker):
    old = given.enrolment().person.nhs_number

    follow_numbers({old: NEW}, at=NOON)
    follow_numbers({old: NEW}, at=NOON)
    follow_numbers({old: NEWER, NEW: NEWER}, at=NOON)

    person = Person.objects.get()
    assert (person.nhs_number, person.came_as) == (NEWER, old)
    assert Event.objects.filter(name="person.renumbered", person_id=person.pk).count() == 2
    assert Access.objects.filter(person_id=person.pk, what="people.follow_number").count() == 2


def test_taken_back_they_are_under_the_number_they_came_with(worker):
    old = given.enrolment().person.nhs_number
    follow_numbers({old: NEW}, at=NOON)

    follow_numbers({}, at=NOON)

    person = Person.objects.get()
    assert (person.nhs_number, person.came_as) == (old, "")


def test_of_two_who_turn_out_to_be_one_the_replaced_number_leaves(worker):
    old, other = given.enrolment().person, given.enrolment().person

    follow_numbers({old.nhs_number: other.nhs_number}, at=NOON)

    left = Enrolment.objects.get(person=old)
    assert (left.status, left.left_because) == (Enrolment.Status.LEFT, TWICE_HERE)
    assert Enrolment.objects.get(person=other).status == Enrolment.Status.ACTIVE
    assert Event.objects.filter(name="enrolment.left", person_id=old.pk).exists()


@pytest.mark.parametrize("has_stopped", [True, False])
def test_asked_for_under_either_number_no_more_contact_holds(worker, has_stopped):
    stopped = given.person(has_stopped_contact=has_stopped)
    given.enrolment(of=stopped)
    other = given.enrolment().person

    follow_numbers({stopped.nhs_number: other.nhs_number}, at=NOON)

    other.refresh_from_db()
    assert other.has_stopped_contact == has_stopped


def test_two_again_and_found_again_whoever_left_is_reviewed_anew(worker):
    old, other = given.enrolment().person, given.enrolment().person
    follow_numbers({old.nhs_number: other.nhs_number}, at=NOON)

    follow_numbers({}, at=NOON)
    found_again(old.nhs_number)

    assert Enrolment.objects.get(person=old).status == Enrolment.Status.PREVIEW
    assert Enrolment.objects.get(person=other).status == Enrolment.Status.ACTIVE


def test_nobody_else_is_touched(worker):
    given.enrolment()
    before = list(Person.objects.values())

    follow_numbers({NEW: NEWER}, at=NOON)

    assert list(Person.objects.values()) == before
