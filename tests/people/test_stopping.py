"""Stop means stop: nothing planned is left, nothing new is planned, and open work stays."""

from datetime import timedelta

import pytest

from openprotect.alerts.models import Alert
from openprotect.calls.models import Call
from openprotect.checkins.chores import plan_due
from openprotect.checkins.models import Checkin
from openprotect.events.models import Event
from openprotect.messages.models import Message
from openprotect.pathway.following import follow_waiting
from openprotect.pathway.rounds import go_round
from openprotect.people.actions import stop_contact
from openprotect.people.models import Person
from tests import given
from tests.given import NOON
from tests.racing import at_once

DAY = timedelta(days=1)


def stopped(person, *, at=NOON):
    stop_contact(person, because="asked us to", at=at)
    follow_waiting(at=at)


@pytest.mark.django_db
class TestStopping:
    def test_it_is_kept_and_said_once_however_often(self, worker):
        person = given.enrolment().person

        for _ in range(2):
            stop_contact(person, because="asked us to", at=NOON)

        assert Person.objects.get().has_stopped_contact
        assert Event.objects.filter(name="person.contact_stopped").count() == 1

    @pytest.mark.parametrize("status", ["DUE", "OPEN"])
    def test_check_ins_that_are_planned_or_open_are_cancelled(self, worker, status):
        checkin = given.checkin(status=status)

        stopped(checkin.person)

        checkin.refresh_from_db()
        assert (checkin.status, checkin.ended_because) == ("CANCELLED", "contact stopped")

    @pytest.mark.parametrize("status", ["ANSWERED", "MISSED"])
    def test_what_is_over_stays_as_it_was(self, worker, status):
        checkin = given.checkin(status=status)

        stopped(checkin.person)

        checkin.refresh_from_db()
        assert checkin.status == status

    def test_a_waiting_call_is_cancelled(self, worker):
        call = given.call()

        stopped(call.person)

        call.refresh_from_db()
        assert (call.status, call.outcome) == (Call.Status.CANCELLED, "contact stopped")

    def test_open_alerts_stay_open(self, worker):
        alert = given.alert()

        stopped(alert.person)

        alert.refresh_from_db()
        assert alert.status == Alert.Status.RAISED

    def test_nobody_elses_plans_are_touched(self, worker):
        checkin, other = given.checkin(), given.checkin()

        stopped(checkin.person)

        other.refresh_from_db()
        assert other.status == Checkin.Status.OPEN

    @pytest.mark.parametrize(
        "trait",
        [{"died_on": NOON.date()}, {"is_restricted": True}, {"has_stopped_contact": True}],
        ids=["died", "restricted", "stopped"],
    )
    def test_nothing_is_planned_for_who_may_not_be_contacted(self, worker, trait):
        given.enrolment(of=given.person(**trait))

        plan_due(at=NOON)

        assert not Checkin.objects.exists()

    def test_days_later_still_nothing_is_sent_missed_or_rung(self, worker):
        checkin, outbox = given.checkin(), given.Outbox()
        stopped(checkin.person)

        for days in range(4):
            go_round(at=NOON + days * DAY, postbox=outbox)

        assert outbox.posts == 0
        assert not Message.objects.filter(status="SENT").exists()
        assert not Checkin.objects.filter(status="MISSED").exists()
        assert not Call.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_stopped_by_two_at_once_it_is_said_once(worker_committing):
    person = given.enrolment().person

    at_once(*[lambda: stop_contact(person, because="asked us to", at=NOON)] * 4)

    assert Event.objects.filter(name="person.contact_stopped").count() == 1
