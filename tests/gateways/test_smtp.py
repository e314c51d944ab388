"""E-mail by a server of one's own: accepted, refused for good, busy, or unknown."""

import email
from email import policy
from uuid import uuid4

import pytest

from openprotect.gateways.smtp import SmtpMail
from openprotect.messages.rules import TooFast, TryLater, Undeliverable
from tests.gateways.mail_server import MailServer

SENDER = "Protect team <protect@example.nhs.uk>"
TO = "amala@example.com"


def post(server, reference=None, **more):
    mail = SmtpMail(server.url, SENDER, patience_for=0.5)
    return mail.post_email(reference or uuid4(), TO, "Hello", "How are you? ąę", **more)


def test_an_email_is_handed_over_with_our_reference_in_its_id():
    reference = uuid4()
    with MailServer() as server:
        receipt = post(server, reference)

    (raw,) = server.kept
    kept = email.message_from_bytes(raw, policy=policy.default)
    assert (kept["To"], kept["Subject"], kept["From"]) == (TO, "Hello", SENDER)
    assert str(reference) in kept["Message-ID"] == receipt.provider_id
    assert kept["Auto-Submitted"] == "auto-generated"
    assert kept.get_content().strip() == "How are you? ąę"


def test_a_repeat_has_the_same_id_by_which_mail_systems_know_it():
    reference = uuid4()
    with MailServer() as server:
        ids = {post(server, reference).provider_id for _ in range(2)}

    assert len(ids) == 1


@pytest.mark.parametrize(
    ("refuses", "trouble"),
    [
        ({"RCPT": 550}, Undeliverable),
        ({"TAKEN": 554}, Undeliverable),
        ({"RCPT": 450}, TooFast),
        ({"GREET": 421}, TooFast),
        ({"MAIL": 451}, TooFast),
        ({"DATA": 452}, TooFast),
        ({"GREET": 554}, TryLater),
        ({"RCPT": "hang up"}, TryLater),
        ({"TAKEN": "hang up"}, TryLater),
    ],
)
def test_trouble_is_told_apart(refuses, trouble):
    with MailServer(**refuses) as server, pytest.raises(trouble) as told:
        post(server)

    assert TO not in str(told.value)


def test_a_server_that_is_not_there_leaves_it_unknown():
    with MailServer() as server:
        url = server
    with pytest.raises(TryLater):
        post(url)


@pytest.mark.parametrize("subject", ["Hello\nBcc: all@example.com", "Hello\r\nX: y"])
def test_a_subject_cannot_add_a_recipient(subject):
    with MailServer() as server:
        mail = SmtpMail(server.url, SENDER, patience_for=0.5)
        with pytest.raises(ValueError, match="linefeed"):
            mail.post_email(uuid4(), TO, subject, "x")

    assert server.kept == []
