"""Phone numbers of the UK: which can be texted, which can be rung, which are neither."""

import re

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from openprotect.records.rules.reasons import RowFault

# Ofcom keeps these for drama: never allocated, so safe for made-up people.
DRAMA_MOBILE = re.compile(r"\+447700900[0-9]{3}")
DRAMA_LANDLINE = re.compile(r"\+441632960[0-9]{3}")
ORDER = (
    "premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan",
    "voicemail", "fixed_line", "mobile",
)  # fmt: skip
RUNG = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.UAN,
}
SPACERS = re.compile(r"[ ()\-./]")
# The trunk zero stands between country code and number in print only: +44 (0)20 …
NATIONAL = re.compile(r"(?:(?:\+|00)44(?:0)?|0)([1-9][0-9]{6,9})", re.ASCII)
LETTERS = re.compile(r"[^0-9+()\s.\-/]")


def read(text: str) -> tuple[str, bool] | None:
    """The number in international form and whether it can be texted; None for none given."""
    if not text.strip():
        return None
    if LETTERS.search(text) or not text.isascii():
        raise RowFault("phone")
    plain = NATIONAL.fullmatch(SPACERS.sub("", text))
    if plain and (found := _plain(plain[1])):
        return found
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise RowFault("phone") from None
    full = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if DRAMA_MOBILE.fullmatch(full):
        return full, True
    if DRAMA_LANDLINE.fullmatch(full):
        return full, False
    if not phonenumbers.is_valid_number(number):
        raise RowFault("phone")
    return full, _is_textable(phonenumbers.number_type(number))


def _plain(national: str) -> tuple[str, bool] | None:
    """The answer, by the library's own patterns, for a number that is plainly one of the UK.

    Looking at every form of the world takes many times as long, and extracts hold millions. What
    is not plain here may be of the Channel Islands or Man, and is looked at in full.
    """
    full = f"+44{national}"
    if DRAMA_MOBILE.fullmatch(full) or DRAMA_LANDLINE.fullmatch(full):
        return full, full.startswith("+447")
    for kind, pattern in _KINDS:
        if pattern.fullmatch(national):
            return full, _is_textable(kind)
    return None


def _patterns() -> list[tuple[int, re.Pattern[str]]]:
    """What numbers of the UK are, each kind with its pattern, in the order the library asks."""
    metadata = PhoneMetadata.metadata_for_region("GB")
    found = []
    for name in ORDER:
        described = getattr(metadata, name)
        pattern = described and described.national_number_pattern
        if pattern:
            found.append((getattr(PhoneNumberType, name.upper()), re.compile(pattern, re.ASCII)))
    return found


def _is_textable(kind: int) -> bool:
    if kind == PhoneNumberType.MOBILE:
        return True
    if kind in RUNG:
        return False
    raise RowFault("phone")


_KINDS = _patterns()
