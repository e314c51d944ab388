"""How exact a value is, and the least and greatest values that it may stand for."""

import calendar
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

from openprotect.forms.fhirpath.arithmetic import is_number
from openprotect.forms.fhirpath.errors import CannotEvaluate
from openprotect.forms.fhirpath.items import kind_of
from openprotect.forms.fhirpath.values import Date, DateTime, Moment, Quantity, System, Time

USUAL_PLACES, MOST_PLACES = 8, 31
_DIGITS = {Date: (4, 6, 8), DateTime: (4, 6, 8, 10, 12, 14, 17), Time: (2, 4, 6, 9)}
EARLIEST_ZONE, LATEST_ZONE = 14 * 60, -12 * 60  # a moment without a zone may be in any


def precision(value: System) -> int:
    """Digits after the point of a number, digits written of a date or time."""
    if isinstance(value, Moment):
        return value.precision
    if isinstance(value, Quantity):
        value = value.value
    if is_number(value):
        return max(0, -int(Decimal(value).as_tuple().exponent))
    raise CannotEvaluate(f"{kind_of(value)} has no precision")


def boundary(value: System, *, high: bool, digits: int | None) -> System | None:
    """The least or greatest value meant; none when it cannot be said with so many digits."""
    if isinstance(value, Quantity):
        number = _of_number(value.value, high, digits)
        return None if number is None else Quantity(number, value.unit)
    if is_number(value):
        return _of_number(Decimal(value), high, digits)  # type: ignore[arg-type]
    if isinstance(value, Date | DateTime | Time):
        return _of_moment(value, high, digits)
    raise CannotEvaluate(f"{kind_of(value)} has no boundary")


def _of_number(value: Decimal, high: bool, digits: int | None) -> Decimal | None:
    places = USUAL_PLACES if digits is None else digits
    if not 0 <= places <= MOST_PLACES:
        return None
    half = Decimal(5).scaleb(-precision(value) - 1)
    away = value >= 0 if high else value <= 0  # the half that is furthest from nought
    with localcontext(prec=80):
        bound = value + half if high else value - half
        rounding = ROUND_HALF_UP if away else ROUND_DOWN
        return bound.quantize(Decimal(1).scaleb(-places), rounding=rounding) + 0


def _of_moment(value: Date | DateTime | Time, high: bool, digits: int | None) -> System | None:
    allowed = _DIGITS[type(value)]
    wanted = allowed[-1] if digits is None else digits
    if wanted not in allowed:
        return None
    parts = list(value.parts)
    while len(parts) < len(value.DIGITS):
        parts.append(_filled(value, parts, high))
    kept = len([each for each in value.DIGITS if each <= wanted])
    parts = parts[:kept]
    if not isinstance(value, Date) and kept == len(value.DIGITS):
        parts[-1] = _second(parts[-1], wanted, value, high)
    zone = value.zone
    if isinstance(value, DateTime) and zone is None and kept > 3:
        zone = LATEST_ZONE if high else EARLIEST_ZONE
    return type(value)(tuple(parts), zone if kept > 3 else None)


def _filled(value: Moment, parts: list[int | Decimal], high: bool) -> int:
    """The first or last month, day, hour, minute or second that the parts before it allow."""
    place = len(parts) + (3 if isinstance(value, Time) else 0)
    if not high:
        return 1 if place < 3 else 0
    if place == 2:
        return calendar.monthrange(int(parts[0]), int(parts[1]))[1]
    return {1: 12, 3: 23}.get(place, 59)


def _second(second: int | Decimal, wanted: int, value: Moment, high: bool) -> Decimal:
    if wanted == value.DIGITS[-1]:
        return Decimal(int(second))
    places = precision(Decimal(second)) if isinstance(second, Decimal) else 0
    rest = Decimal("0.999") if high and not places else Decimal(0)
    return (Decimal(second) + rest).quantize(Decimal("0.001"), rounding=ROUND_DOWN)
