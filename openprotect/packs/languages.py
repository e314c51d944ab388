"""The languages a pack is written in, and which of them somebody is written to."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

ENGLISH: Final = "en"
# Easy Read is English in short sentences; BCP 47 keeps "x" for what people agree among themselves.
EASY_READ: Final = "en-x-easy"
TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
NAMES: Final[Mapping[str, str]] = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cy": "Welsh",
    "en": "English",
    EASY_READ: "Easy Read",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "gu": "Gujarati",
    "it": "Italian",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "so": "Somali",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "zh": "Chinese",
}


def nearest(wanted: str, written: Iterable[str]) -> str:
    """The language of these that somebody is written to in: theirs, its parent, or English."""
    return _nearest(wanted, written) or ENGLISH


def named(tag: str) -> str:
    """A language as staff call it; a tag that has no name here stays as it is."""
    known = _nearest(tag, NAMES)
    return NAMES[known] if known else tag


def told_to_staff(wanted: str, written: Iterable[str]) -> str:
    """What somebody who rings must know of a person's language; empty for English.

    Nobody is left without words: whoever speaks a language that the pack is not written in gets
    English, and staff are told so.
    """
    theirs = named(wanted)
    if theirs in ("", NAMES[ENGLISH]):
        return ""
    if named(nearest(wanted, written)) == theirs:
        return theirs
    return f"{theirs} (our texts to them are in English)"


def _nearest(wanted: str, written: Iterable[str]) -> str | None:
    known = {each.casefold(): each for each in written}
    tag = wanted.strip().replace("_", "-").casefold()
    while tag and tag not in known:
        tag = tag.rpartition("-")[0]
    return known.get(tag)
