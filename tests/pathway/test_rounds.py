"""A round does all that time alone makes due, in an order that carries a person on, and says so."""

from datetime import timedelta

import pytest

from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.messages.models import Message
from openprotect.pathway.models import Heartbeat
from openprotect.pathway.rounds import ALARM_AFTER, ROUND, beat, go_round, is_alarming, quiet_for
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def quiet(length):
    """No round has finished for so long, by the real clock."""
    beat(ROUND)
    heartbeat = Heartbeat.objects.get()
    Heartbeat.objects.update(at=heartbeat.at - length)


def test_one_round_takes_someone_from_the_end_of_the_review_to_a_text(worker):
    given.enrolment(active=False, preview_ends_at=NOON)
    outbox = given.Outbox()

    done = go_round(at=NOON, postbox=outbox)

    assert outbox.posts == 1
    assert {name: done[name] for name in ("activate_due", "plan_due", "open_due", "send_due")} == {
        "activate_due": 1,
        "plan_due": 1,
        "open_due": 1,
        "send_due": 1,
    }


def test_one_round_closes_what_was_missed_before_it_asks_anew(worker):
    enrolment = given.enrolment(active_from=NOON - 9 * DAY)
    for days in (2, 1):
        opens = NOON - days * DAY - timedelta(hours=3)
        status = "MISSED" if days == 2 else "OPEN"
        given.checkin(
            of=enrolment, status=status, due_on=opens.date(), opens_at=opens, closes_at=opens + DAY
        )

    go_round(at=NOON, postbox=given.Outbox())

    states = list(Checkin.objects.order_by("due_on").values_list("status", flat=True))
    assert states == ["MISSED", "MISSED", "OPEN"]
    assert Call.objects.count() == 1


def test_whom_no_text_can_reach_is_rung_in_the_same_round(worker):
    given.enrolment(of=given.person(mobile="", landline="+441632960001"), active_from=NOON)

    go_round(at=NOON, postbox=given.Outbox())

    assert Message.objects.get().channel == Message.Channel.CALL
    assert Call.objects.get().why == Call.Why.BY_PHONE


def test_a_second_round_at_the_same_instant_changes_nothing(worker):
    given.enrolment(active=False, preview_ends_at=NOON)
    outbox = given.Outbox()
    go_round(at=NOON, postbox=outbox)

    done = go_round(at=NOON, postbox=outbox)

    assert outbox.posts == 1
    assert done["follow_waiting"] == done["send_due"] == 0


def test_a_worker_that_was_away_for_days_asks_once_for_today(worker):
    given.enrolment(active_from=NOON - 9 * DAY)
    outbox = given.Outbox()

    go_round(at=NOON, postbox=outbox)

    assert Checkin.objects.count() == outbox.posts == 1


def test_where_no_round_has_ever_finished_the_alarm_is_on(worker):
    assert quiet_for() is None
    assert is_alarming()


def test_a_round_that_finishes_ends_the_alarm(worker):
    go_round(at=NOON, postbox=given.Outbox())

    assert not is_alarming()


@pytest.mark.parametrize(
    ("length", "alarming"),
    [(ALARM_AFTER - timedelta(seconds=30), False), (ALARM_AFTER + SECOND, True)],
)
def test_silence_of_the_worker_sounds_the_alarm(worker, length, alarming):
    quiet(length)

    assert is_alarming() == alarming


def test_the_heart_beats_by_the_real_clock_whatever_the_services_clock_says(worker):
    go_round(at=NOON + 400 * DAY, postbox=given.Outbox())

    assert quiet_for() < timedelta(minutes=1)


def test_staff_see_the_alarm_though_they_see_nobody(worker):
    quiet(ALARM_AFTER + SECOND)

    with given.acting(given.user("LEAD")):
        assert is_alarming()
