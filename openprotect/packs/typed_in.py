"""What a person typed or chose, read kindly and strictly: asked again rather than guessed."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from openprotect.base.refusals import Refused
from openprotect.packs.items import Item
from openprotect.packs.stored import PLAIN_NUMBER, Value

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
YES: Final = ("yes", "true")
NO: Final = ("no", "false")


class NotAnAnswer(Refused):
    """What was given is not an answer to this question; the words ask again."""


def read(item: Item, raw: Mapping[str, str] | str) -> Value | None:
    if not item.is_question:
        raise NotAnAnswer("There is nothing to answer here.")
    if item.kind == "date":
        return _needed(item, _date(item, raw))
    text = clean(_only_text(item, raw))
    if not text:
        return _needed(item, None)
    if item.kind == "choice":
        return _choice(item, text)
    if item.kind == "boolean":
        return _yes_or_no(text)
    if item.kind in ("integer", "decimal"):
        return _number(item, text)
    return _words(item, text)


def clean(text: str) -> str:
    """Without control and invisible characters, in the normal form, trimmed; nothing else."""
    without = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    whole = without.encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", whole).strip()


def _only_text(item: Item, raw: Mapping[str, str] | str) -> str:
    if isinstance(raw, str):
        return raw
    return raw.get(item.link_id, raw.get("answer", ""))


def _needed(item: Item, value: Value | None) -> Value | None:
    if value is None and item.required:
        asked_again = {
            "choice": "Choose one of the answers.",
            "boolean": "Choose yes or no.",
            "date": "Enter the date: day, month and year.",
            "integer": "Enter a number.",
            "decimal": "Enter a number.",
        }
        raise NotAnAnswer(asked_again.get(item.kind, "Write your answer in the box."))
    return value


def _choice(item: Item, text: str) -> str:
    if item.option(text) is None:
        raise NotAnAnswer("Choose one of the answers.")
    return text


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in YES + NO:
        raise NotAnAnswer("Choose yes or no.")
    return text.casefold() in YES


def _number(item: Item, text: str) -> Decimal:
    example = "3" if item.kind == "integer" else "37.5"
    if re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        raise NotAnAnswer(f"Use a full stop, not a comma, such as {example}.")
    if not PLAIN_NUMBER.fullmatch(text):
        raise NotAnAnswer(
            f"Enter only the number in figures, such as {example}. Leave out words and units."
        )
    number = Decimal(text)
    if item.kind == "integer" and number != number.to_integral_value():
        raise NotAnAnswer(f"Enter a whole number, such as {example}.")
    _within(item, number)
    return number


def _within(item: Item, value: Decimal | date) -> None:
    """A value outside what is possible is asked again, never mended (380 is not 38.0)."""
    too_low = item.low is not None and _before(value, item.low)
    too_high = item.high is not None and _before(item.high, value)
    if not too_low and not too_high:
        return
    low, high = _shown(item.low), _shown(item.high)
    if low and high:
        raise NotAnAnswer(f"Check your answer: it should be between {low} and {high}.")
    raise NotAnAnswer(
        f"Check your answer: it should be {'at least' if low else 'at most'} {low or high}."
    )


def _before(one: Decimal | date, other: Decimal | date) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one < other
    return isinstance(one, date) and isinstance(other, date) and one < other


def _shown(bound: Decimal | date | None) -> str:
    if isinstance(bound, Decimal):
        return f"{bound.normalize():f}"
    return f"{bound:%-d %B %Y}" if bound else ""


def _words(item: Item, text: str) -> str:
    words = text if item.kind == "text" else " ".join(text.split())
    if len(words) > item.longest:
        over = len(words) - item.longest
        raise NotAnAnswer(
            f"There is room for {item.longest} letters. Yours is {over} too long: please shorten."
        )
    return words


def _date(item: Item, raw: Mapping[str, str] | str) -> date | None:
    """Three fields, named day, month and year or ending so; the month may be a word."""
    if isinstance(raw, str):
        parts = dict(zip(("year", "month", "day"), raw.strip().split("-"), strict=False))
    else:
        parts = {part: _field(raw, part) for part in ("day", "month", "year")}
    if not any(parts.values()):
        return None
    if missing := [part for part in ("day", "month", "year") if not parts.get(part)]:
        raise NotAnAnswer(f"The date must also have a {missing[0]}.")
    found = _real_day(parts["day"], _month(parts["month"]), parts["year"])
    _within(item, found)
    return found


def _field(raw: Mapping[str, str], part: str) -> str:
    named = (
        value for key, value in raw.items() if key == part or key.endswith((f"-{part}", f"_{part}"))
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
