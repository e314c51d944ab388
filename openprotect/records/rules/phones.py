"""Phone numbers of the UK: which can be texted, which can be rung, which are neither."""

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from openprotect.records.rules.reasons import RowFault

# Ofcom keeps these for drama: never allocated, so safe for made-up people.
DRAMA_MOBILE = re.compile(r"\+447700900[0-9]{3}")
DRAMA_LANDLINE = re.compile(r"\+441632960[0-9]{3}")
RUNG = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.UAN,
}
LETTERS = re.compile(r"[^0-9+()\s.\-/]")


def read(text: str) -> tuple[str, bool] | None:
    """The number in international form and whether it can be texted; None for none given."""
    if not text.strip():
        return None
    if LETTERS.search(text) or not text.isascii():
        raise RowFault("phone")
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


def _is_textable(kind: int) -> bool:
    if kind == PhoneNumberType.MOBILE:
        return True
    if kind in RUNG:
        return False
    raise RowFault("phone")
