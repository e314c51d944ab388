"""A message goes once, or visibly does not; whatever the provider says, or keeps from saying."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from openprotect.calls.models import Call
from openprotect.checkins.actions import enter
from openprotect.checkins.models import Link
from openprotect.events.models import Event
from openprotect.messages.actions import make_due
from openprotect.messages.chores import NotWanted, Text, send_due
from openprotect.messages.models import Message
from openprotect.messages.rules import (
    LEASE,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    TryLater,
    Undeliverable,
    wait_before,
)
from openprotect.pathway.following import follow_waiting
from tests import given
from tests.given import NOON
from tests.messages.sending import HOUR, MINUTE, SILENCE, send, state, why
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def said(name):
    return Event.objects.filter(name=name).count()


def test_made_due_twice_it_is_one_message(worker):
    checkin = given.checkin()
    about = {
        "person_id": checkin.person_id,
        "programme_id": checkin.programme_id,
        "subject_id": checkin.pk,
        "at": NOON,
    }

    assert make_due(Message.Kind.INVITE, **about) == make_due(Message.Kind.INVITE, **about)


def test_what_is_due_is_sent_once_with_our_own_reference(worker):
    message, outbox = given.message(), given.Outbox()

    for _ in range(3):
        send(outbox)

    message.refresh_from_db()
    assert (message.status, message.sent_at) == (Message.Status.SENT, NOON)
    assert (list(outbox.texts), outbox.posts) == ([message.pk], 1)
    assert said("message.sent") == 1


def test_a_text_goes_to_the_persons_mobile_with_a_link_that_opens(worker):
    checkin = given.checkin(closes_at=NOON + timedelta(days=3))
    message, outbox = given.message(of=checkin), given.Outbox()

    send(outbox)

    ((to, body),) = outbox.texts.values()
    token = re.search(r"/c/(\S+)", body).group(1).rstrip(".")
    assert to == message.person.mobile
    assert enter(token, born=message.person.birth_date)[0] == "open"


def test_the_copy_we_keep_holds_no_link_and_the_text_no_name(worker):
    message, outbox = given.message(), given.Outbox()

    send(outbox)

    message.refresh_from_db()
    ((_, body),) = outbox.texts.values()
    assert "[personal link]" in message.wording
    assert "/c/" not in message.wording
    assert message.person.family_name not in body


def test_what_is_due_later_waits(worker):
    message = given.message(due_at=NOON + MINUTE)

    send(given.Outbox())

    assert state(message) == Message.Status.DUE


def test_no_more_are_sent_than_asked_for(worker):
    for _ in range(3):
        given.message()
    outbox = given.Outbox()

    assert send(outbox, limit=2) == 2
    assert outbox.posts == 2


def test_one_that_fails_does_not_hold_back_the_others(worker):
    for _ in range(3):
        given.message()
    outbox = given.Outbox(TryLater(), Undeliverable("no such number"))

    send(outbox)

    assert sorted(Message.objects.values_list("status", flat=True)) == [
        "FAILED",
        "SENDING",
        "SENT",
    ]


def test_a_time_out_before_it_was_accepted_is_sent_again(worker):
    message, outbox = given.message(), given.Outbox(TryLater())

    send(outbox)
    assert state(message) == Message.Status.SENDING
    send(outbox, at=NOON + MINUTE)

    assert (state(message), outbox.posts) == (Message.Status.SENT, 2)


def test_a_time_out_after_it_was_accepted_is_found_and_not_sent_again(worker):
    message, outbox = given.message(), given.Outbox(SILENCE)

    send(outbox)
    send(outbox, at=NOON + MINUTE)

    assert (state(message), outbox.posts) == (Message.Status.SENT, 1)


def test_it_is_not_tried_again_before_the_wait_is_over(worker):
    outbox = given.Outbox(TryLater())
    given.message()
    send(outbox)

    send(outbox, at=NOON + MINUTE - timedelta(seconds=1))

    assert outbox.posts == 1


def test_waits_double_up_to_an_hour():
    waits = [wait_before(attempt) for attempt in range(1, 12)]

    assert waits[:3] == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT == HOUR


def test_a_provider_that_never_answers_is_asked_so_often_and_then_somebody_looks(worker):
    message, outbox = given.message(of=_open_for_days()), given.Outbox(*[TryLater()] * 99)

    for minutes in range(0, 60 * 12, 5):
        send(outbox, at=NOON + minutes * MINUTE)

    assert outbox.posts == MOST_ATTEMPTS
    assert (state(message), why(message)) == ("UNKNOWN", "the provider gave no answer")


def _open_for_days():
    return given.checkin(closes_at=NOON + timedelta(days=3))


def test_what_became_of_it_unknown_somebody_rings(worker):
    given.message(of=_open_for_days(), attempts=MOST_ATTEMPTS - 1)

    send(given.Outbox(TryLater()))
    follow_waiting(at=NOON)

    assert Call.objects.get().why == Call.Why.NOT_REACHED


def test_what_cannot_be_delivered_fails_with_the_reason_and_somebody_rings_at_once(worker):
    message = given.message()

    send(given.Outbox(Undeliverable("not a mobile number")))
    follow_waiting(at=NOON)

    assert (state(message), why(message)) == ("FAILED", "not a mobile number")
    call = Call.objects.get()
    assert (call.why, call.due_at) == (Call.Why.NOT_REACHED, NOON)


def test_a_long_reason_is_cut_and_not_lost(worker):
    message = given.message()

    send(given.Outbox(Undeliverable("x" * 300)))

    assert why(message) == "x" * 60


def test_a_worker_killed_while_sending_loses_it_when_its_lease_ends(worker):
    message = given.message(status="SENDING", attempts=1, leased_until=NOON + LEASE)
    outbox = given.Outbox()

    send(outbox, at=NOON + LEASE - timedelta(seconds=1))
    assert outbox.posts == 0
    send(outbox, at=NOON + LEASE)

    assert (state(message), outbox.posts) == (Message.Status.SENT, 1)


def test_a_worker_killed_after_posting_has_it_found_by_the_next(worker):
    message, outbox = given.message(status="SENDING", attempts=1), given.Outbox()
    outbox.texts[message.pk] = ("+447700900000", "as it went")

    send(outbox)

    assert (state(message), outbox.posts) == (Message.Status.SENT, 0)


def test_posting_happens_outside_any_transaction(worker_committing):
    given.message()

    class Looking(given.Outbox):
        def post_text(self, *words):
            self.inside = transaction.get_connection().in_atomic_block
            return super().post_text(*words)

    outbox = Looking()
    send(outbox)

    assert outbox.inside is False


def test_each_try_has_a_link_of_its_own(worker):
    given.message()
    outbox = given.Outbox(TryLater())

    send(outbox)
    send(outbox, at=NOON + MINUTE)

    assert Link.objects.count() == 2


def test_what_is_not_wanted_any_more_is_not_composed_into_a_text(worker):
    message, outbox = given.message(), given.Outbox()

    send_due(at=NOON, postbox=outbox, compose=lambda some, at: [NotWanted("changed our mind")])

    assert (state(message), why(message), outbox.posts) == ("CANCELLED", "changed our mind", 0)


def test_the_outcome_of_an_alert_is_told_in_words_that_tell_nobody_what(worker):
    alert = given.alert()
    make_due(
        Message.Kind.CLOSED,
        person_id=alert.person_id,
        programme_id=alert.programme_id,
        subject_id=alert.pk,
        at=NOON,
    )
    outbox = given.Outbox()

    send(outbox)

    ((_, body),) = outbox.texts.values()
    for word in (alert.reason, alert.kind, alert.person.family_name, "breath"):
        assert word.lower() not in body.lower()


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_message_once(worker_committing):
    for _ in range(6):
        given.message()
    outbox = given.Outbox()

    at_once(*[lambda: send(outbox)] * 4)

    assert outbox.posts == len(outbox.texts) == 6
    assert set(Message.objects.values_list("status", flat=True)) == {"SENT"}


@pytest.mark.django_db(transaction=True)
def test_made_due_by_four_at_once_it_is_one_message(worker_committing):
    checkin = given.checkin()

    at_once(
        *[
            lambda: (
                make_due(
                    Message.Kind.INVITE,
                    person_id=checkin.person_id,
                    programme_id=checkin.programme_id,
                    subject_id=checkin.pk,
                    at=NOON,
                ).pk
            )
        ]
        * 4
    )

    assert Message.objects.count() == 1


def test_a_text_without_words_is_a_text_all_the_same(worker):
    message, outbox = given.message(subject_id=uuid.uuid4()), given.Outbox()

    send_due(at=NOON, postbox=outbox, compose=lambda some, at: [Text("Hello.", "Hello.")])

    assert state(message) == Message.Status.SENT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", "Dzien dobry"),
        ("lt-LT", "Sveiki"),
        ("en-x-easy", "We work with your GP"),
        ("so", "Hello"),
    ],
)
def test_a_text_is_in_the_persons_language_or_in_english(worker, language, words):
    enrolment = given.enrolment(of=given.person(language=language))
    message, outbox = given.message(of=given.checkin(of=enrolment)), given.Outbox()

    send(outbox)

    ((_, body),) = outbox.texts.values()
    message.refresh_from_db()
    assert words in body
    assert words in message.wording
