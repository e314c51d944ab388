"""Made-up codes for lists that are not supplied, so that cards can be played without them.

The codes mean nothing anywhere: a card shows what a rule does with a list, never what is on it.
"""

from dataclasses import replace
from typing import Final
from zlib import crc32

from openprotect.cohorts.rules import Codelist, CohortRules
from openprotect.records.rules.codes import has_check_digit

SNOMED: Final = ("snomed", "dmd")


def with_stand_ins(rules: CohortRules) -> CohortRules:
    """The same rules, with one made-up code on each list that holds none."""
    lists = {
        key: listed if listed.terms else _stand_in(key, listed.system)
        for key, listed in rules.codelists.items()
    }
    return replace(rules, codelists=lists)


def _stand_in(key: str, system: str) -> Codelist:
    return Codelist(key, system, {made_up(key, system): f"Made up: {key}"})


def made_up(key: str, system: str) -> str:
    """The same code for the same list each time, in the shape of its system."""
    number = crc32(key.encode()) % 1_000_000
    if system in SNOMED:
        shape = f"999{number:06}10"
        return next(code for digit in "0123456789" if has_check_digit(code := shape + digit))
    if system in ("icd10", "opcs4"):
        return f"U{number % 1000:03}"
    return f"{number}-{number % 10}" if system == "loinc" else str(number % 1000)
