"""The NHS number, ten digits with a check digit (NHS data dictionary), and the made-up range."""

import hashlib
import re

from nhs_number import (
    REGION_ENGLAND_WALES_IOM,
    REGION_RESERVED,
    REGION_SYNTHETIC,
    calculate_checksum,
    is_valid,
)

SPACERS = re.compile(r"[ \u00a0-]")
TEN_DIGITS = re.compile(r"[0-9]{10}")
REPEATED = re.compile(r"([0-9])\1{9}")


class NotAnNhsNumber(ValueError):
    """The text is no NHS number; `reason` says why and never holds the text itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(text: str, *, synthetic: bool = False) -> str:
    """The ten digits of an NHS number allocated in England, Wales or the Isle of Man.

    With `synthetic`, numbers of the ranges never issued to anyone (those from 5 and from 9, which
    national test services use) are taken too. Spaces and dashes are dropped; nothing is padded or
    guessed. Raises NotAnNhsNumber.
    """
    digits = SPACERS.sub("", text)
    if not TEN_DIGITS.fullmatch(digits):
        raise NotAnNhsNumber("not ten digits")
    if REPEATED.fullmatch(digits):
        raise NotAnNhsNumber("one digit repeated")
    if not is_valid(digits):
        raise NotAnNhsNumber("the check digit is wrong")
    if REGION_ENGLAND_WALES_IOM.contains_number(digits):
        return digits
    if REGION_SYNTHETIC.contains_number(digits) or (
        synthetic and REGION_RESERVED.contains_number(digits)
    ):
        if synthetic:
            return digits
        raise NotAnNhsNumber("a test number, refused outside demonstration mode")
    raise NotAnNhsNumber("outside the range allocated in England and Wales")


def synthetic_number(seed: str) -> str:
    """A stable NHS number of the 999 range, which is never issued, drawn from the seed."""
    for turn in range(100):
        digest = hashlib.sha256(f"{seed}/{turn}".encode()).hexdigest()
        nine = f"999{int(digest, 16) % 1_000_000:06d}"
        check = calculate_checksum(nine)
        if check not in (None, 10) and not REPEATED.fullmatch(f"{nine}{check}"):
            return f"{nine}{check}"
    raise AssertionError("no synthetic number in a hundred turns")


def spaced(digits: str) -> str:
    """As printed on letters: 999 123 4567."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
