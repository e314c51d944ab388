"""The same submission, however often and however many at once, is one response with its alerts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from django.db import connections

from openprotect.accounts.actions import acting_as, sign_in_with_key
from openprotect.alerts.models import Alert
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Channel, Conflict, Response
from openprotect.pathway.following import follow_waiting
from tests import given
from tests.database import WORKER_KEY
from tests.faults.sweep import CALM
from tests.given import NOON
from tests.sizes import size

THREADS = 8
SUBMITTED = size(30, 200)
COUGH = CALM | {"cough": "yes"}


def at_once(rounds):
    """Do each round's acts at the same instant, on connections of their own; what each gave."""
    barrier = Barrier(THREADS)
    token = sign_in_with_key("worker", WORKER_KEY)

    def hand(number):
        try:
            with acting_as(token):
                return [_together(barrier, acts[number::THREADS]) for acts in rounds]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as hands:
        return [each for results in hands.map(hand, range(THREADS)) for each in results]


def _together(barrier, acts):
    barrier.wait(timeout=60)
    return [act() for act in acts]


def submission(checkin, number, answers):
    return lambda: (
        checkins.submit(checkin, number, channel=Channel.WEB, at=NOON, answers=answers).outcome
    )


def rounds_of(ids, times):
    return [[submission(given.checkin(), number, COUGH)] * times for number in map(_id, range(ids))]


def _id(_):
    return uuid4()


def test_20_simultaneous_submissions_of_one_are_one_response(worker_committing, say):
    outcomes = [one for each in at_once(rounds_of(SUBMITTED, 20)) for one in each]
    follow_waiting(at=NOON, limit=1000)

    say(f"submissions {len(outcomes)}, duplicates {Response.objects.count() - SUBMITTED}")
    assert (outcomes.count("stored"), outcomes.count("same")) == (SUBMITTED, 19 * SUBMITTED)
    assert Response.objects.count() == SUBMITTED
    assert sorted(Alert.objects.values_list("rule", flat=True)) == ["cough"] * SUBMITTED


def test_other_answers_sent_at_the_same_time_are_refused_and_kept_once(worker_committing):
    checkin, number = given.checkin(), uuid4()
    both = [submission(checkin, number, answers) for answers in (CALM, COUGH)] * 8

    outcomes = [one for each in at_once([both]) for one in each]

    assert outcomes.count("stored") == 1
    assert outcomes.count("same") == 7
    assert outcomes.count("conflict") == 8
    assert Conflict.objects.count() == 1


def test_a_replay_after_the_end_changes_nothing(worker):
    checkin, number = given.checkin(), uuid4()
    first = checkins.submit(checkin, number, channel=Channel.WEB, at=NOON, answers=CALM)

    again = checkins.submit(
        checkin, number, channel=Channel.WEB, at=checkin.closes_at, answers=CALM
    )

    assert (again.outcome, again.response) == ("same", first.response)
