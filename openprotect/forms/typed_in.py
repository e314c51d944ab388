"""What a person typed or chose, read kindly and strictly: asked again rather than guessed.

What comes from a page or a caller is a mapping of names to words, or the words alone. The names of
a question's parts end in day, month, year, hour, minute, unit or other; its answer alone is
`answer`. A question with several answers gives a list.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from openprotect.base.refusals import Refused
from openprotect.forms.fhir_values import value_of
from openprotect.forms.items import Item
from openprotect.forms.keeping_to import faults, least, too_few, too_long, too_many_places
from openprotect.forms.values import (
    PLAIN_NUMBER,
    Coding,
    NotUnderstood,
    Quantity,
    Reference,
    Value,
)

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
YES: Final = ("yes", "true")
NO: Final = ("no", "false")
ASKED_AGAIN: Final = {
    "choice": "Choose one of the answers.",
    "open-choice": "Choose one of the answers, or write your own.",
    "boolean": "Choose yes or no.",
    "date": "Enter the date: day, month and year.",
    "dateTime": "Enter the date and the time.",
    "time": "Enter the time.",
    "integer": "Enter a number.",
    "decimal": "Enter a number.",
    "quantity": "Enter a number.",
    "attachment": "Choose a file.",
}
Raw = Mapping[str, str] | str


class NotAnAnswer(Refused):
    """What was given is not an answer to this question; the words ask again."""


def read(item: Item, raw: Raw) -> Value | None:
    """One answer; None when it was left empty and that is allowed."""
    value = _read(item, raw)
    found = accepted(item, () if value is None else (value,), is_all=not item.is_repeated)
    return found[0] if found else None


def read_all(item: Item, given: Sequence[Raw]) -> tuple[Value, ...]:
    """Every answer to a question that may have several; empty ones are left out."""
    values = [value for raw in given if (value := _read(item, raw)) is not None]
    return accepted(item, tuple(dict.fromkeys(values)))


def accepted(item: Item, values: tuple[Value, ...], *, is_all: bool = True) -> tuple[Value, ...]:
    """The answers, if they keep to what the question allows; with `is_all`, if there are enough."""
    if not item.is_question:
        raise NotAnAnswer("There is nothing to answer here.")
    if not values and is_all and least(item):
        raise NotAnAnswer(ASKED_AGAIN.get(item.kind, "Write your answer in the box."))
    for value in values:
        if words := too_many_places(item, value) or _too_long(item, value):
            raise NotAnAnswer(words)
    if (
        words := next(faults(item, values), "")
        or (is_all and item.is_repeated and too_few(item, values))
        or ""
    ):
        raise NotAnAnswer(words)
    return values


def clean(text: str) -> str:
    """Without control and invisible characters, in the normal form, trimmed; nothing else."""
    without = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    whole = without.encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", whole).strip()


def _read(item: Item, raw: Raw) -> Value | None:
    if not item.is_question:
        raise NotAnAnswer("There is nothing to answer here.")
    if item.kind == "date" and not item.options:
        return _date(raw)
    if item.kind == "dateTime":
        return _moment(raw)
    if item.kind == "time" and not item.options:
        return _time(raw)
    text = clean(_only_text(item, raw))
    if item.options or item.takes_own_words:
        return _choice(item, text, raw)
    return _plain(item, text, raw) if text else None


def _plain(item: Item, text: str, raw: Raw) -> Value:
    if item.kind == "boolean":
        return _yes_or_no(text)
    if item.kind in ("integer", "decimal"):
        return _number(text, whole=item.kind == "integer")
    if item.kind == "quantity":
        return _quantity(item, text, raw)
    if item.kind == "reference":
        return Reference(display=text)
    if item.kind == "url":
        return _address(text)
    if item.kind in ("choice", "open-choice", "attachment"):
        raise NotAnAnswer(ASKED_AGAIN[item.kind])
    return text if item.kind == "text" else " ".join(text.split())


def _too_long(item: Item, value: Value) -> str:
    """Longer than there is room for on a page, where the form itself sets no limit."""
    if item.is_free_text and isinstance(value, str) and len(value) > item.longest:
        return too_long(value, item.longest)
    return ""


def _only_text(item: Item, raw: Raw) -> str:
    if isinstance(raw, str):
        return raw
    return raw.get(item.link_id, raw.get("answer", ""))


def _choice(item: Item, text: str, raw: Raw) -> Value | None:
    """A code that is offered, or words of one's own where the form takes them."""
    if option := item.option(text):
        return option.value
    own = "" if isinstance(raw, str) else part(raw, "other")
    own = own or (text if not item.options or isinstance(raw, str) else "")
    if own and item.takes_own_words:
        return own if item.kind == "open-choice" else Coding(display=own)
    if not text and not own:
        return None
    raise NotAnAnswer("Choose one of the answers.")


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in YES + NO:
        raise NotAnAnswer("Choose yes or no.")
    return text.casefold() in YES


def _number(text: str, *, whole: bool) -> Decimal:
    example = "3" if whole else "37.5"
    if re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        raise NotAnAnswer(f"Use a full stop, not a comma, such as {example}.")
    if not PLAIN_NUMBER.fullmatch(text) or len(text.lstrip("-").split(".")[0]) > 9:
        raise NotAnAnswer(
            f"Enter only the number in figures, such as {example}. Leave out words and units."
        )
    number = Decimal(text)
    if whole and number != number.to_integral_value():
        raise NotAnAnswer(f"Enter a whole number, such as {example}.")
    return number


def _quantity(item: Item, text: str, raw: Raw) -> Quantity:
    number = _number(text, whole=False)
    named = "" if isinstance(raw, str) else part(raw, "unit")
    chosen = [each for each in item.units if named in (each.code, each.display)]
    if named and item.units and not chosen:
        raise NotAnAnswer("Choose one of the units.")
    if not chosen and len(item.units) > 1:
        raise NotAnAnswer("Choose the unit as well.")
    unit = next(iter(chosen or item.units), Coding(display=named))
    return Quantity(number, unit.display or unit.code, unit.code, unit.system)


def _address(text: str) -> str:
    try:
        value_of("valueUri", text)
    except NotUnderstood:
        raise NotAnAnswer("Enter an address, such as https://www.nhs.uk/.") from None
    return text


def _date(raw: Raw) -> date | None:
    """Three fields, named day, month and year or ending so; the month may be a word."""
    if isinstance(raw, str):
        parts = dict(zip(("year", "month", "day"), raw.strip().split("-"), strict=False))
    else:
        parts = {name: part(raw, name) for name in ("day", "month", "year")}
    if not any(parts.values()):
        return None
    if missing := [name for name in ("day", "month", "year") if not parts.get(name)]:
        raise NotAnAnswer(f"The date must also have a {missing[0]}.")
    return _real_day(parts["day"], _month(parts["month"]), parts["year"])


def _time(raw: Raw) -> time | None:
    """Two fields, named hour and minute or ending so; or the words 14:30, 14.30 or 1430."""
    if isinstance(raw, str):
        text = clean(raw)
    else:
        hour, minute = part(raw, "hour"), part(raw, "minute")
        text = f"{hour}:{minute}" if hour or minute else clean(raw.get("answer", ""))
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,2})[:. ]?([0-9]{2})", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise NotAnAnswer("Enter a real time, such as 14:30.")
    return time(int(found[1]), int(found[2]))


def _moment(raw: Raw) -> datetime | date | None:
    """A day and a time of it; a day alone where no time is given."""
    if isinstance(raw, str):
        day, _, clock = raw.strip().partition("T")
        on, at = _date(day), _time(clock[:5])
    else:
        on, at = _date(raw), _time(raw)
    if at and on is None:
        raise NotAnAnswer("Enter the date as well as the time.")
    return datetime.combine(on, at, UTC) if on and at else on


def part(raw: Mapping[str, str], name: str) -> str:
    """What was typed into the part of a question that is so named."""
    named = (
        value for key, value in raw.items() if key == name or key.endswith((f"-{name}", f"_{name}"))
    )
    return clean(next(named, ""))


def _month(text: str) -> str:
    word = text[:3].casefold()
    return str(MONTHS.index(word) + 1) if word in MONTHS else text


def _real_day(day: str, month: str, year: str) -> date:
    if not re.fullmatch(r"[0-9]{4}", year):
        raise NotAnAnswer("Enter the year with 4 figures, such as 1946.")
    if not (re.fullmatch(r"[0-9]{1,2}", day) and re.fullmatch(r"[0-9]{1,2}", month)):
        raise NotAnAnswer("Enter a real date, such as 27 3 1946.")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NotAnAnswer("Enter a real date, such as 27 3 1946.") from None
