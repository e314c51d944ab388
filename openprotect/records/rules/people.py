"""What a person's row may say: each value read strictly, and the row as a whole."""

import re
from datetime import date

from openprotect.base import nhs_number
from openprotect.records.rules import phones, text
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Person

NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
SCIENTIFIC = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.ASCII | re.IGNORECASE)
PRACTICE = re.compile(r"[A-Z0-9]{3,6}", re.ASCII)
SEXES = {
    "f": "female", "female": "female", "2": "female",
    "m": "male", "male": "male", "1": "male",
    "other": "other", "9": "other", "": "unknown", "unknown": "unknown", "0": "unknown",
}  # fmt: skip
YES = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}
CODES_OF_FAULTS = {
    "ten digits": "digits",
    "repeated": "repeated",
    "check digit": "check",
    "test": "test",
}
OLDEST = 120
# Typed into extracts where nobody knew the day.
FILLERS = {date(1900, 1, 1), date(1901, 1, 1)}


def number(written: str, *, synthetic: bool) -> str:
    """The NHS number of a row. RowFault says what is wrong; nothing is padded or guessed."""
    plain = written.strip(" \t")
    if not plain:
        raise RowFault("identity", held=True)
    if SCIENTIFIC.fullmatch(plain):
        raise RowFault("nhs-number-scientific", shape=True)
    try:
        return nhs_number.parse(plain, synthetic=synthetic)
    except nhs_number.NotAnNhsNumber as why:
        raise _fault(why.reason) from None


def _fault(reason: str) -> RowFault:
    for said, code in CODES_OF_FAULTS.items():
        if said in reason:
            return RowFault(f"nhs-number-{code}", shape=code == "digits")
    return RowFault("nhs-number-range")


def sex(written: str) -> str:
    if written.casefold() not in SEXES:
        raise RowFault("sex", shape=True)
    return SEXES[written.casefold()]


def yes(written: str) -> bool | None:
    """Yes, no, or nothing said: blank is never 'no'."""
    if not written:
        return None
    if written.casefold() not in YES:
        raise RowFault("yes-no", shape=True)
    return YES[written.casefold()]


def practice(written: str) -> str:
    """An ODS code, or '' for somebody registered nowhere."""
    code = written.upper()
    if code and not PRACTICE.fullmatch(code):
        raise RowFault("practice-code", shape=True)
    return code


def postcode(written: str) -> str:
    found = text.postcode(written)
    if found is None:
        raise RowFault("postcode", shape=True)
    return found


def numbers(mobile: str, phone: str) -> tuple[str, str]:
    """The number that can be texted and the one to ring, whichever column they came in."""
    textable = rung = ""
    for found in (phones.read(mobile), phones.read(phone)):
        if found and found[1]:
            textable = textable or found[0]
        elif found:
            rung = rung or found[0]
    return textable, rung


def fault_of(person: Person, today: date, *, said_alive: bool = False) -> RowFault | None:
    """What is wrong with the row as a whole, though each value can be read."""
    if not person.family:
        return RowFault("name-missing")
    if person.birth_date is None:
        return RowFault("birth-date-missing")
    return _age_fault(person.birth_date, person, today) or _death_fault(person, said_alive)


def _age_fault(born: date, person: Person, today: date) -> RowFault | None:
    if born in FILLERS:
        return RowFault("birth-date-filler", held=True)
    if born > today:
        return RowFault("birth-date-future")
    end = person.deceased_on or today
    return RowFault("age-over-120") if end.year - born.year > OLDEST else None


def _death_fault(person: Person, said_alive: bool) -> RowFault | None:
    if person.deceased_on is None:
        return None
    if said_alive:
        return RowFault("alive-with-death-date", held=True)
    if person.birth_date and person.deceased_on < person.birth_date:
        return RowFault("death-before-birth", held=True)
    return None
