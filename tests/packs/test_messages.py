"""What we write: who, why, how to check it is real, how to stop; nothing of health (R18-R20)."""

import pytest

from openprotect.packs.gsm import outside, parts
from openprotect.packs.messages import NAMES, MessageLacks, NoSuchMessage
from tests.packs.given import changed, pack_files, said, shipped

INVITE = "messages/en/invite.text.txt"
LINK = {"link": "https://check.example.nhs.uk/c/abc"}


@pytest.mark.parametrize("name", NAMES)
def test_each_message_is_short_and_plain(name):
    message = shipped().message(name)

    assert message.parts <= 2
    assert outside(message.render(LINK)) == ()


def test_the_invitation_says_who_why_how_to_check_and_how_to_stop():
    text = shipped().message("invite").render(LINK)

    for words in ("Protect check-in team", "How are you", LINK["link"], "01632 960123", "STOP"):
        assert words in text


def test_a_message_is_not_written_out_without_its_link():
    with pytest.raises(MessageLacks, match="'link'"):
        shipped().message("invite").render({})


def test_what_is_filled_in_is_never_filled_in_again():
    text = shipped().message("invite").render({"link": "{phone}"})

    assert "{phone}" in text


def test_a_message_the_pack_does_not_have_is_refused():
    with pytest.raises(NoSuchMessage, match="'pl'"):
        shipped().message("invite", language="pl")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{link}", "", "must hold {link}"),
        ("{link}", "{link", "curly bracket without its partner"),
        ("{phone}", "", "must hold {phone}"),
        ("STOP", "END", "must say how to stop"),
        ("Hello", "Hello {name}", "'name' is not known here"),
        ("Hello", "Hello {link.__class__}", "'link.__class__' is not known here"),
        ("How are you today?", "About your asthma:", "'asthma' tells of health"),
        ("How are you today?", "COVID-19 check:", "'COVID' tells of health"),
        ("How are you today?", "See https://evil.example/a", "'evil.example' is not known here"),
        ("Hello", "Hello 🙂", "phones cannot show 🙂"),
        ("Hello", "Hello \u201cyou\u201d", "phones cannot show"),
        ("Hello", "Hello " * 60, "texts, each paid for"),
    ],
)
def test_a_faulty_message_is_told_in_words(old, new, words):
    assert any(words in line for line in said(changed(INVITE, old, new))), said(
        changed(INVITE, old, new)
    )


def test_a_missing_message_refuses_the_pack():
    files = pack_files()
    del files["messages/en/stopped.text.txt"]

    assert "messages/en/stopped.text.txt: is missing" in "".join(said(files))


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2)],
)
def test_parts_are_counted_as_networks_count_them(text, count):
    assert parts(text) == count
