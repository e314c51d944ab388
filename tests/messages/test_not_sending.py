"""Asked at the moment of sending, not when it was made due: may this still go?"""

from datetime import date, timedelta

import pytest

from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.events.models import Event
from openprotect.governance.models import LegalBasis
from openprotect.messages.models import Message
from openprotect.messages.rules import TryLater
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from openprotect.programmes.actions import resume_sending, stop_sending
from openprotect.programmes.models import Programme
from tests import given
from tests.given import NOON
from tests.messages.sending import MINUTE, SILENCE, send, state, why

pytestmark = pytest.mark.django_db


def changed(model, **values):
    return lambda: model.objects.update(**values)


def ended_basis():
    given.basis("covid-protect", ends_at=NOON - timedelta(days=3))


REASONS = {
    "the person has died": changed(Person, died_on=date(2026, 1, 1)),
    "the person asked us to stop": changed(Person, has_stopped_contact=True),
    "the person's record is restricted": changed(Person, is_restricted=True),
    "no mobile number": changed(Person, mobile="", landline="+441632960001"),
    "the programme is not running": changed(Programme, status="PAUSED"),
    "the check-in is no longer open": changed(Checkin, status="ANSWERED", answered_at=NOON),
}
each_reason = pytest.mark.parametrize("reason", REASONS)


@each_reason
def test_it_is_cancelled_with_the_reason_and_nothing_leaves(worker, reason):
    message, outbox = given.message(), given.Outbox()
    REASONS[reason]()

    send(outbox)

    assert (state(message), why(message), outbox.posts) == ("CANCELLED", reason, 0)
    assert Event.objects.filter(name="message.cancelled").count() == 1


def test_after_the_legal_basis_has_ended_the_number_is_not_to_be_had(worker):
    ended_basis()
    message, outbox = given.message(), given.Outbox()

    send(outbox)

    assert (state(message), why(message)) == ("CANCELLED", "the legal basis has ended")
    assert outbox.posts == 0
    assert LegalBasis.objects.count() == 1


@each_reason
def test_a_second_try_asks_again(worker, reason):
    message, outbox = given.message(), given.Outbox(TryLater())
    send(outbox)
    REASONS[reason]()

    send(outbox, at=NOON + MINUTE)

    assert (state(message), outbox.posts) == ("CANCELLED", 1)


@each_reason
def test_what_had_got_through_is_not_called_cancelled(worker, reason):
    message, outbox = given.message(), given.Outbox(SILENCE)
    send(outbox)
    REASONS[reason]()

    send(outbox, at=NOON + MINUTE)

    assert (state(message), outbox.posts) == ("SENT", 1)


def test_while_the_provider_cannot_say_it_stays_open(worker):
    message = given.message()
    outbox = Unreachable(TryLater())
    send(outbox)
    REASONS["the person has died"]()

    send(outbox, at=NOON + MINUTE)

    assert state(message) == Message.Status.SENDING


def test_when_the_provider_never_says_somebody_looks(worker):
    message, outbox = given.message(), Unreachable(TryLater())
    send(outbox)
    REASONS["the person has died"]()

    for hours in range(1, 24):
        send(outbox, at=NOON + timedelta(hours=hours))

    assert (state(message), outbox.posts) == (Message.Status.UNKNOWN, 1)


class Unreachable(given.Outbox):
    """A provider that cannot be asked either."""

    def find(self, reference, channel):
        raise TryLater


@pytest.mark.parametrize(
    ("reason", "rung"),
    [
        ("no mobile number", 1),
        ("the check-in is no longer open", 0),
        ("the person has died", 0),
        ("the person asked us to stop", 0),
        ("the person's record is restricted", 0),
        ("the programme is not running", 0),
    ],
)
def test_only_who_cannot_be_texted_is_rung(worker, reason, rung):
    given.message()
    REASONS[reason]()

    send(given.Outbox())
    follow_waiting(at=NOON)

    assert Call.objects.count() == rung


def test_someone_without_a_mobile_number_is_rung_for_their_check_in_only(worker):
    given.message(kind="CLOSED", subject_id=given.alert().pk)
    Person.objects.update(mobile="")

    send(given.Outbox())
    follow_waiting(at=NOON)

    assert not Call.objects.exists()


def test_the_stop_button_leaves_what_is_due_and_resuming_sends_it(worker):
    programme, outbox = given.programme(), given.Outbox()
    message, lead = given.message(), given.user("LEAD")

    with given.acting(lead) as viewer:
        stop_sending(programme, viewer=viewer, at=NOON)
    send(outbox)
    assert (state(message), outbox.posts) == (Message.Status.DUE, 0)

    with given.acting(lead) as viewer:
        resume_sending(programme, viewer=viewer, at=NOON)
    send(outbox)
    assert (state(message), outbox.posts) == (Message.Status.SENT, 1)


def test_the_stop_button_also_stops_what_was_being_tried(worker):
    message, outbox = given.message(), given.Outbox(TryLater())
    send(outbox)
    Programme.objects.update(sending_stopped_at=NOON)

    send(outbox, at=NOON + MINUTE)

    assert (state(message), outbox.posts) == (Message.Status.SENDING, 1)


def test_what_is_sent_too_late_to_answer_is_not_sent(worker):
    checkin = given.checkin()
    message, outbox = given.message(of=checkin), given.Outbox()

    send(outbox, at=checkin.closes_at)

    assert (state(message), outbox.posts) == ("CANCELLED", 0)
