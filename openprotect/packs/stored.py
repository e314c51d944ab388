"""Answers as they are kept (plain JSON) and as they are judged (typed values)."""

import re
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Final

Value = str | bool | Decimal | date
Answer = str | bool | int

GREATEST: Final = Decimal(10**9)
PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
PLAIN_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotUnderstood(Exception):
    """A stored answer is not of the kind its question asks for."""


def number_of(stored: object, *, whole: bool) -> Decimal:
    """A stored number, exactly; anything else, or of absurd size, is not understood."""
    number = _number(stored)
    if whole and number != number.to_integral_value():
        raise NotUnderstood
    return number


def day_of(stored: object) -> date:
    if type(stored) is date:
        return stored
    if isinstance(stored, str) and PLAIN_DAY.fullmatch(stored):
        try:
            return date.fromisoformat(stored)
        except ValueError:
            raise NotUnderstood from None
    raise NotUnderstood


def kept(value: Value) -> Answer:
    """The JSON that stands for a value: whole numbers as numbers, other decimals as exact text."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def _number(stored: object) -> Decimal:
    if isinstance(stored, str) and PLAIN_NUMBER.fullmatch(stored):
        return Decimal(stored)
    if isinstance(stored, Decimal) and stored.is_finite() and abs(stored) <= GREATEST:
        return stored
    if isinstance(stored, int) and not isinstance(stored, bool) and abs(stored) <= GREATEST:
        return Decimal(stored)
    if isinstance(stored, float) and isfinite(stored) and abs(stored) <= GREATEST:
        return Decimal(repr(stored))
    raise NotUnderstood
