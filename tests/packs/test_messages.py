"""What we write: who, why, how to check it is real, how to stop; nothing of health (R18-R20)."""

from dataclasses import replace

import pytest

from openprotect.packs.gsm import outside, parts, replaced
from openprotect.packs.messages import NAMES, MessageLacks, NoSuchMessage
from tests.packs.given import changed, pack_files, said, shipped

INVITE = "messages/en/invite.text.txt"
LINK = {"link": "https://check.example.nhs.uk/c/abc"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", shipped().languages)
def test_each_message_is_short_and_plain(name, language):
    message = shipped().message(name, language=language)

    assert message.language == language
    assert message.parts <= (2 if language.startswith("en") else 3)
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


@pytest.mark.parametrize(
    ("wanted", "written"),
    [("pl", "pl"), ("pt-BR", "pt"), ("en-GB", "en"), ("en-x-easy", "en-x-easy"), ("so", "en")],
)
def test_a_message_is_in_the_nearest_language_the_pack_is_written_in(wanted, written):
    assert shipped().message("invite", language=wanted).language == written


def test_a_name_that_is_signed_with_is_said_in_each_language():
    assert "zespol Protect" in shipped().message("closed", language="pl").render({})


def test_a_message_the_pack_does_not_have_is_refused():
    without = replace(shipped(), messages=())

    with pytest.raises(NoSuchMessage, match="no invite message by text in 'pl'"):
        without.message("invite", language="pl")


def test_english_stands_in_only_for_languages_the_pack_is_not_written_in():
    kept = tuple(each for each in shipped().messages if each.language == "en")

    with pytest.raises(NoSuchMessage):
        replace(shipped(), messages=kept).message("invite", language="pl")


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
        ("Hello", "Hello 🙂", "a provider may send 🙂 as ?, or count 5 texts"),
        ("Hello", "Hello \u201cyou\u201d", '“ as ", ” as "'),
        ("Hello", "Cześć", "ć as c, ś as s"),
        ("Hello", "Hello: masz cukrzycę?", "'cukrzycę' tells of health"),
        ("Hello", "Olá: a sua doença", "'doença' tells of health"),
        ("Hello", "Sveiki: jūsų plaučiai", "'plaučiai' tells of health"),
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
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1),
        ("€" * 81, 2), ("ł" * 70, 1), ("ł" * 71, 2), ("ł" * 134, 2), ("ł" * 135, 3),
        ("a" * 69 + "ł", 1), ("a" * 70 + "ł", 2), ("🙂" * 35, 1), ("🙂" * 36, 2),
    ],
)  # fmt: skip
def test_parts_are_counted_as_networks_count_them(text, count):
    assert parts(text) == count


@pytest.mark.parametrize(
    ("letter", "sent"), [("ą", "a"), ("ã", "a"), ("š", "s"), ("ł", "?"), ("🙂", "?"), ("ж", "?")]
)
def test_what_a_provider_sends_instead_of_a_letter_is_known(letter, sent):
    assert replaced(letter) == sent


@pytest.mark.parametrize(
    ("body", "cost"),
    [
        ("Hello {link}", "1 text"),
        ("H" * 161, "2 texts"),
        ("ł" * 71, "2 texts, for ł; without, 1"),
        ("ó" * 160, "3 texts, for ó; without, 1"),
    ],
)
def test_an_author_sees_what_a_text_costs_and_for_which_signs(body, cost):
    assert replace(shipped().message("invite"), body=body).cost == cost


def test_an_email_costs_its_author_no_text():
    assert shipped().message("invite", channel="email").cost == ""
