"""Each way goes to whoever carries it here; a way that nobody carries is said to be so."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.conf import settings

from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE
from openprotect.gateways.post import open_post
from openprotect.messages.rules import Letter, Postbox, Undeliverable
from tests.gateways.mail_server import MailServer


def set_up(**changed):
    return replace(settings.OPENPROTECT, **changed)


def test_it_is_a_postbox():
    with open_post(set_up(texts_by="console")) as post:
        as_promised: Postbox = post

        assert as_promised.find(uuid4(), "TEXT") is None


def test_each_way_goes_to_its_own(fake, tmp_path):
    with MailServer() as server:
        here = set_up(
            notify_url=fake.url,
            notify_key=DEMO_KEY,
            notify_template=DEMO_TEMPLATE,
            emails_by="smtp",
            smtp_url=server.url,
            email_from="protect@example.nhs.uk",
            letters_by="folder",
            letter_folder=str(tmp_path / "letters"),
        )
        with open_post(here) as post:
            post.post_text(uuid4(), "+447700900123", "Hello")
            post.post_email(uuid4(), "amala@example.com", "Hello", "Hello")
            post.post_letter(letter := uuid4(), Letter("Amala", b"%PDF-"))

    assert len(fake.outbox.all()) == len(server.kept) == 1
    assert (tmp_path / "letters" / f"{letter}.pdf").exists()
    assert here.carried == {"TEXT", "EMAIL", "LETTER"}


def test_what_nobody_carries_cannot_be_delivered():
    with open_post(set_up(emails_by="none")) as post, pytest.raises(Undeliverable):
        post.post_email(uuid4(), "amala@example.com", "Hello", "Hello")


def test_on_the_console_everything_is_written_out(capsys):
    with open_post(set_up(texts_by="console", letters_by="console")) as post:
        post.post_text(reference := uuid4(), "+447700900123", "How are you?")
        post.post_letter(uuid4(), Letter("Amala", b"%PDF-", "BRAILLE"))

        assert post.find(reference, "TEXT").status == "delivered"
    said = capsys.readouterr().out
    assert "How are you?" in said
    assert "braille" in said
