"""Functions on numbers, and sums over many."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Decimal,
    DecimalException,
    localcontext,
)
from typing import cast

from openprotect.forms.fhirpath import arithmetic, comparing
from openprotect.forms.fhirpath.errors import CannotEvaluate
from openprotect.forms.fhirpath.evaluation import Calling, Items, single_value
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import Element, Item, kind_of, plain
from openprotect.forms.fhirpath.values import Quantity, System

Number = int | Decimal
DIGITS = 36


def _number(call: Calling, value: Item | None) -> Number | None:
    if value is None or arithmetic.is_number(value):
        return cast("Number | None", value)
    raise CannotEvaluate(f"{call.name}() is for numbers, not {kind_of(value)}")


def _maths(do: Callable[..., Number | None], arguments: int = 0, optional: bool = False) -> Known:
    """A function on one number; whatever has no result is empty."""

    def function(call: Calling) -> Items:
        number = _number(call, call.value())
        given = [
            _number(call, single_value(call.argument(place), f"the argument of {call.name}()"))
            for place in range(len(call.arguments))
        ]
        if number is None or None in given:
            return []
        try:
            with localcontext(prec=DIGITS):
                result = do(number, *given)
        except (DecimalException, ZeroDivisionError, OverflowError, ValueError):
            return []
        result = None if result is None else arithmetic.in_bounds(result)
        return [] if result is None else [result]

    return Known(function, 0 if optional else arguments, arguments)


def _round(number: Number, places: Number = 0) -> Number | None:
    if places < 0 or places != int(places) or places > 60:
        raise CannotEvaluate("round() asks for a number of digits, nought or more")
    if isinstance(number, int):
        return number
    rounded = number.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)
    return int(rounded) if places == 0 else rounded


def _power(number: Number, exponent: Number) -> Number | None:
    if number < 0 and exponent != int(exponent):
        return None
    result = Decimal(number) ** Decimal(exponent)
    whole = isinstance(number, int) and isinstance(exponent, int) and exponent >= 0
    return int(result) if whole and result.adjusted() < 19 else _shorter(result)


def _shorter(number: Decimal) -> Decimal:
    """Without the noughts that a computation leaves behind."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()


def _log(number: Number, base: Number) -> Decimal:
    power = Decimal(number).ln() / Decimal(base).ln()
    nearest = power.to_integral_value()
    return nearest if Decimal(base) ** nearest == number else power


def _abs(call: Calling) -> Items:
    value = call.value()
    if isinstance(value, Quantity):
        return [Quantity(abs(value.value), value.unit)]
    number = _number(call, value)
    return [] if number is None else [max(number, -number)]


# --- over many -------------------------------------------------------------------------------


def _values(call: Calling) -> list[System]:
    values: list[System] = []
    for item in call.input:
        value = plain(item)
        if isinstance(value, Element):
            raise CannotEvaluate(f"{call.name}() is not for {kind_of(value)}")
        if value is not None:
            values.append(value)
    return values


def _sum(call: Calling) -> Items:
    total: System | None = None
    for value in _values(call):
        total = value if total is None else arithmetic.compute("+", total, value)
        if total is None:
            return []
    return [0 if total is None else total]


def _best(call: Calling, sign: int) -> Items:
    best: System | None = None
    for value in _values(call):
        if best is None or sign * (comparing.order(value, best) or 0) > 0:
            best = value
    return [] if best is None else [best]


def _average(call: Calling) -> Items:
    if not call.input:
        return []
    total = _sum(call)
    mean = arithmetic.compute("/", total[0], len(call.input)) if total else None  # type: ignore[arg-type]
    return [] if mean is None else [mean]


FUNCTIONS = {
    "abs": Known(_abs),
    "ceiling": _maths(lambda number: int(Decimal(number).to_integral_value(ROUND_CEILING))),
    "floor": _maths(lambda number: int(Decimal(number).to_integral_value(ROUND_FLOOR))),
    "truncate": _maths(int),
    "round": _maths(_round, 1, optional=True),
    "exp": _maths(lambda number: Decimal(number).exp()),
    "ln": _maths(lambda number: Decimal(number).ln()),
    "log": _maths(_log, 1),
    "power": _maths(_power, 1),
    "sqrt": _maths(lambda number: _shorter(Decimal(number).sqrt()) if number >= 0 else None),
    "sum": Known(_sum),
    "min": Known(lambda call: _best(call, -1)),
    "max": Known(lambda call: _best(call, 1)),
    "avg": Known(_average),
}
