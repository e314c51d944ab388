"""What providers post, row by row of the catalogue (W02 to W12): applied once, and only forward."""

import json
import uuid
from datetime import timedelta

import pytest

from openprotect.alerts.models import Alert
from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.gateways.notify_posts import understand
from openprotect.messages.actions import A_TEXT, RECEIPT, deal_with, take_in
from openprotect.messages.chores import read_notices, send_due
from openprotect.messages.models import Message, Notice, Reply
from openprotect.messages.queries import odd_notices, replies_of_nobody
from openprotect.messages.rules import Receipt
from openprotect.messages.rules.replies import meaning_of
from openprotect.pathway.composing import compose
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Choice, Person
from tests import given
from tests.given import NOON
from tests.messages.sending import HOUR, MINUTE, SILENCE, send, state

pytestmark = pytest.mark.django_db


def receipt(message, status="delivered", **more):
    return json.dumps(
        {
            "id": str(uuid.uuid4()),
            "reference": str(message.pk),
            "to": message.person.mobile,
            "status": status,
            "created_at": "2026-05-01T12:00:00.000000Z",
            "completed_at": "2026-05-01T12:00:05.000000Z",
            "sent_at": "2026-05-01T12:00:01.000000Z",
            "notification_type": "sms",
            "template_id": str(uuid.uuid4()),
            "template_version": 1,
        }
        | more
    )


def text(words, number="07700900123", **more):
    return json.dumps(
        {
            "id": str(uuid.uuid4()),
            "source_number": number,
            "destination_number": "07700900999",
            "message": words,
            "date_received": "2026-05-01T12:00:00.000000Z",
        }
        | more
    )


def read(kind, *posts, at=NOON):
    for each in posts:
        take_in(kind, each)
    read_notices(at=at, understand=understand)
    follow_waiting(at=at)


def sent():
    message = given.message(of=given.checkin(closes_at=NOON + timedelta(days=9)))
    send(given.Outbox())
    return Message.objects.select_related("person").get(pk=message.pk)


def outcomes():
    return sorted(Notice.objects.values_list("status", flat=True))


def test_w02_the_same_receipt_five_times_is_one_change(worker):
    message = sent()
    post = receipt(message)

    read(RECEIPT, *[post] * 5)

    assert state(message) == "DELIVERED"
    assert Event.objects.filter(name="message.delivered").count() == 1
    assert Notice.objects.get().times == 5


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["delivered", "sending"], "DELIVERED"),
        (["permanent-failure", "delivered"], "FAILED"),
        (["temporary-failure", "sending"], "FAILED"),
        (["sending", "delivered"], "DELIVERED"),
        (["delivered", "permanent-failure"], "DELIVERED"),
        (["sending", "created", "technical-failure"], "FAILED"),
    ],
)
def test_w03_in_whatever_order_they_come_a_message_never_goes_back(worker, words, ends):
    message = sent()

    for minutes, word in enumerate(words):
        read(RECEIPT, receipt(message, word), at=NOON + minutes * MINUTE)

    assert state(message) == ends


def test_w04_a_receipt_that_comes_before_we_noted_the_send_is_applied(worker):
    message = given.message()
    send(given.Outbox(SILENCE))
    assert state(message) == "SENDING"

    read(RECEIPT, receipt(message))

    assert state(message) == "DELIVERED"


def test_w05_a_receipt_for_what_is_not_ours_is_listed_and_never_dropped(worker):
    stranger = given.Message(pk=uuid.uuid4(), person=given.person())

    read(RECEIPT, receipt(stranger), receipt(stranger, reference="of another service"),
         receipt(stranger, reference=None))  # fmt: skip

    assert outcomes() == ["STRANGE_ID"] * 3
    assert odd_notices().count() == 3
    assert Event.objects.filter(name="notice.odd").count() == 3


def test_w06_a_receipt_after_four_days_and_after_the_programme_has_closed_still_counts(worker):
    message = sent()
    message.programme.status = "CLOSED"
    message.programme.save()

    read(RECEIPT, receipt(message), at=NOON + timedelta(days=4))

    assert state(message) == "DELIVERED"


def test_w07_a_word_that_we_do_not_know_changes_nothing_and_is_noticed(worker):
    message = sent()

    read(RECEIPT, receipt(message, "teleported"))

    assert (state(message), outcomes()) == ("SENT", ["STRANGE_WORD"])


@pytest.mark.parametrize(
    "post", ["{}", '{"reference": 7}', '{"status": ["delivered"]}', '{"reference": "x"}']
)
def test_w08_what_has_not_its_shape_is_kept_and_hinders_nothing(worker, post):
    message = sent()

    read(RECEIPT, post, receipt(message))

    assert state(message) == "DELIVERED"
    assert "UNREADABLE" in outcomes()


def test_w09_a_receipt_that_names_another_phone_is_not_applied(worker):
    message = sent()

    read(RECEIPT, receipt(message, to="07700900999"))

    assert (state(message), outcomes()) == ("SENT", ["OTHER_NUMBER"])


def test_a_receipt_may_write_the_number_in_another_way(worker):
    message = sent()

    read(RECEIPT, receipt(message, to=message.person.mobile.replace("+44", "0")))

    assert state(message) == "DELIVERED"


def test_a_receipt_still_fits_after_somebody_has_a_new_number(worker):
    message = sent()
    old = receipt(message)
    Person.objects.filter(pk=message.person_id).update(mobile="+447700900777")

    read(RECEIPT, old)

    assert state(message) == "DELIVERED"


def test_a_letter_that_came_back_has_failed(worker):
    message = given.message(channel="LETTER", status="SENT", sent_at=NOON)
    returned = {"notification_id": str(uuid.uuid4()), "reference": str(message.pk)}

    read(RECEIPT, json.dumps(returned))

    assert state(message) == "FAILED"


def test_more_receipts_than_are_read_at_once_are_all_kept_and_read(worker):
    message = sent()
    for number in range(120):
        take_in(RECEIPT, receipt(message, number=number))

    for left in (20, 0):
        read_notices(at=NOON, understand=understand, limit=100)
        assert Notice.objects.filter(status="WAITING").count() == left

    assert Notice.objects.count() == 120


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("STOP", "STOP"),
        ("Stop.", "STOP"),
        ("stop pls", "STOP"),
        ("Please stop texting me!", "STOP"),
        ("UNSUBSCRIBE", "STOP"),
        ("STOP STOP STOP", "STOP"),
        ("I can't stop coughing", "WORDS"),
        ("do not stop please my mum needs this", "WORDS"),
        ("START", "START"),
        ("start again", "WORDS"),
        ("HELP", "HELP"),
        ("help please", "HELP"),
        ("help me", "EMERGENCY"),
        ("Can't breathe", "EMERGENCY"),
        ("should I ring 999", "EMERGENCY"),
        ("I want to die", "EMERGENCY"),
        ("chest pains since morning, stop", "EMERGENCY"),
        ("", "WORDS"),
        ("?!", "WORDS"),
        ("ok", "WORDS"),
        ("bus stop is closed", "WORDS"),
    ],
)
def test_w10_what_a_text_means(words, meaning):
    assert meaning_of(words) == meaning


def texted(**more):
    """Somebody we have texted, on a phone of their own."""
    message = sent()
    Person.objects.filter(pk=message.person_id).update(mobile="+447700900123", **more)
    return message


def test_w10_stop_ends_texts_from_every_programme_and_is_confirmed_once(worker):
    message, outbox = texted(), given.Outbox()

    read(A_TEXT, text("Stop."), text("stop pls"))
    for _ in range(2):
        send_due(at=NOON, postbox=outbox, compose=compose)

    choice = Choice.objects.get()
    assert (choice.way, choice.programme_id, choice.answer) == ("TEXT", None, "REFUSED")
    ((to, words),) = outbox.texts.values()
    assert to == "+447700900123"
    assert "asked us to stop" in words
    elsewhere = given.enrolment(of=message.person, programme=_other())
    later = given.message(of=given.checkin(of=elsewhere, closes_at=NOON + timedelta(days=2)))
    send(outbox)
    assert state(later) == "CANCELLED"


def _other():
    from openprotect.programmes.models import Programme

    first = given.programme()
    return Programme.objects.create(
        key="another", title="Another", purpose=first.purpose, aim="a", sponsor="s",
        pack=first.pack, status="LIVE", launched_at=NOON,
    )  # fmt: skip


def test_w10_stop_leaves_open_alerts_and_the_wish_to_be_rung_alone(worker):
    message = texted()
    alert = given.alert(of=message.person.enrolments.get())

    read(A_TEXT, text("STOP"))

    alert.refresh_from_db()
    assert alert.status == "RAISED"
    assert not Person.objects.get(pk=message.person_id).has_stopped_contact


def test_start_lets_texts_go_again_and_says_so(worker):
    texted()
    read(A_TEXT, text("STOP"))
    outbox = given.Outbox()

    read(A_TEXT, text("START"), at=NOON + HOUR)
    send(outbox, at=NOON + HOUR)

    assert Choice.objects.filter(ended_at=None).count() == 0
    assert any("asked us to text you again" in words for _, words in outbox.texts.values())


def test_start_by_somebody_who_stopped_everything_goes_to_a_person(worker):
    texted(has_stopped_contact=True)

    read(A_TEXT, text("START"))

    assert Alert.objects.get().rule == "text-reply"


def test_help_is_answered_once_a_day(worker):
    texted()
    outbox = given.Outbox()

    read(A_TEXT, text("HELP"), text("help pls"))
    send(outbox)

    assert [words for _, words in outbox.texts.values() if "ring 999" in words] != []
    assert Message.objects.filter(kind="HELP").count() == 1


def test_w10_what_may_be_an_emergency_is_an_alert_at_once(worker):
    texted()

    read(A_TEXT, text("cant breathe, ring 999?"))

    alert = Alert.objects.get()
    assert (alert.urgency, alert.kind) == (1, "clinical")
    assert "cant breathe" in alert.reason


def test_words_go_to_a_person_the_same_day(worker):
    texted()

    read(A_TEXT, text("My boiler is broken and I am cold"))

    alert = Alert.objects.get()
    assert alert.urgency == 2
    assert "My boiler is broken" in alert.reason


def test_w11_a_text_from_an_unknown_number_waits_for_a_person(worker):
    texted()

    read(A_TEXT, text("who is this", number="447700900555"))

    assert not Alert.objects.exists()
    assert replies_of_nobody().get().words == "who is this"


def test_w11_nobody_is_guessed_where_two_share_a_phone_but_stop_holds_for_both(worker):
    for _ in range(2):
        texted()

    read(A_TEXT, text("feeling bad"))
    assert replies_of_nobody().count() == 1
    assert not Alert.objects.exists()

    read(A_TEXT, text("stop"))
    assert Choice.objects.filter(answer="REFUSED", way="TEXT").count() == 2
    assert Message.objects.filter(kind="STOPPED").count() == 1


def test_a_text_of_nobodys_is_dealt_with_by_somebody_who_says_how(worker):
    read(A_TEXT, text("hello?", number="07700900555"))
    reply = Reply.objects.get()

    with given.acting(given.user("SURVEILLANCE")) as viewer:
        with pytest.raises(Refused):
            deal_with(reply, note=" ", viewer=viewer, at=NOON)
        deal_with(reply, note="Rang: wrong number.", viewer=viewer, at=NOON)

    assert not replies_of_nobody().exists()


def test_signs_that_nobody_can_store_do_not_stop_the_reading(worker):
    texted()

    read(A_TEXT, text("a\x00b"), text("x" * 5000))

    assert sorted(len(each.words) for each in Reply.objects.all()) == [2, 1000]


def test_a_receipt_is_what_the_provider_would_tell_when_asked():
    told = understand(RECEIPT, json.dumps({"reference": "r", "status": "pending", "id": "i"}))

    assert told.receipt == Receipt("i", "sending")
