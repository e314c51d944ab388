"""A call that a supervisor gives to somebody by name: theirs first, and never for good."""

from datetime import timedelta

import pytest

from openprotect.accounts.actions.staffing import NotOnThisFloor
from openprotect.calls.actions import assign
from openprotect.calls.actions.assigning import KEPT_FOR, NotWaiting
from openprotect.calls.models import Call
from openprotect.events.models import Event
from tests import given
from tests.calls.pressing import a_supervisor, claimed
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_given_call_is_offered_to_nobody_else_until_its_time_is_over(worker):
    call = given.call(due_at=NOON - DAY)
    theirs, other = given.user("CALLER"), given.user("CALLER")
    given_to(call, theirs)

    assert claimed(other) is None
    assert claimed(other, later=KEPT_FOR + timedelta(minutes=1)) == call


def given_to(call, who):
    with given.acting(a_supervisor()) as viewer:
        return assign(call, who, by=viewer, at=viewer.at)


def test_who_was_given_a_call_gets_it_first(worker):
    before = given.call(due_at=NOON - 2 * DAY)
    call = given.call(due_at=NOON - DAY)
    theirs = given.user("CALLER")
    given_to(call, theirs)

    assert claimed(theirs) == call
    assert claimed(given.user("CALLER")) == before


def test_given_twice_it_is_said_once_and_taken_back_it_is_free(worker):
    call = given.call(due_at=NOON - DAY)
    theirs = given.user("CALLER")

    for who in (theirs, theirs, None):
        given_to(call, who)

    assert Event.objects.filter(name="call.assigned").count() == 2
    assert claimed(given.user("CALLER")) == call


def test_a_call_that_rings_cannot_be_given_to_another(worker):
    call = given.call(due_at=NOON - DAY)
    claimed(given.user("CALLER"))

    with pytest.raises(NotWaiting):
        given_to(call, given.user("CALLER"))


def test_a_call_is_given_to_who_rings_for_this_programme_alone(worker):
    call = given.call(due_at=NOON - DAY)

    with pytest.raises(NotOnThisFloor):
        given_to(call, given.user("PRACTICE"))


@pytest.mark.parametrize("role", ["PRACTICE", "SURVEILLANCE", "PARTNER"])
def test_others_give_calls_to_nobody(worker, role):
    call = given.call(due_at=NOON - DAY)

    with given.acting(given.user(role)) as viewer, pytest.raises(Call.DoesNotExist):
        assign(call, None, by=viewer, at=viewer.at)
