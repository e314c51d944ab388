"""Clinical code systems that the lake keeps, their names in FHIR, and the shape of their codes."""

import re
from functools import lru_cache

from openprotect.records.rules.reasons import RowFault

# In the order in which one of several codings is chosen: UK clinical terms first.
SYSTEMS = ("snomed", "dmd", "icd10", "opcs4", "loinc", "rxnorm", "cvx", "ctv3", "score")

TITLES = {
    "snomed": "SNOMED CT",
    "dmd": "dm+d",
    "icd10": "ICD-10",
    "opcs4": "OPCS-4",
    "loinc": "LOINC",
    "rxnorm": "RxNorm",
    "cvx": "CVX",
    "ctv3": "CTV3 (Read codes, version 3)",
    "score": "a risk score with its version",
}

FHIR_NAMES = {
    "http://snomed.info/sct": "snomed",
    "https://dmd.nhs.uk": "dmd",
    "http://dmd.nhs.uk": "dmd",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-uk": "icd10",
    "https://fhir.nhs.uk/Id/opcs-4": "opcs4",
    "https://fhir.hl7.org.uk/Id/opcs-4": "opcs4",
    "http://fhir.hl7.org.uk/opcs-4": "opcs4",
    "http://loinc.org": "loinc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://read.info/ctv3": "ctv3",
}

SHAPES = {
    "snomed": re.compile(r"[1-9][0-9]{5,17}", re.ASCII),
    "dmd": re.compile(r"[1-9][0-9]{5,17}", re.ASCII),
    "icd10": re.compile(r"[A-Z][0-9]{2}[0-9X]?[0-9A-Z]?", re.ASCII),
    "opcs4": re.compile(r"[A-Z][0-9]{2}[0-9]?", re.ASCII),
    "loinc": re.compile(r"[0-9]{1,7}-[0-9]", re.ASCII),
    "rxnorm": re.compile(r"[1-9][0-9]{0,7}", re.ASCII),
    "cvx": re.compile(r"[0-9]{1,3}", re.ASCII),
    # Five signs, filled up with dots; capitals and small letters are different codes.
    "ctv3": re.compile(r"(?![.]{5})[0-9A-Za-z.]{5}", re.ASCII),
    "score": re.compile(r"[a-z][a-z0-9-]{0,30} [0-9A-Za-z][0-9A-Za-z.-]{0,15}", re.ASCII),
}

# Verhoeff's check digit (SNOMED CT Release File Specification, 5.5): one wrong digit or two
# neighbours swapped never pass. Multiplication and permutation of the dihedral group of ten.
_TIMES = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_SHUFFLED = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


@lru_cache(maxsize=100_000)
def read(code: str, system: str) -> str:
    """The code as the lake keeps it. RowFault when it cannot be a code of this system."""
    if system not in SHAPES:
        raise RowFault("code-system")
    written = code.strip()
    if system in ("icd10", "opcs4"):
        written = written.replace(".", "").upper().rstrip("-")
    if not SHAPES[system].fullmatch(written):
        raise RowFault("code")
    if system in ("snomed", "dmd") and not has_check_digit(written):
        raise RowFault("code")
    return written


def has_check_digit(code: str) -> bool:
    """Whether the last digit is Verhoeff's check digit of the others."""
    return code[-1] == check_digit(code[:-1])


def check_digit(others: str) -> str:
    """The digit that makes a SNOMED CT identifier of the others: what undoes their product."""
    check = 0
    for place, digit in enumerate(reversed(others), start=1):
        check = int(_TIMES[check][int(_SHUFFLED[place % 8][int(digit)])])
    return str(_TIMES[check].index("0"))


def names(system: str) -> str | None:
    """Our short name of a FHIR code system, or None when the lake does not keep it."""
    return FHIR_NAMES.get(system.rstrip("/"))


def plain(system: str) -> str:
    """The short name of a code system, however it is spaced and dashed."""
    return system.casefold().replace(" ", "").replace("-", "").replace("+", "")
