"""One value of a clause, or of whom rules ask about: how it is read, and how another is written."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from openprotect.base.refusals import Refused
from openprotect.cohorts.rules import Ages, Clause, Codelist, Population, Range, Selection
from openprotect.cohorts.rules.measures import Span, Tie

LENGTH: Final = re.compile(r"(?P<number>[0-9]{1,4})\s*(?P<unit>[a-z]+)")
UNITS: Final = {
    "d": (0, 1), "day": (0, 1), "days": (0, 1),
    "w": (0, 7), "week": (0, 7), "weeks": (0, 7),
    "m": (1, 0), "month": (1, 0), "months": (1, 0),
    "y": (12, 0), "year": (12, 0), "years": (12, 0),
}  # fmt: skip
ANY_TIME: Final = "any time"
CODE: Final = re.compile(r"[0-9A-Z][0-9A-Za-z.]{2,17}")
OLDEST: Final = 200
T = TypeVar("T")
Lists = MutableMapping[str, Codelist]


class NotThat(Refused):
    """A value that cannot stand in this place."""


@dataclass(frozen=True)
class Knob(Generic[T]):
    """A value that can be read and set; it is offered only where the rule already has one."""

    kind: str
    title: str
    read: Callable[[T], str]
    write: Callable[[T, str, Lists], T]
    is_offered: Callable[[T], bool]


def _selects(clause: Clause) -> bool:
    return clause.select is not None


def _selection(clause: Clause) -> Selection:
    if clause.select is None:
        raise NotThat("This condition asks for no codes.")
    return clause.select


def _codes(clause: Clause) -> str:
    return ", ".join(_selection(clause).codelists)


def _set_codes(clause: Clause, text: str, lists: Lists) -> Clause:
    """Names of lists the pack has, or single codes of the system of the lists asked for now."""
    select = _selection(clause)
    names = [each.strip() for each in text.split(",") if each.strip()]
    if not names:
        raise NotThat("Name at least one list or code.")
    for name in names:
        if name not in lists:
            lists[name] = _one_code(name, lists[select.codelists[0]].system, lists)
    return replace(clause, select=replace(select, codelists=tuple(dict.fromkeys(names))))


def _one_code(name: str, system: str, lists: Mapping[str, Codelist]) -> Codelist:
    if not CODE.fullmatch(name):
        known = ", ".join(sorted(lists))
        raise NotThat(f"{name[:40]!r} is neither a code nor one of the lists: {known}.")
    return Codelist(name, system, {name: ""})


def _within(clause: Clause) -> str:
    return str(_selection(clause).days.within or ANY_TIME)


def _set_within(clause: Clause, text: str, lists: Lists) -> Clause:
    select = _selection(clause)
    days = replace(select.days, within=None if text in ("", ANY_TIME, "ever") else span(text))
    return replace(clause, select=replace(select, days=days))


def _until(clause: Clause) -> str:
    return str(_selection(clause).days.until or "")


def _set_until(clause: Clause, text: str, lists: Lists) -> Clause:
    select = _selection(clause)
    return replace(clause, select=replace(select, days=replace(select.days, until=span(text))))


def span(text: str) -> Span:
    """A length of time as people write it: 24 months, 24m, 2 years, 14 days."""
    months = days = 0
    parts = re.split(r"\s+and\s+", text.strip().lower())
    for part in parts:
        found = LENGTH.fullmatch(part)
        if found is None or found["unit"] not in UNITS:
            raise NotThat(f"{text[:30]!r}: write a length such as 24 months, 14 days or 24m.")
        per_month, per_day = UNITS[found["unit"]]
        months += int(found["number"]) * per_month
        days += int(found["number"]) * per_day
    if not months and not days:
        raise NotThat("Write a length of at least 1 day.")
    return Span(months, days)


def whole(text: str, low: int, high: int) -> int:
    """A whole number between two bounds."""
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise NotThat(f"Write a whole number from {low} to {high}.")
    return int(text)


def _set_at_least(clause: Clause, text: str, lists: Lists) -> Clause:
    count = whole(text, 1, 999)
    if clause.at_most is not None and count > clause.at_most:
        raise NotThat(f"At most {clause.at_most} may be: {count} can never be.")
    return replace(clause, at_least=count)


def _set_at_most(clause: Clause, text: str, lists: Lists) -> Clause:
    return replace(clause, at_most=whole(text, clause.at_least, 999))


def _set_apart(clause: Clause, text: str, lists: Lists) -> Clause:
    return replace(clause, apart=span(text))


def _bound(asked: Range | None, *, is_low: bool) -> str:
    number = None if asked is None else asked.low if is_low else asked.high
    return "" if number is None else f"{number:g}"


def _bounded(asked: Range | None, text: str, *, is_low: bool) -> Range:
    try:
        number = float(text)
    except ValueError:
        raise NotThat("Write a number, like 40 or 37.5.") from None
    whole = asked or Range()
    new = replace(whole, low=number) if is_low else replace(whole, high=number)
    if new.low is not None and new.high is not None and new.low > new.high:
        raise NotThat(f"No value is {new}.")
    return new


def _latest(*, is_low: bool) -> Knob[Clause]:
    """A bound of the latest value, open or closed as it is in the rule."""

    def write(clause: Clause, text: str, lists: Lists) -> Clause:
        return replace(clause, latest_value=_bounded(clause.latest_value, text, is_low=is_low))

    return Knob(
        "number",
        f"The latest value is {'at least' if is_low else 'at most'}",
        lambda clause: _bound(clause.latest_value, is_low=is_low),
        write,
        lambda clause: bool(_bound(clause.latest_value, is_low=is_low)),
    )


def _aged(ages: Ages, text: str, *, is_low: bool) -> Ages:
    number = whole(text, 0, OLDEST)
    new = Ages(number, ages.high) if is_low else Ages(ages.low, number)
    if new.low > new.high:
        raise NotThat(f"Nobody is aged {new.low} to {new.high}.")
    return new


def _age(*, is_low: bool) -> Knob[Clause]:
    def write(clause: Clause, text: str, lists: Lists) -> Clause:
        return replace(clause, ages=_aged(clause.ages or Ages(), text, is_low=is_low))

    def read(clause: Clause) -> str:
        ages = clause.ages or Ages()
        return str(ages.low if is_low else ages.high)

    return Knob(
        "age",
        "Aged from" if is_low else "Aged up to",
        read,
        write,
        lambda clause: clause.ages is not None and (is_low or clause.ages.high < OLDEST),
    )


def _set_same_day(clause: Clause, text: str, lists: Lists) -> Clause:
    if text not in set(Tie):
        raise NotThat("Write ends or stands.")
    enders = tuple(replace(each, tie=Tie(text)) for each in clause.ended_by)
    return replace(clause, ended_by=enders)


def _set_deciles(clause: Clause, text: str, lists: Lists) -> Clause:
    deciles = sorted({whole(each.strip(), 1, 10) for each in text.split(",")})
    return replace(clause, deciles=tuple(deciles))


def _people_age(*, is_low: bool) -> Knob[Population]:
    def write(people: Population, text: str, lists: Lists) -> Population:
        return replace(people, ages=_aged(people.ages, text, is_low=is_low))

    return Knob(
        "age",
        "Whoever is asked about is aged from" if is_low else "Whoever is asked about is aged up to",
        lambda people: str(people.ages.low if is_low else people.ages.high),
        write,
        lambda people: True,
    )


KNOBS: Final[Mapping[str, Knob[Clause]]] = {
    "codes": Knob("codes", "Codes of these lists", _codes, _set_codes, _selects),
    "within": Knob("span", "How far back a record counts", _within, _set_within, _selects),
    "until": Knob(
        "span", "How long ago it must be", _until, _set_until,
        lambda clause: clause.select is not None and clause.select.days.until is not None,
    ),
    "at_least": Knob(
        "count", "How many there must be", lambda clause: str(clause.at_least), _set_at_least,
        lambda clause: _selects(clause) and not clause.is_absent,
    ),
    "at_most": Knob(
        "count", "How many there may be", lambda clause: str(clause.at_most or ""), _set_at_most,
        lambda clause: clause.at_most is not None,
    ),
    "apart": Knob(
        "span", "First and last must be apart by", lambda clause: str(clause.apart or ""),
        _set_apart, lambda clause: clause.apart is not None,
    ),
    "latest_value.at_least": _latest(is_low=True),
    "latest_value.at_most": _latest(is_low=False),
    "same_day": Knob(
        "tie", "What ends it, on the same day (ends or stands)",
        lambda clause: str(clause.ended_by[0].tie) if clause.ended_by else "",
        _set_same_day, lambda clause: bool(clause.ended_by),
    ),
    "age.from": _age(is_low=True),
    "age.to": _age(is_low=False),
    "deprivation": Knob(
        "deciles", "Tenths of deprivation (1 is the most deprived)",
        lambda clause: ", ".join(map(str, clause.deciles)), _set_deciles,
        lambda clause: bool(clause.deciles),
    ),
}  # fmt: skip
# What a condition without codes can ask, too.
OF_PEOPLE: Final = frozenset({"age.from", "age.to", "deprivation"})
POPULATION: Final[Mapping[str, Knob[Population]]] = {
    "age.from": _people_age(is_low=True),
    "age.to": _people_age(is_low=False),
}
