"""What a measurement may be: the unit its code is given in, and what a living body can show.

Bounds are wide on purpose: they catch another unit or a slip of the finger, never an ill person.
"""

from dataclasses import dataclass

from openprotect.records.rules.reasons import RowFault


@dataclass(frozen=True)
class Measure:
    """One kind of measurement: units it may come in (none listed: any), and its bounds."""

    units: frozenset[str]
    low: float
    high: float


def _measure(low: float, high: float, *units: str) -> Measure:
    return Measure(frozenset(unit.casefold() for unit in units), low, high)


TEMPERATURE = _measure(25, 45, "Cel", "°C", "degC", "C", "")
WEIGHT = _measure(0.2, 500, "kg", "")
HEIGHT = _measure(20, 260, "cm", "")
PEAK_FLOW = _measure(20, 1000, "L/min", "l/min", "")
BMI = _measure(4, 200, "kg/m2", "kg/m^2", "kg/m²", "")
OXYGEN = _measure(20, 100, "%", "")
GLUCOSE = _measure(0.1, 150, "mmol/L", "")
CREATININE = _measure(5, 3000, "umol/L", "µmol/L", "μmol/L", "micromol/L", "")
HBA1C = _measure(5, 250, "mmol/mol", "")

# SNOMED CT codes are given in UK units; LOINC codes name their own property, so only their
# bounds are tested and their unit is taken as given.
MEASURES = {
    "386725007": TEMPERATURE,
    "276885007": TEMPERATURE,
    "8310-5": TEMPERATURE,
    "27113001": WEIGHT,
    "162763007": WEIGHT,
    "29463-7": WEIGHT,
    "50373000": HEIGHT,
    "8302-2": HEIGHT,
    "18491006": PEAK_FLOW,
    "33452-4": PEAK_FLOW,
    "60621009": BMI,
    "301331008": BMI,
    "846931000000101": BMI,
    "39156-5": BMI,
    "431314004": OXYGEN,
    "59408-5": OXYGEN,
    "1005671000000105": GLUCOSE,
    "997671000000106": GLUCOSE,
    "1000731000000107": CREATININE,
    "999791000000106": HBA1C,
    "1049301000000100": HBA1C,
}


def check(code: str, value: float | None, unit: str) -> None:
    """Hold a value that cannot be, or one in a unit other than expected; never convert it."""
    measure = MEASURES.get(code)
    if measure is None or value is None:
        return
    if unit.casefold() not in measure.units:
        raise RowFault("unit", held=True)
    if not measure.low <= value <= measure.high:
        raise RowFault("value-implausible", held=True)
