"""Sums of numbers, quantities, words and dates. What overflows or divides by nought is empty."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, DecimalException, localcontext
from fractions import Fraction

from openprotect.forms.fhirpath import units
from openprotect.forms.fhirpath.errors import CannotEvaluate
from openprotect.forms.fhirpath.items import Item, kind_of
from openprotect.forms.fhirpath.values import Date, DateTime, Moment, Quantity, System, Time

GREATEST_INTEGER = 2**63
Number = int | Decimal
Value = System | None


def is_number(value: Item | None) -> bool:
    """Whether a value is an integer or a decimal."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def compute(operator: str, left: System, right: System) -> Value:
    """One of + - * / div mod on two values; none when there is no result."""
    if isinstance(left, Moment) and isinstance(right, Quantity) and operator in "+-":
        return shifted(left, right, 1 if operator == "+" else -1)
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        one, other = _quantity(left), _quantity(right)
        if one and other and operator in _QUANTITIES:
            return _QUANTITIES[operator](one, other)
    if isinstance(left, str) and isinstance(right, str) and operator == "+":
        return left + right
    if is_number(left) and is_number(right):
        return _numbers(operator, left, right)  # type: ignore[arg-type]
    raise CannotEvaluate(f"{kind_of(left)} {operator} {kind_of(right)} means nothing")


def _quantity(value: System) -> Quantity | None:
    if isinstance(value, Quantity):
        return value
    return Quantity(Decimal(value)) if is_number(value) else None  # type: ignore[arg-type]


def _numbers(operator: str, left: Number, right: Number) -> Number | None:
    try:
        with localcontext(prec=36):
            return in_bounds(_NUMBERS[operator](left, right))
    except (ZeroDivisionError, DecimalException):
        return None


def in_bounds(number: Number) -> Number | None:
    """The number, or none when it is too large to be one."""
    if isinstance(number, int):
        return number if -GREATEST_INTEGER <= number < GREATEST_INTEGER else None
    return number if number.is_finite() and number.adjusted() < 60 else None


def _divided(left: Number, right: Number) -> Decimal:
    return Decimal(left) / Decimal(right)


def _whole(left: Number, right: Number) -> int:
    return int(Decimal(left) / Decimal(right))


def _rest(left: Number, right: Number) -> Number:
    rest = Decimal(left) % Decimal(right)
    return int(rest) if isinstance(left, int) and isinstance(right, int) else rest


_NUMBERS: dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "div": _whole,
    "mod": _rest,
}


def _added(one: Quantity, other: Quantity, sign: int = 1) -> Quantity | None:
    numbers = units.magnitudes(one, other)
    unit = units.read(one.unit)
    if numbers is None:
        return None
    if one.unit == other.unit or unit is None:
        return Quantity(one.value + sign * other.value, one.unit)
    total = (numbers[0] + sign * numbers[1]) / unit.factor
    return Quantity(units.as_decimal(Fraction(total)), one.unit)


_QUANTITIES: dict[str, Callable[[Quantity, Quantity], Quantity | None]] = {
    "+": _added,
    "-": lambda one, other: _added(one, other, -1),
    "*": lambda one, other: units.multiplied(one, other, 1),
    "/": lambda one, other: units.multiplied(one, other, -1),
}


# --- dates -----------------------------------------------------------------------------------

_MONTHS = {"year": 12, "month": 1}
_DAYS = {"week": 7, "day": 1}
_SECONDS = {
    "hour": Decimal(3600),
    "minute": Decimal(60),
    "second": Decimal(1),
    "millisecond": Decimal("0.001"),
}


def shifted(moment: Moment, by: Quantity, sign: int) -> Value:
    """A date or time moved by a length of time, as exact as it was; parts of a unit are dropped."""
    unit = by.unit
    if unit not in {*_MONTHS, *_DAYS, *_SECONDS}:
        unit = units.UCUM_AS_CALENDAR.get(by.unit, "")
        if unit not in {*_DAYS, *_SECONDS}:  # UCUM's mo and a are not a calendar's
            raise CannotEvaluate(f"a date cannot be moved by {by.unit!r}")
    number = sign * int(by.value)
    try:
        if isinstance(moment, Time):
            return _time_moved(moment, unit, number)
        if isinstance(moment, Date | DateTime):
            return _moved(moment, unit, number)
    except (OverflowError, ValueError):
        return None
    return None


def _time_moved(moment: Time, unit: str, number: int) -> Value:
    if unit not in _SECONDS:
        raise CannotEvaluate(f"a time of day cannot be moved by {unit}s")
    total = _seconds(moment.parts) + number * _SECONDS[unit]
    return Time(_clock(total % 86400, len(moment.parts), moment.parts))


def _moved(moment: Date | DateTime, unit: str, number: int) -> Value:
    parts = moment.parts
    if unit in _MONTHS:
        day = _months_later(parts, _whole_months(number * _MONTHS[unit], len(parts)))
        return type(moment)((*_days_of(day)[: len(parts)], *parts[3:]), moment.zone)
    if len(parts) < 3:  # a year or a month moves by whole ones, as a calendar counts them
        days = number * _DAYS[unit] if unit in _DAYS else int(number * _SECONDS[unit] / 86400)
        whole = int(days / 365) * 12 if len(parts) == 1 else int(days / 30)
        return type(moment)(_days_of(_months_later(parts, whole))[: len(parts)], moment.zone)
    day = date(*map(int, parts[:3]))
    if unit in _DAYS:
        moved = day + timedelta(days=number * _DAYS[unit])
        return type(moment)((*_days_of(moved), *parts[3:]), moment.zone)
    total = _seconds(parts[3:]) + number * _SECONDS[unit]
    if len(parts) == 3:
        moved = day + timedelta(days=int(total / 86400))
        return type(moment)(_days_of(moved), moment.zone)
    moved = day + timedelta(days=int(total // 86400))
    clock = _clock(total % 86400, len(parts) - 3, parts[3:])
    return type(moment)((*_days_of(moved), *clock), moment.zone)


def _whole_months(months: int, known: int) -> int:
    return int(months / 12) * 12 if known == 1 else months


def _months_later(parts: tuple[Number, ...], months: int) -> date:
    year, month, day = [*map(int, parts[:3]), 1, 1][:3]
    later, index = divmod(year * 12 + month - 1 + months, 12)
    return date(later, index + 1, min(day, calendar.monthrange(later, index + 1)[1]))


def _days_of(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _seconds(parts: tuple[Number, ...]) -> Decimal:
    scale = (Decimal(3600), Decimal(60), Decimal(1))
    return sum((Decimal(part) * each for part, each in zip(parts, scale, strict=False)), Decimal(0))


def _clock(total: Decimal, known: int, before: tuple[Number, ...]) -> tuple[Number, ...]:
    hour, rest = divmod(total, 3600)
    minute, second = divmod(rest, 60)
    if known > 2 and isinstance(before[2], Decimal):
        exact = min(int(before[2].as_tuple().exponent), int(second.normalize().as_tuple().exponent))
        second = second.quantize(Decimal(1).scaleb(min(exact, 0)))
    return (int(hour), int(minute), second)[:known]
