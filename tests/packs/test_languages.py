"""Which language somebody is written to in, and what staff are told of it."""

import pytest

from openprotect.packs.languages import named, nearest, told_to_staff

WRITTEN = ("en", "pl", "pt", "en-x-easy")


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("en", "en"), ("pl", "pl"), ("PL", "pl"), ("pl-PL", "pl"), ("pt_BR", "pt"), ("so", "en"),
        ("en-x-easy", "en-x-easy"), ("en-x-other", "en"), ("", "en"), ("-", "en"),
    ],
)  # fmt: skip
def test_somebody_is_written_to_in_their_language_its_parent_or_english(wanted, got):
    assert nearest(wanted, WRITTEN) == got


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("en", ""),
        ("en-GB", ""),
        ("", ""),
        ("pl", "Polish"),
        ("pt-BR", "Portuguese"),
        ("en-x-easy", "Easy Read"),
        ("so", "Somali (our texts to them are in English)"),
        ("xx", "xx (our texts to them are in English)"),
    ],
)
def test_staff_are_told_the_language_and_when_texts_are_in_english_instead(wanted, told):
    assert told_to_staff(wanted, WRITTEN) == told


def test_somebody_who_needs_easy_read_of_a_pack_without_it_is_told_of():
    assert told_to_staff("en-x-easy", ("en",)) == "Easy Read (our texts to them are in English)"


def test_a_language_is_called_by_its_name():
    assert [named(each) for each in ("lt", "lt-LT", "zz")] == ["Lithuanian", "Lithuanian", "zz"]
