"""Text as people's names and addresses hold it: normal form, no invisible characters."""

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SPACES = re.compile(r"[ \t\u00a0]+")
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
EMAIL = re.compile(r"[^\s@<>\",;:()]+@[^\s@<>\",;:()]+\.[A-Za-z0-9-]{2,}")
TEST_NAMES = {"test", "null", "n/a", "none", "xxx", "zztest", "dummy"}


def clean(text: str) -> tuple[str, bool]:
    """The text in NFC without invisible and control characters, and whether any were taken out.

    A zero-width joiner inside an emoji goes too: nobody's name or address depends on it.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(), False
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = CONTROL.sub("", INVISIBLE.sub("", whole))
    return SPACES.sub(" ", seen).strip(), seen != whole


def is_test_name(name: str) -> bool:
    return name.casefold() in TEST_NAMES


def postcode(text: str) -> str | None:
    """A UK postcode as written on letters, '' for none given, None when it is not one."""
    if not text.strip():
        return ""
    found = POSTCODE.fullmatch(SPACES.sub(" ", text.strip().upper()))
    return f"{found[1]} {found[2]}" if found else None


def email(text: str) -> str | None:
    """A plain address, '' for none given, None when it holds a new line or a display name."""
    if not text:
        return ""
    return text if len(text) <= 254 and EMAIL.fullmatch(text) else None
