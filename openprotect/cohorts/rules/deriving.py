"""Published formulas that turn a measured value into the one that a rule asks about."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from openprotect.cohorts.rules.language import Derived
from openprotect.cohorts.rules.measures import age_on
from openprotect.records.rules.values import Person

MICROMOLES_IN_MILLIGRAM: Final = 88.4
# So many decimals are kept that engines whose powers differ in the last bit find the same people.
DECIMALS: Final = 6


@dataclass(frozen=True)
class Coefficients:
    """What CKD-EPI 2009 knows of one sex."""

    kappa: float
    alpha: float
    factor: float


SEXES: Final = {
    "female": Coefficients(kappa=0.7, alpha=-0.329, factor=1.018),
    "male": Coefficients(kappa=0.9, alpha=-0.411, factor=1.0),
}


def derived(formula: Derived, value: float, person: Person, on: date) -> float | None:
    """The value that the formula gives for this person on this day; None when it gives none."""
    known = SEXES.get(person.sex)
    match formula:
        case Derived.EGFR if known and person.birth_date and value > 0:
            return _egfr(value, known, age_on(person.birth_date, on))
    return None


def _egfr(creatinine: float, known: Coefficients, age: int) -> float:
    """Levey et al., Ann Intern Med 2009;150:604, without the coefficient for ethnicity."""
    ratio = creatinine / MICROMOLES_IN_MILLIGRAM / known.kappa
    below, above = math.pow(min(ratio, 1.0), known.alpha), math.pow(max(ratio, 1.0), -1.209)
    return round(141.0 * below * above * math.pow(0.993, age) * known.factor, DECIMALS)
