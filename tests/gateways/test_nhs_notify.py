"""NHS Notify as the second gateway: taken once under our reference, and each refusal told apart."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.gateways.nhs_notify import NhsNotifyPostbox
from openprotect.gateways.notify import NotSetUp
from openprotect.messages.rules import Letter, TooFast, TryLater, Undeliverable
from tests.gateways.nhs_notify_server import NhsNotifyServer

TO = "07700900123"


@pytest.fixture
def server():
    with NhsNotifyServer() as running:
        yield running


@pytest.fixture
def postbox(server, tmp_path):
    token = tmp_path / "token"
    token.write_text(f"{server.token}\n")
    with NhsNotifyPostbox(server.url, str(token), patience_for=0.5) as opened:
        yield opened


def test_a_text_goes_by_the_plan_for_free_text_under_our_reference(postbox, server):
    reference = uuid4()

    receipt = postbox.post_text(reference, TO, "How are you?")

    (kept,) = server.kept.values()
    assert receipt.status == "sending"
    assert kept["messageReference"] == str(reference)
    assert kept["personalisation"] == {"sms_body": "How are you?"}
    assert kept["recipient"] == {"contactDetails": {"sms": TO}}


def test_an_email_has_its_own_plan_and_fields(postbox, server):
    postbox.post_email(uuid4(), "amala@example.com", "Hello", "How are you?")

    (kept,) = server.kept.values()
    assert kept["personalisation"] == {"email_subject": "Hello", "email_body": "How are you?"}


def test_sent_again_it_is_taken_once(postbox, server):
    reference = uuid4()

    first, again = (postbox.post_text(reference, TO, "Hello") for _ in range(2))

    assert len(server.kept) == 1
    assert (first.status, again.status) == ("sending", "sending")


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(429, TooFast), (425, TooFast), (500, TryLater), (502, TryLater), (504, TryLater),
     (403, NotSetUp), (406, NotSetUp), ("drop", TryLater)],
)  # fmt: skip
def test_refusals_are_told_apart(postbox, server, status, trouble):
    server.status = status

    with pytest.raises(trouble):
        postbox.post_text(uuid4(), TO, "Hello")
    assert server.kept == {}


def test_how_long_to_leave_it_alone_is_heard(postbox, server):
    server.status, server.retry_after = 429, "120"

    with pytest.raises(TooFast) as told:
        postbox.post_text(uuid4(), TO, "Hello")

    assert told.value.wait_for == timedelta(seconds=120)


def test_a_number_that_it_does_not_take_is_final_and_not_repeated(postbox):
    with pytest.raises(Undeliverable) as told:
        postbox.post_text(uuid4(), "01632 960123", "Hello")

    assert "960123" not in str(told.value)


def test_words_it_does_not_take_are_final(postbox):
    with pytest.raises(Undeliverable, match="words"):
        postbox.post_text(uuid4(), TO, "")


def test_it_takes_no_pages_of_ours(postbox):
    with pytest.raises(Undeliverable):
        postbox.post_letter(uuid4(), Letter("Amala", b"%PDF-"))


def test_a_wrong_token_and_a_missing_one_are_nobodys_fault_but_ours(server, tmp_path):
    (tmp_path / "token").write_text("old")
    for file in ("token", "nowhere"):
        with (
            NhsNotifyPostbox(server.url, str(tmp_path / file)) as postbox,
            pytest.raises(NotSetUp),
        ):
            postbox.post_text(uuid4(), TO, "Hello")
