"""What somebody typing a note may not have meant to write down for all who read it."""

import re

from openprotect.base.nhs_number import NotAnNhsNumber, parse

TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
KEY_SAFE = re.compile(r"key\s*-?safe|key code|door code|keysafe|entry code", re.IGNORECASE)
A_CODE = re.compile(r"(?<!\d)[0-9A-Z]?\d{3,6}[0-9A-Z]?(?!\d)", re.IGNORECASE)


def cautions(note: str, *, own_number: str = "") -> tuple[str, ...]:
    """What to ask about before a note is kept: a stranger's NHS number, a way into a home."""
    found = []
    if any(number != own_number for number in _nhs_numbers(note)):
        whose = "another person's NHS number" if own_number else "an NHS number"
        found.append(f"The note holds {whose}.")
    if KEY_SAFE.search(note) and A_CODE.search(note):
        found.append("The note seems to hold the code of a key safe or a door. Many can read it.")
    return tuple(found)


def _nhs_numbers(note: str) -> list[str]:
    numbers = []
    for each in TEN_DIGITS.finditer(note):
        try:
            numbers.append(parse(each[0], synthetic=True))
        except NotAnNhsNumber:
            continue
    return numbers
