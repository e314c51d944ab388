"""Whether two answers are the same, and which of two comes first."""

import calendar
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from openprotect.forms.fhirpath import units
from openprotect.forms.fhirpath.values import Quantity as Amount
from openprotect.forms.values import Coding, PartDay, Quantity, Reference, Value

UCUM: Final = "http://unitsofmeasure.org"
Span = tuple[datetime, datetime]


def equal(one: Value, other: Value) -> bool:
    """Codes are one when code and system are, or when one of them names no system."""
    if isinstance(one, Coding) and isinstance(other, Coding):
        return _same_coding(one, other)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return order(one, other) == 0
    if isinstance(one, Reference) and isinstance(other, Reference):
        return (one.reference or one.display) == (other.reference or other.display)
    if isinstance(one, Coding) and isinstance(other, str):
        return other in (one.code, one.display)
    if isinstance(one, str) and isinstance(other, Coding):
        return equal(other, one)
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    return one == other


def order(one: Value, other: Value) -> int | None:
    """-1, 0 or 1; None when the two cannot be told apart or compared at all."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return _order_of_quantities(one, other)
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return (one > other) - (one < other)
    if isinstance(one, time) and isinstance(other, time):
        first, second = one.replace(tzinfo=None), other.replace(tzinfo=None)
        return (first > second) - (first < second)
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    first_span, second_span = span(one), span(other)
    return _order_of_spans(first_span, second_span) if first_span and second_span else None


def is_below(value: Value, bound: Value) -> bool:
    return order(value, bound) == -1


def is_above(value: Value, bound: Value) -> bool:
    return order(value, bound) == 1


def same_unit(one: Quantity, other: Quantity) -> bool:
    """By code where both have one; by the written unit otherwise."""
    if one.code and other.code:
        return one.code == other.code and _agree(one.system, other.system)
    return (one.unit or one.code).casefold() == (other.unit or other.code).casefold()


def _order_of_quantities(one: Quantity, other: Quantity) -> int | None:
    """In one unit, or in two of UCUM of which one is so many of the other; None otherwise."""
    if same_unit(one, other):
        return order(one.value, other.value)
    if not (one.code and other.code and _is_ucum(one) and _is_ucum(other)):
        return None
    amounts = (Amount(each.value, each.code) for each in (one, other))
    found = units.magnitudes(*amounts)
    return (found[0] > found[1]) - (found[0] < found[1]) if found else None


def _is_ucum(quantity: Quantity) -> bool:
    return quantity.system in ("", UCUM)


def span(value: Value) -> Span | None:
    """The first and the last moment that a day, or part of one, may mean."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment, moment
    if isinstance(value, date):
        return _whole(value, value)
    if not isinstance(value, PartDay):
        return None
    year, _, month = value.text.partition("-")
    if not month:
        return _whole(date(int(year), 1, 1), date(int(year), 12, 31))
    last = calendar.monthrange(int(year), int(month))[1]
    return _whole(date(int(year), int(month), 1), date(int(year), int(month), last))


def _whole(first: date, last: date) -> Span:
    return (
        datetime.combine(first, time.min, UTC),
        datetime.combine(last, time.max, UTC),
    )


def _order_of_spans(one: Span, other: Span) -> int | None:
    if one == other:
        return 0
    if one[1] < other[0]:
        return -1
    return 1 if one[0] > other[1] else None


def _same_coding(one: Coding, other: Coding) -> bool:
    if one.code and other.code:
        return one.code == other.code and _agree(one.system, other.system)
    return not one.code and not other.code and one.display == other.display


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other
