"""What the provider says of a message: applied once, in any order, and never backwards."""

from datetime import timedelta
from itertools import product

import pytest

from openprotect.calls.models import Call
from openprotect.events.models import Event
from openprotect.messages.actions import note_receipt, settle
from openprotect.messages.chores import follow_deliveries
from openprotect.messages.models import Message
from openprotect.messages.queries import of_person
from openprotect.messages.rules import Receipt, TryLater
from openprotect.pathway.following import follow_waiting
from tests import given
from tests.given import NOON
from tests.messages.sending import state
from tests.racing import at_once
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db
Status = Message.Status
HOUR = timedelta(hours=1)
# How far along a message is: a receipt may move it on, and never back.
FAR = {"DUE": 0, "SENDING": 1, "UNKNOWN": 2, "SENT": 3, "DELIVERED": 4, "FAILED": 4, "CANCELLED": 4}
WORDS = ["sending", "delivered", "failed", "unknown"]


def message(status, **given_):
    """A message that stands so, with what such a one must have."""
    why = {"ended_because": "why"} if status in {"FAILED", "CANCELLED"} else {}
    when = {"sent_at": NOON} if status in {"SENT", "DELIVERED"} else {}
    return given.message(status=status, **{**why, **when, **given_})


@pytest.mark.parametrize(("status", "word"), list(product(Status.values, WORDS)))
def test_a_receipt_never_moves_a_message_back(worker, status, word):
    it = message(status)

    note_receipt(it, Receipt("p1", word), at=NOON)

    assert FAR[state(it)] >= FAR[status]
    if FAR[status] == 4:
        assert state(it) == status


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["sending"], "SENT"),
        (["sending", "delivered"], "DELIVERED"),
        (["delivered", "sending"], "DELIVERED"),
        (["delivered", "failed"], "DELIVERED"),
        (["failed", "delivered"], "FAILED"),
        (["failed"], "FAILED"),
        (["unknown"], "SENT"),
        (["sending"] * 5, "SENT"),
        (["delivered"] * 5, "DELIVERED"),
    ],
)
def test_receipts_in_any_order_end_in_one_state(worker, words, ends):
    it = message("SENDING")

    for word in words:
        note_receipt(it, Receipt("p1", word), at=NOON)

    assert state(it) == ends


def test_the_same_receipt_five_times_is_one_change(worker):
    it = message("SENDING")

    for _ in range(5):
        note_receipt(it, Receipt("p1", "delivered"), at=NOON)

    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert names == ["message.sent", "message.delivered"]


@pytest.mark.parametrize(("start", "end"), list(product(Status.values, ["FAILED", "CANCELLED"])))
def test_settling_ends_a_message_only_from_where_that_is_legal(worker, start, end):
    it = message(start)

    settle(it, Status(end), at=NOON, because="why")

    assert state(it) == (end if Message.MOVES.allows(start, end) else start)


def test_settled_twice_it_is_said_once(worker):
    it = message("SENDING")

    for _ in range(2):
        settle(it, Status.FAILED, at=NOON, because="why")

    assert Event.objects.filter(name="message.failed").count() == 1


class Answering(given.Outbox):
    """A provider that says this of every message."""

    def __init__(self, word):
        super().__init__()
        self.word, self.asked = word, 0

    def find(self, reference, channel):
        self.asked += 1
        if self.word == "nothing":
            raise TryLater
        return Receipt("p1", self.word) if self.word else None


@pytest.mark.parametrize(
    ("status", "word", "ends"),
    [
        ("SENT", "delivered", "DELIVERED"),
        ("SENT", "failed", "FAILED"),
        ("SENT", "sending", "SENT"),
        ("SENT", None, "SENT"),
        ("SENT", "nothing", "SENT"),
        ("UNKNOWN", "delivered", "DELIVERED"),
        ("UNKNOWN", "failed", "FAILED"),
        ("UNKNOWN", "sending", "SENT"),
        ("UNKNOWN", None, "UNKNOWN"),
    ],
)
def test_the_provider_is_asked_what_became_of_it(worker, status, word, ends):
    it = message(status)

    follow_deliveries(at=NOON, postbox=Answering(word))

    assert state(it) == ends


@pytest.mark.parametrize("status", ["DUE", "SENDING", "DELIVERED", "FAILED", "CANCELLED"])
def test_what_is_not_sent_or_is_over_is_not_asked_about(worker, status):
    message(status)

    assert follow_deliveries(at=NOON, postbox=Answering("delivered")) == 0


def test_the_provider_is_not_asked_again_at_once(worker):
    message("SENT")
    postbox = Answering("sending")

    for minutes in (0, 1, 4, 6):
        follow_deliveries(at=NOON + timedelta(minutes=minutes), postbox=postbox)

    assert postbox.asked == 2


def test_a_text_that_fails_days_later_still_makes_a_call(worker):
    it = message("SENT", of=given.checkin(closes_at=NOON + timedelta(days=9)))

    note_receipt(it, Receipt("p1", "failed"), at=NOON + timedelta(days=4))
    follow_waiting(at=NOON + timedelta(days=4))

    assert Call.objects.get().why == Call.Why.NOT_REACHED


def test_a_persons_messages_are_read_newest_first(worker):
    checkin = given.checkin()
    first = given.message(of=checkin)
    second = given.message(of=checkin, kind="CLOSED", made_at=NOON + HOUR)
    given.message()

    assert list(of_person(checkin.person_id)) == [second, first]


@pytest.mark.django_db(transaction=True)
def test_a_receipt_noted_by_four_at_once_is_noted_once(worker_committing):
    it = message("SENDING")

    at_once(*[lambda: note_receipt(it, Receipt("p1", "delivered"), at=NOON)] * 4)

    assert Event.objects.filter(name="message.sent").count() == 1
    assert Event.objects.filter(name="message.delivered").count() == 1


def test_the_database_refuses_a_message_made_due_twice(worker):
    it = given.message()

    with the_database_refuses("a_message_is_due_once"):
        given.message(person_id=it.person_id, subject_id=it.subject_id)


@pytest.mark.parametrize("status", ["SENT", "DELIVERED"])
def test_the_database_refuses_a_sent_message_that_does_not_say_when(worker, status):
    with the_database_refuses("sent_message_says_when"):
        given.message(status=status)


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_the_database_refuses_a_message_not_sent_that_does_not_say_why(worker, status):
    with the_database_refuses("message_not_sent_says_why"):
        given.message(status=status)


@pytest.mark.parametrize("role", ["PARTNER", "CALLER", "GOVERNANCE"])
def test_messages_are_not_for_everybody_to_read(worker, role):
    given.message()

    with given.acting(given.user(role)):
        assert not Message.objects.exists()
