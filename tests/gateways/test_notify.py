"""Every outcome of a send and of a question, with the official client underneath."""

import gc
import logging
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE, Fault
from openprotect.gateways.notify import NotifyPostbox, NotSetUp, open_postbox, sent_messages
from openprotect.messages.rules import Postbox, TryLater, Undeliverable

TO, BODY = "07700 900123", "How are you today?"


@dataclass(frozen=True)
class Settings:
    notify_url: str
    notify_key: str = DEMO_KEY
    notify_template: str = DEMO_TEMPLATE
    notify_email_template: str = DEMO_TEMPLATE


def test_it_is_a_postbox(postbox):
    as_promised: Postbox = postbox

    assert as_promised.find(uuid4(), "TEXT") is None


def test_a_text_is_sent_once_under_our_reference(postbox, fake):
    reference = uuid4()

    receipt = postbox.post_text(reference, TO, BODY)

    (kept,) = fake.outbox.all()
    assert (kept.id, kept.reference) == (receipt.provider_id, str(reference))
    assert (kept.recipient, kept.body) == (TO, BODY)
    assert receipt.status == "sending"


def test_a_text_is_found_again_by_our_reference(postbox):
    references = [uuid4(), uuid4()]
    receipts = [postbox.post_text(each, TO, BODY) for each in references]

    assert [postbox.find(each, "TEXT") for each in references] == receipts


NOT_ACCEPTED = [
    Fault(1, "status", status=500),
    Fault(1, "status", status=502),
    Fault(1, "status", status=503),
    Fault(1, "status", status=429),
    Fault(1, "status", status=429, retry_after=60),
    Fault(1, "status", status=408),
    Fault(1, "drop"),
    Fault(1, "stall", seconds=0.8),
]
ACCEPTED_UNHEARD = [
    Fault(1, "accepted_status", status=500),
    Fault(1, "accepted_drop"),
    Fault(1, "accepted_stall", seconds=0.8),
    Fault(1, "slow", seconds=0.8),
    Fault(1, "empty_success"),
    Fault(1, "not_json"),
]


def named(fault):
    return f"{fault.trouble} {fault.status if 'status' in fault.trouble else ''}"


@pytest.mark.parametrize("fault", NOT_ACCEPTED, ids=named)
def test_a_send_that_was_not_accepted_is_tried_later_and_not_found(fault, postbox, fake):
    reference = uuid4()
    fake.expect(fault)

    with pytest.raises(TryLater):
        postbox.post_text(reference, TO, BODY)

    assert postbox.find(reference, "TEXT") is None


@pytest.mark.parametrize("fault", ACCEPTED_UNHEARD, ids=named)
def test_a_send_whose_answer_was_lost_is_found_before_it_is_sent_again(fault, postbox, fake):
    reference = uuid4()
    fake.expect(fault)

    with pytest.raises(TryLater):
        postbox.post_text(reference, TO, BODY)

    assert postbox.find(reference, "TEXT").provider_id == fake.outbox.all()[0].id


def test_a_refused_connection_is_tried_later(postbox, fake):
    fake.close()

    with pytest.raises(TryLater):
        postbox.find(uuid4(), "TEXT")
    with pytest.raises(TryLater):
        postbox.post_text(uuid4(), TO, BODY)


def test_a_limit_that_lasts_fails_nothing(postbox, fake):
    fake.expect(Fault(0, "status", status=429))

    for _ in range(20):
        with pytest.raises(TryLater):
            postbox.post_text(uuid4(), TO, BODY)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("01603 286286", "not a UK mobile"),
        ("0770090", "too few digits"),
        ("0770090012345678", "too many digits"),
        ("none given", "letters or symbols"),
        ("+33612345678", "abroad"),
    ],
)
def test_a_number_that_cannot_be_texted_is_final(number, reason, postbox, fake):
    with pytest.raises(Undeliverable, match=reason):
        postbox.post_text(uuid4(), number, BODY)

    assert fake.outbox.all() == []


def test_a_text_that_is_too_long_is_final(postbox):
    with pytest.raises(Undeliverable, match="too long"):
        postbox.post_text(uuid4(), TO, "x" * 919)


def test_an_error_that_comes_as_a_success_is_a_failure(postbox, fake):
    fake.expect(Fault(1, "error_as_success"))

    with pytest.raises(Undeliverable):
        postbox.post_text(uuid4(), TO, BODY)


def test_why_a_text_failed_holds_no_number_and_no_words_of_it(postbox, caplog):
    caplog.set_level(logging.INFO)

    with pytest.raises(Undeliverable) as failed:
        postbox.post_text(uuid4(), "+33612345678", BODY)

    assert "336" not in str(failed.value) + caplog.text
    assert BODY not in str(failed.value) + caplog.text
    assert failed.value.__cause__ is None


WRONG_SECRET = DEMO_KEY[:-36] + str(UUID(int=5))


@pytest.mark.parametrize(
    ("key", "template"),
    [(WRONG_SECRET, DEMO_TEMPLATE), (DEMO_KEY, str(UUID(int=4))), (DEMO_KEY, "x")],
)
def test_our_own_wrong_set_up_fails_no_text(key, template, fake):
    with NotifyPostbox(fake.url, key, template) as postbox, pytest.raises(NotSetUp):
        postbox.post_text(uuid4(), TO, BODY)


def test_a_question_with_a_wrong_key_is_our_own_fault(fake):
    postbox = NotifyPostbox(fake.url, WRONG_SECRET, DEMO_TEMPLATE)

    with postbox, pytest.raises(NotSetUp, match="403"):
        postbox.find(uuid4(), "TEXT")


def test_an_address_that_is_not_notifys_is_our_own_fault(postbox, fake):
    fake.expect(Fault(1, "status", status=404))

    with pytest.raises(NotSetUp, match="404"):
        postbox.post_text(uuid4(), TO, BODY)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("created", "sending"),
        ("sending", "sending"),
        ("pending", "sending"),
        ("sent", "sending"),
        ("delivered", "delivered"),
        ("permanent-failure", "failed"),
        ("temporary-failure", "failed"),
        ("technical-failure", "failed"),
        ("a word of next year", "unknown"),
    ],
)
def test_each_word_for_a_status_has_its_meaning(word, status, postbox, fake):
    reference = uuid4()
    fake.outbox.set_status(postbox.post_text(reference, TO, BODY).provider_id, word)

    assert postbox.find(reference, "TEXT").status == status


def test_the_texts_that_went_out_are_told_newest_first(postbox, fake):
    references = [uuid4() for _ in range(3)]
    for reference in references:
        postbox.post_text(reference, TO, f"Hello {reference}")

    told = sent_messages(Settings(fake.url), limit=2)

    assert [each.reference for each in told] == [str(each) for each in references[:0:-1]]
    assert (told[0].to, told[0].body) == (TO, f"Hello {references[2]}")
    assert told[0].sent_at.tzinfo is not None


@pytest.mark.parametrize(
    "lacking",
    [Settings("", notify_key=""), Settings("", notify_template=""), Settings("", notify_key="x")],
)
def test_an_installation_without_a_key_or_template_says_so_when_it_sends(lacking):
    with open_postbox(lacking) as postbox, pytest.raises(NotSetUp, match="OPENPROTECT_NOTIFY_KEY"):
        postbox.post_text(uuid4(), TO, BODY)


def test_a_postbox_that_is_forgotten_lets_its_connection_go(fake):
    postbox = NotifyPostbox(fake.url, DEMO_KEY, DEMO_TEMPLATE)
    postbox.find(uuid4(), "TEXT")

    del postbox
    gc.collect()  # an open socket would now be a warning, and so an error
