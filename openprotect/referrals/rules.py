"""What each kind of receiver needs to know of a person to help, and the words around it."""

from collections.abc import Mapping
from datetime import timedelta

from openprotect.base.refusals import Refused

LONGEST_WHAT = 1000
LONGEST_NOTE = 2000
LONGEST_HOLD = timedelta(days=28)

NAME, PHONE, ADDRESS, LANGUAGE = "name", "phone", "address", "language"
MIND, NEEDS = "mind", "needs"
BIRTH_DATE, NHS_NUMBER, PRACTICE = "birth_date", "nhs_number", "practice"

LABELS = {
    MIND: "Before you contact them",
    NAME: "Name",
    PHONE: "Phone",
    ADDRESS: "Address",
    LANGUAGE: "Language",
    NEEDS: "What they need to understand you",
    BIRTH_DATE: "Date of birth",
    NHS_NUMBER: "NHS number",
    PRACTICE: "GP practice",
}

# Data minimisation by construction: what is not in this table does not leave for that receiver.
# A council or charity brings help to a door; a pharmacy must find the right patient. What to mind
# and what somebody needs to understand is shared with all: the Accessible Information Standard.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "council": (MIND, NAME, PHONE, ADDRESS, LANGUAGE, NEEDS),
    "charity": (MIND, NAME, PHONE, ADDRESS, LANGUAGE, NEEDS),
    "pharmacy": (MIND, NAME, BIRTH_DATE, NHS_NUMBER, PHONE, ADDRESS, LANGUAGE, NEEDS, PRACTICE),
    "practice": (MIND, NAME, BIRTH_DATE, NHS_NUMBER, PHONE, LANGUAGE, NEEDS),
    "locality": (MIND, NAME, BIRTH_DATE, NHS_NUMBER, PHONE, ADDRESS, LANGUAGE, NEEDS, PRACTICE),
}
# Where somebody lives who is at risk of violence goes to nobody: they are rung, by surveillance.
PLACES_THEM = frozenset({PHONE, ADDRESS, PRACTICE})


class NotYourReferral(Refused):
    """It was made to another organisation, or by one."""


class ReferralChanged(Refused):
    """Somebody else acted on the referral since the page was opened."""


def needed_by(function: str, *, is_restricted: bool) -> tuple[str, ...]:
    """The facts that a receiver of this kind is told, in the order they are shown."""
    wanted = NEEDED.get(function, (NAME, PHONE))
    return tuple(each for each in wanted if not (is_restricted and each in PLACES_THEM))


def masked(address: str) -> str:
    """An address as a hint to who knows it: j•••@council.example, or a phone ending in 123."""
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"a phone ending in {address[-3:]}"
