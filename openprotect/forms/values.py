"""Answers as typed values, and as the plain JSON in which they are kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Final, TypeVar

GREATEST: Final = Decimal(10**15)
PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
PLAIN_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PART_OF_A_DAY: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
PLAIN_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")
PLAIN_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


T = TypeVar("T")


class NotUnderstood(Exception):
    """A stored answer is not of the kind its question asks for."""


@dataclass(frozen=True)
class Coding:
    """A code of some system, or only the words where no code is known."""

    code: str = ""
    display: str = ""
    system: str = ""


@dataclass(frozen=True)
class Quantity:
    """A number with its unit."""

    value: Decimal
    unit: str = ""
    code: str = ""
    system: str = ""


@dataclass(frozen=True)
class Reference:
    """A thing recorded elsewhere: its address, or its name where that is all there is."""

    reference: str = ""
    display: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file given as an answer; `content` is base64, or empty when it is only pointed to."""

    content_type: str = ""
    title: str = ""
    content: str = ""
    url: str = ""
    size: int | None = None


@dataclass(frozen=True)
class PartDay:
    """A day of which the month or the year alone is known, such as 2020-05."""

    text: str

    def __str__(self) -> str:
        return self.text


Value = str | bool | Decimal | date | time | Coding | Quantity | Reference | Attachment | PartDay
Kept = str | bool | int | dict[str, object]
# What is stored for one question: one value, or several where it may have several answers.
Answer = Kept | list[Kept]


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
        return _or_not(date.fromisoformat, stored)
    raise NotUnderstood


def part_day_of(stored: object) -> date | PartDay:
    """A day, or the month or year of one."""
    if isinstance(stored, str) and PART_OF_A_DAY.fullmatch(stored) and stored[:4] != "0000":
        return PartDay(stored)
    return day_of(stored)


def time_of(stored: object) -> time:
    if isinstance(stored, time):
        return stored
    if isinstance(stored, str) and PLAIN_TIME.fullmatch(stored):
        return _or_not(time.fromisoformat, stored)
    raise NotUnderstood


def moment_of(stored: object) -> date | PartDay:
    """A day with a time, with or without its zone; or as much of it as is known."""
    if isinstance(stored, datetime):
        return stored
    if isinstance(stored, str) and PLAIN_MOMENT.fullmatch(stored):
        return _or_not(datetime.fromisoformat, _to_microseconds(stored))
    return part_day_of(stored)


def kept(value: Value) -> Kept:
    """The JSON that stands for a value: whole numbers as numbers, other decimals as exact text."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return kept_number(value)
    if isinstance(value, PartDay):
        return value.text
    if isinstance(value, Quantity):
        return {**_filled(value), "value": kept_number(value.value)}
    return _filled(value)


def kept_number(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def as_code(value: Value) -> str:
    """The code by which tables and emergency texts name an answer: yes and no for a boolean."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Coding):
        return value.code or value.display
    return str(value)


def from_parts(stored: object, kind: type[Coding | Quantity | Reference | Attachment]) -> Value:
    """A value of several parts, as it was kept."""
    if not isinstance(stored, dict) or not stored.keys() <= kind.__dataclass_fields__.keys():
        raise NotUnderstood
    parts = dict(stored)
    if kind is Quantity:
        parts["value"] = number_of(parts.get("value"), whole=False)
    if not all(_fits(name, part) for name, part in parts.items()):
        raise NotUnderstood
    return kind(**parts)


def _fits(name: str, part: object) -> bool:
    if name in ("value", "size"):
        return isinstance(part, Decimal | int)
    return isinstance(part, str)


def _filled(value: Coding | Quantity | Reference | Attachment) -> dict[str, object]:
    return {name: part for name, part in vars(value).items() if part not in ("", None)}


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


def _to_microseconds(stored: str) -> str:
    """FHIR allows nine figures after the second; a clock here has six."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", stored)


def _or_not(read: Callable[[str], T], stored: str) -> T:
    try:
        return read(stored)
    except ValueError:
        raise NotUnderstood from None
