"""The made-up codes of the bench, and the 27 lists of them that its rules ask for.

No code here is anybody's: SNOMED CT and dm+d codes lie in a namespace that was never given out
(9999999, with a true check digit, so that they are read like any other), ICD-10 codes are letters
and figures in order. A list says how many people have it, how often, and how long it lasts.
"""

from dataclasses import dataclass
from functools import cache

from openprotect.records.rules.codes import check_digit

NAMESPACE = "9999999"
PARTITION = "10"
EVENT_CODES, DRUG_CODES, ADMISSION_CODES = 30_000, 20_000, 2_000
FIRST_DRUG = 100_000  # far from the numbers of events, so that no code is in both systems


@dataclass(frozen=True)
class Listed:
    """One list: `share` of people have it, with `each` events on average, spread over `days`."""

    key: str
    codes: int
    share: float
    each: float
    days: int = 365
    table: str = "events"
    value: tuple[float, float] | None = None
    unit: str = ""


LISTS = (
    Listed("transplant", 180, 0.0015, 2.5, 3000),
    Listed("cancer", 900, 0.030, 6, 900),
    Listed("chemotherapy", 120, 0.008, 6, 300),
    Listed("blood-cancer", 350, 0.005, 5, 900),
    Listed("copd", 60, 0.025, 5, 2500),
    Listed("fev1", 5, 0.040, 4, 2500, value=(55.0, 18.0), unit="%"),
    Listed("asthma", 130, 0.100, 3, 4000),
    Listed("asthma-resolved", 6, 0.020, 1.2, 200),
    Listed("rare-disease", 1200, 0.004, 4, 4000),
    Listed("pregnant", 500, 0.060, 2.5, 220),
    Listed("delivered", 220, 0.050, 1.2, 20),
    Listed("heart-disease", 450, 0.050, 5, 4000),
    Listed("kidney-stage-5", 18, 0.003, 4, 900),
    Listed("kidney-other-stages", 30, 0.040, 4, 3000),
    Listed("dialysis", 45, 0.001, 12, 1500),
    Listed("egfr", 8, 0.200, 4, 3000, value=(72.0, 22.0), unit="mL/min/1.73m2"),
    Listed("downs", 12, 0.001, 3, 5000),
    Listed("bmi", 6, 0.350, 3, 3000, value=(27.5, 5.5), unit="kg/m2"),
    Listed("splenectomy", 40, 0.0015, 2, 3000),
    Listed("flag-added", 3, 0.010, 1.3, 400),
    Listed("flag-removed", 3, 0.004, 1.2, 400),
    Listed("dissent", 6, 0.020, 1.2, 900),
    Listed("consent", 4, 0.010, 1.2, 900),
    Listed("steroids", 90, 0.080, 5, 500, table="drugs"),
    Listed("biologics", 20, 0.001, 6, 600, table="drugs"),
    Listed("immunosuppressants", 380, 0.015, 9, 500, table="drugs"),
    Listed("respiratory-admissions", 60, 0.030, 1.8, 500, table="admissions"),
)
SYSTEM = {"events": "snomed", "drugs": "dmd", "admissions": "icd10"}
SIZE = {"events": EVENT_CODES, "drugs": DRUG_CODES, "admissions": ADMISSION_CODES}


def by_table(table):
    return tuple(each for each in LISTS if each.table == table)


@cache
def places():
    """Where each list's codes stand in its table's dictionary: the first, and the one after."""
    found = {}
    for table in SIZE:
        start = 0
        for each in by_table(table):
            found[each.key] = (start, start + each.codes)
            start += each.codes
    return found


def first_ordinary(table):
    """The first code that no list holds; all after it are everybody else's."""
    return sum(each.codes for each in by_table(table))


@cache
def dictionary(table):
    """Every code of a table, in the order of its numbers."""
    if table == "admissions":
        return tuple(_icd10(number) for number in range(ADMISSION_CODES))
    first = FIRST_DRUG if table == "drugs" else 1
    return tuple(_snomed(first + number) for number in range(SIZE[table]))


def term(table, code):
    return f"Made-up {SYSTEM[table]} term {code}"


def codes_of(listed):
    first, end = places()[listed.key]
    return dictionary(listed.table)[first:end]


def _snomed(number):
    stem = f"{number}{NAMESPACE}{PARTITION}"
    return stem + check_digit(stem)


def _icd10(number):
    letter, rest = divmod(number, 100)
    return f"{chr(ord('A') + letter)}{rest:02d}9"
