"""Dates in extracts: never guessed. A form that could be read two ways refuses the whole file."""

import re
from datetime import date

from openprotect.records.rules.reasons import RowFault

ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?", re.ASCII)
DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)
TWO_DIGIT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}", re.ASCII)
SPREADSHEET_NUMBER = re.compile(r"[0-9]{5}(\.[0-9]+)?", re.ASCII)
ORDERS = ("yyyy-mm-dd", "dd/mm/yyyy", "mm/dd/yyyy")


class AmbiguousDate(ValueError):
    """A form of date that must be declared, or may not be used at all; says which."""


def read(text: str, order: str) -> date:
    """A day in the declared order. RowFault for a day that never was; AmbiguousDate else."""
    if found := ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if TWO_DIGIT_YEAR.fullmatch(text):
        raise AmbiguousDate("a year of two digits")
    if SPREADSHEET_NUMBER.fullmatch(text):
        raise AmbiguousDate("a date as a spreadsheet number")
    if found := DAY_FIRST.fullmatch(text):
        return _in_order(int(found[1]), int(found[2]), int(found[3]), order)
    raise RowFault("date-unreadable", shape=True)


def _in_order(first: int, second: int, year: int, order: str) -> date:
    if order == "dd/mm/yyyy":
        return _day(year, second, first)
    if order == "mm/dd/yyyy":
        return _day(year, first, second)
    raise AmbiguousDate("the order of day and month is not declared (dates=dd/mm/yyyy)")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise RowFault("date-unreadable") from None


def partial(text: str) -> tuple[date, str]:
    """A FHIR date, which may be a year or a month only: its first day, and how exact it is."""
    if re.fullmatch(r"[0-9]{4}", text, re.ASCII):
        return _day(int(text), 1, 1), "year"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text, re.ASCII):
        return _day(int(text[:4]), int(text[5:]), 1), "month"
    if found := ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3])), "day"
    raise RowFault("date-unreadable", shape=True)
