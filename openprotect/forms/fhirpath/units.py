"""Units of UCUM as far as forms need them: what can be compared, and by what factor."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from openprotect.forms.fhirpath.values import CALENDAR, Quantity

Dimensions = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Unit:
    """A unit as a multiple of base units raised to powers."""

    factor: Fraction
    dimensions: Dimensions


# A calendar's days and shorter units are those of a clock; months and years have no fixed length.
CALENDAR_AS_UCUM = {
    "week": "wk",
    "day": "d",
    "hour": "h",
    "minute": "min",
    "second": "s",
    "millisecond": "ms",
}
UCUM_AS_CALENDAR = {"a": "year", "mo": "month"} | {
    ucum: word for word, ucum in CALENDAR_AS_UCUM.items()
}
_PREFIXES = {
    "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip
# Cel, [degF] and [pH] have no simple factor: each is compared with itself alone.
_BASE = ("m", "s", "g", "rad", "K", "C", "cd", "Cel", "[degF]", "[pH]")
# Metric units take prefixes; each is written in terms of those above it.
_METRIC = {
    "mol": (Fraction("6.0221367e23"), "1"),
    "L": (Fraction(1, 1000), "m3"),
    "l": (Fraction(1, 1000), "m3"),
    "N": (Fraction(1000), "g.m/s2"),
    "Pa": (Fraction(1), "N/m2"),
    "J": (Fraction(1), "N.m"),
    "W": (Fraction(1), "J/s"),
    "Hz": (Fraction(1), "s-1"),
    "A": (Fraction(1), "C/s"),
    "V": (Fraction(1), "J/C"),
    "Ohm": (Fraction(1), "V/A"),
    "kat": (Fraction(1), "mol/s"),
    "U": (Fraction(1, 60000000), "mol/s"),
    "cal": (Fraction("4.184"), "J"),
    "t": (Fraction(1000000), "g"),
    "eq": (Fraction(1), "mol"),
    "osm": (Fraction(1), "mol"),
    "bar": (Fraction(100000), "Pa"),
    "m[Hg]": (Fraction("133322"), "Pa"),
    "m[H2O]": (Fraction("9806.65"), "Pa"),
}
_OTHER = {
    "%": (Fraction(1, 100), "1"),
    "min": (Fraction(60), "s"),
    "h": (Fraction(3600), "s"),
    "d": (Fraction(86400), "s"),
    "wk": (Fraction(604800), "s"),
    "a": (Fraction(31557600), "s"),
    "mo": (Fraction(2629800), "s"),
    "[in_i]": (Fraction("0.0254"), "m"),
    "[ft_i]": (Fraction("0.3048"), "m"),
    "[yd_i]": (Fraction("0.9144"), "m"),
    "[mi_i]": (Fraction("1609.344"), "m"),
    "[lb_av]": (Fraction("453.59237"), "g"),
    "[oz_av]": (Fraction("28.349523125"), "g"),
    "[stone_av]": (Fraction("6350.29318"), "g"),
    "[gal_us]": (Fraction("3.785411784"), "L"),
    "[pt_br]": (Fraction("0.56826125"), "L"),
    "[foz_br]": (Fraction("0.0284130625"), "L"),
    "[foz_us]": (Fraction("0.0295735295625"), "L"),
    "deg": (Fraction("0.017453292519943295"), "rad"),
    "[ppm]": (Fraction(1, 1000000), "1"),
}
_ARBITRARY = re.compile(r"\[(?:iU|IU|arb'U|drp|hnsf'U|CFU)\]")
_PART = re.compile(r"(?P<symbol>(?:\[[^\]]*\]|[A-Za-z%])+)?(?P<power>[+-]?\d+)?(?:\{[^}]*\})?")


@lru_cache(maxsize=1000)
def read(text: str) -> Unit | None:
    """The unit, or none when it is not one that is known here."""
    text = CALENDAR_AS_UCUM.get(text, text)
    if text in CALENDAR:
        return Unit(Fraction(1), ((text, 1),))
    return _product(text)


def _product(text: str) -> Unit | None:
    result = Unit(Fraction(1), ())
    for place, part in enumerate(re.split(r"(?<!\{)([./])(?![^{]*\})", text)):
        if place % 2:
            sign = 1 if part == "." else -1
            continue
        sign = sign if place else 1
        if place == 0 and not part:  # as in /min
            continue
        unit = _powered(part)
        if unit is None:
            return None
        result = times(result, unit, sign)
    return result


def _powered(text: str) -> Unit | None:
    found = _PART.fullmatch(text)
    if not found:
        return None
    if not found["symbol"]:
        return Unit(Fraction(int(found["power"] or 1)), ())
    unit = _symbol(found["symbol"])
    power = int(found["power"] or 1)
    if unit is None or abs(power) > 9:
        return None
    return Unit(unit.factor**power, tuple((name, each * power) for name, each in unit.dimensions))


def _symbol(text: str) -> Unit | None:
    if found := _whole(text):
        return found
    for length in (2, 1):
        prefix, rest = text[:length], text[length:]
        if prefix in _PREFIXES and (rest in _BASE or rest in _METRIC):
            unit = _whole(rest)
            if unit:
                return Unit(unit.factor * Fraction(10) ** _PREFIXES[prefix], unit.dimensions)
    return None


def _whole(text: str) -> Unit | None:
    if text in _BASE or _ARBITRARY.fullmatch(text):
        return Unit(Fraction(1), ((text, 1),))
    known = _METRIC.get(text) or _OTHER.get(text)
    if not known:
        return None
    of = _product(known[1])
    return Unit(known[0] * of.factor, of.dimensions) if of else None


def times(one: Unit, other: Unit, sign: int = 1) -> Unit:
    """The product of two units, or the quotient."""
    powers = dict(one.dimensions)
    for name, power in other.dimensions:
        powers[name] = powers.get(name, 0) + sign * power
    left = tuple(sorted((name, power) for name, power in powers.items() if power))
    return Unit(one.factor * other.factor**sign, left)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether both measure the same thing."""
    return one.unit == other.unit or _dimensions(one) == _dimensions(other) is not None


def _dimensions(quantity: Quantity) -> Dimensions | None:
    unit = read(quantity.unit)
    return unit.dimensions if unit else None


def magnitudes(one: Quantity, other: Quantity) -> tuple[Fraction, Fraction] | None:
    """Both as numbers in the same unit; none when they cannot be compared."""
    if one.unit == other.unit:
        return Fraction(one.value), Fraction(other.value)
    mine, theirs = read(one.unit), read(other.unit)
    if mine is None or theirs is None or mine.dimensions != theirs.dimensions:
        return None
    return Fraction(one.value) * mine.factor, Fraction(other.value) * theirs.factor


def as_decimal(number: Fraction) -> Decimal:
    """A fraction as a decimal, to 28 digits."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def multiplied(one: Quantity, other: Quantity, sign: int) -> Quantity | None:
    """The product (1) or quotient (-1) of two quantities, in base units."""
    mine, theirs = read(one.unit), read(other.unit)
    if mine is None or theirs is None or (sign < 0 and not other.value):
        return None
    if not theirs.dimensions and theirs.factor == 1:
        return Quantity(as_decimal(Fraction(one.value) * Fraction(other.value) ** sign), one.unit)
    unit = times(mine, theirs, sign)
    number = Fraction(one.value) * Fraction(other.value) ** sign * unit.factor
    return Quantity(as_decimal(number), _written(unit.dimensions))


def _written(dimensions: Dimensions) -> str:
    words = [name + (str(power) if power != 1 else "") for name, power in dimensions]
    return ".".join(words) or "1"
