"""toX() and convertsToX(): a value as another type where the standard allows it."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from openprotect.forms.fhirpath import units
from openprotect.forms.fhirpath.evaluation import Calling, Items
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import Element, Item
from openprotect.forms.fhirpath.values import CALENDAR, Date, DateTime, Quantity, System, Time

_YES = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_NO = frozenset({"false", "f", "no", "n", "0", "0.0"})
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,60}(\.[0-9]{1,60})?")
_QUANTITY = re.compile(
    r"(?P<number>[+-]?[0-9]{1,60}(\.[0-9]{1,60})?)\s*('(?P<unit>[^']+)'|(?P<word>[a-zA-Z]+))?"
)


def to_boolean(value: Item) -> System | None:
    """A yes or no, where the value is a usual way to write one."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        value = value.lower()
        return True if value in _YES else False if value in _NO else None
    if isinstance(value, int | Decimal):
        return True if value == 1 else False if value == 0 else None
    return None


def to_integer(value: Item) -> System | None:
    """A whole number."""
    if isinstance(value, int):
        return int(value)
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def to_decimal(value: Item) -> System | None:
    """A number."""
    if isinstance(value, int | Decimal):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else None


def to_words(value: Item) -> System | None:
    """A value as it is written."""
    if isinstance(value, Element):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def to_quantity(value: Item) -> System | None:
    """A number with its unit, or with none."""
    if isinstance(value, Quantity):
        return value
    if isinstance(value, int | Decimal):
        return Quantity(Decimal(value))
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    word = (found["word"] or "").removesuffix("s")
    if found["word"] and word not in CALENDAR:
        return None
    return Quantity(Decimal(found["number"]), found["unit"] or word or "1")


def to_date(value: Item) -> System | None:
    """A day; of a moment, the day on which it is."""
    if isinstance(value, Date):
        return value
    if isinstance(value, DateTime):
        return Date(value.parts[:3])
    if not isinstance(value, str):
        return None
    moment = DateTime.read(value)
    return Date(moment.parts[:3]) if moment else None


def to_date_time(value: Item) -> System | None:
    """A moment."""
    if isinstance(value, DateTime):
        return value
    if isinstance(value, Date):
        return DateTime(value.parts)
    return DateTime.read(value) if isinstance(value, str) else None


def to_time(value: Item) -> System | None:
    """A time of day."""
    if isinstance(value, Time):
        return value
    return Time.read(value.removeprefix("T")) if isinstance(value, str) else None


Conversion = Callable[[Item], System | None]


def _to(convert: Conversion) -> Callable[[Calling], Items]:
    def converted(call: Calling) -> Items:
        value = call.value()
        result = None if value is None else convert(value)
        return [] if result is None else [_in_unit(call, result)]

    return converted


def _in_unit(call: Calling, result: System) -> System:
    """toQuantity() may name a unit, which is that of the value or nothing is changed."""
    if call.arguments and isinstance(result, Quantity) and (unit := call.text(0)):
        from_, to = units.read(result.unit), units.read(unit)
        if from_ and to and from_.dimensions == to.dimensions:
            number = units.as_decimal(Fraction(result.value) * from_.factor / to.factor)
            return Quantity(number, unit)
    return result


def _converts(convert: Conversion) -> Callable[[Calling], Items]:
    def could(call: Calling) -> Items:
        value = call.value()
        return [] if value is None else [convert(value) is not None]

    return could


_CONVERSIONS: dict[str, Conversion] = {
    "Boolean": to_boolean,
    "Integer": to_integer,
    "Long": to_integer,
    "Decimal": to_decimal,
    "String": to_words,
    "Date": to_date,
    "DateTime": to_date_time,
    "Time": to_time,
}
FUNCTIONS = {
    **{f"to{name}": Known(_to(convert)) for name, convert in _CONVERSIONS.items()},
    **{f"convertsTo{name}": Known(_converts(convert)) for name, convert in _CONVERSIONS.items()},
    "toQuantity": Known(_to(to_quantity), 0, 1),
    "convertsToQuantity": Known(_converts(to_quantity), 0, 1),
}
