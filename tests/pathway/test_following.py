"""What follows an event: each step once, a failing one alone and again, none ever forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from openprotect.calls.models import Call
from openprotect.events.actions import record
from openprotect.events.models import Done, Event
from openprotect.messages.models import Message
from openprotect.pathway.following import LONGEST_WAIT, follow, follow_waiting
from openprotect.pathway.table import PATHWAY
from tests import given
from tests.given import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)

AFTER_CLOSING = ["ask_whether_it_helped", "tell_the_person", "write_to_the_practice"]


def closed(alert_id=None):
    """An alert was closed, or so it is said: told of one that is not there, the step fails."""
    return record("alert.closed", alert_id or uuid4(), at=NOON)


def done():
    return sorted(Done.objects.values_list("step", flat=True))


def test_what_follows_is_done_and_noted(worker):
    event = closed(given.alert().pk)

    assert follow(event.pk, at=NOON)

    event.refresh_from_db()
    assert (event.followed_up_at, done()) == (
        NOON,
        AFTER_CLOSING,
    )
    assert Message.objects.count() == 1


def test_followed_again_nothing_is_done_twice(worker):
    event = closed(given.alert().pk)

    for _ in range(3):
        follow(event.pk, at=NOON)

    assert (Message.objects.count(), Done.objects.count()) == (1, 3)


def test_where_nothing_follows_the_event_is_ticked_off(worker):
    event = record("call.claimed", uuid4(), at=NOON)

    assert follow(event.pk, at=NOON)
    assert Event.objects.get().followed_up_at == NOON


def test_an_event_that_is_not_there_is_nothing_to_do(worker):
    assert follow(10**9, at=NOON)


def test_a_step_that_fails_is_undone_and_waits(worker):
    event = closed()

    assert not follow(event.pk, at=NOON)

    event.refresh_from_db()
    assert (event.followed_up_at, event.attempts) == (None, 1)
    assert event.problem == "tell_the_person: DoesNotExist"
    assert not Done.objects.exists()


def test_the_problem_names_the_step_and_the_fault_and_nobody(worker):
    event = closed()
    follow(event.pk, at=NOON)

    event.refresh_from_db()
    assert str(event.subject_id) not in event.problem


def test_tries_are_further_and_further_apart_up_to_a_quarter_of_an_hour(worker):
    event, at, waits = closed(), NOON, []
    for _ in range(12):
        follow(event.pk, at=at)
        event.refresh_from_db()
        waits.append(event.try_at - at)
        at = event.try_at

    assert waits[:3] == [5 * SECOND, 10 * SECOND, 20 * SECOND]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


def test_it_is_not_tried_before_its_time(worker):
    closed()

    assert follow_waiting(at=NOON) == 0
    assert Event.objects.get().attempts == 1
    follow_waiting(at=NOON + 4 * SECOND)
    assert Event.objects.get().attempts == 1
    follow_waiting(at=NOON + 5 * SECOND)
    assert Event.objects.get().attempts == 2


def test_once_what_was_wrong_is_put_right_it_is_done_once(worker):
    alert_id = uuid4()
    event = closed(alert_id)
    follow(event.pk, at=NOON)
    given.alert(id=alert_id)

    for minutes in (1, 2):
        follow_waiting(at=NOON + timedelta(minutes=minutes))

    event.refresh_from_db()
    assert (event.problem, event.attempts) == ("", 1)
    assert (Message.objects.count(), done()) == (
        1,
        AFTER_CLOSING,
    )


def test_a_step_that_fails_does_not_hinder_the_other(worker):
    call = given.call()
    event = record(
        "response.given", uuid4(), at=NOON, person_id=call.person_id, programme_id=call.programme_id
    )

    assert not follow(event.pk, at=NOON)

    call.refresh_from_db()
    assert call.status == Call.Status.CANCELLED
    assert done() == ["cancel_a_waiting_call", "end_the_ladder"]


def test_tried_again_only_the_step_that_failed_is_done(worker):
    call = given.call()
    response = given.response()
    event = record(
        "response.given", uuid4(), at=NOON, person_id=call.person_id, programme_id=call.programme_id
    )
    follow(event.pk, at=NOON)
    Event.objects.filter(pk=event.pk).update(subject_id=response.pk)
    later = given.call(of=call.checkin)

    follow(event.pk, at=NOON)

    later.refresh_from_db()
    assert later.status == Call.Status.WAITING
    assert done() == ["cancel_a_waiting_call", "end_the_ladder", "evaluate_the_response"]


def test_an_event_that_fails_does_not_hold_back_the_next(worker):
    closed()
    second = closed(given.alert().pk)

    assert follow_waiting(at=NOON) == 1

    second.refresh_from_db()
    assert second.followed_up_at == NOON


def test_an_event_that_this_version_does_not_know_waits_and_hinders_nobody(worker):
    unknown = record("person.abducted", uuid4(), at=NOON)
    second = closed(given.alert().pk)

    assert follow_waiting(at=NOON) == 1

    unknown.refresh_from_db()
    second.refresh_from_db()
    assert (unknown.followed_up_at, unknown.attempts) == (None, 1)
    assert second.followed_up_at == NOON


def test_if_it_cannot_be_noted_that_a_step_was_done_its_effect_is_undone(worker):
    event = closed(given.alert().pk)

    with connection.execute_wrapper(_no_notes):
        assert not follow(event.pk, at=NOON)

    assert not Message.objects.exists()


def _no_notes(execute, sql, params, many, context):
    if sql.startswith('INSERT INTO "events_done"'):
        sql, params = "SELECT 1 / 0", ()
    return execute(sql, params, many, context)


def test_what_is_undone_around_it_leaves_neither_effect_nor_note(worker):
    event = closed(given.alert().pk)

    with transaction.atomic():
        follow(event.pk, at=NOON)
        transaction.set_rollback(True)

    assert (Message.objects.count(), Done.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_followed_by_four_workers_at_once_each_step_is_done_once(worker_committing):
    event = closed(given.alert().pk)

    outcomes = at_once(*[lambda: follow(event.pk, at=NOON)] * 4)

    assert outcomes == [True] * 4
    assert (Message.objects.count(), done()) == (
        1,
        AFTER_CLOSING,
    )


def test_no_step_is_named_twice_for_an_event():
    twice = {
        name: steps
        for name, steps in PATHWAY.items()
        if len({step.__name__ for step in steps}) != len(steps)
    }

    assert twice == {}
