"""One cell of a triage table, as the type-checked expression it stands for.

Empty: not looked at. `any`: answered. `missing`: not answered. Otherwise the answers that match.
A question that was not answered matches only where the cell says `missing`.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from openprotect.forms.items import Item
from openprotect.packs.facts import SEVERAL, SHELF_OF, Shelf, shelf_of
from openprotect.packs.problems import not_one_of
from openprotect.packs.spoken import normalised

LONGEST_CELL: Final = 300
MOST_PARTS: Final = 30
NUMBER: Final = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"
DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
COMPARED: Final = re.compile(r"(<=|>=|<|>)\s*(\S+)")
MENTIONS: Final = "mentions "
NEGATED: Final = re.compile(r"not\s+(.+?)\s+(and answered|or missing)")


class NotACell(Exception):
    """The cell says nothing that can be computed; the message says what is allowed."""


def expression(cell: str, item: Item) -> str:
    """The CEL for one filled cell."""
    cell = " ".join(cell.split())
    if len(cell) > LONGEST_CELL:
        raise NotACell(f"has {len(cell)} characters; at most {LONGEST_CELL} are allowed.")
    if cell == "any":
        return _is_answered(item)
    if cell.startswith("not "):
        return _negated(cell, item)
    parts = [part.strip() for part in _without_mentions(cell, item).split(",")]
    if len(parts) > MOST_PARTS or not all(parts):
        raise NotACell(f"lists nothing between two commas, or more than {MOST_PARTS} answers.")
    wanted = [part for part in parts if part != "missing"]
    either = [_matches(wanted, item)] if wanted else []
    if len(wanted) < len(parts):
        either.append(f"!{_is_answered(item)}")
    return either[0] if len(either) == 1 else f"({' || '.join(either)})"


def _is_answered(item: Item) -> str:
    return f"({json.dumps(item.link_id)} in {_shelf(item)})"


def _shelf(item: Item) -> Shelf:
    if len(item.units) > 1:
        raise NotACell("its answers may have several units, which rules cannot compare.")
    shelf = shelf_of(item)
    if shelf is None:
        raise NotACell(f"an answer of type {item.kind} is for people to read, not for rules.")
    return shelf


def _negated(cell: str, item: Item) -> str:
    """R09: a denial must say what a missing answer means."""
    found = NEGATED.fullmatch(cell)
    if found is None or _shelf(item) == "said":
        raise NotACell(
            "say 'not A and answered' or 'not A, B or missing', so that silence is no accident; "
            "words people write cannot be denied."
        )
    matches = _matches([part.strip() for part in found[1].split(",")], item)
    if found[2] == "and answered":
        return f"({_is_answered(item)} && !{matches})"
    return f"!{matches}"


def _without_mentions(cell: str, item: Item) -> str:
    if _shelf(item) != "said":
        return cell
    if cell == "missing":
        return cell
    if not cell.startswith(MENTIONS):
        raise NotACell("for words people write use any, missing, or 'mentions these words, those'.")
    return cell.removeprefix(MENTIONS)


def _matches(wanted: list[str], item: Item) -> str:
    """Of several answers, any one may match."""
    shelf = _shelf(item)
    place = f"{shelf}[{json.dumps(item.link_id)}]"
    has_several = shelf in SEVERAL.values()
    one = _READERS[SHELF_OF[item.kind]]
    tests = " || ".join(one(part, "each" if has_several else place, item) for part in wanted)
    tests = f"{place}.exists(each, {tests})" if has_several else f"({tests})"
    return f"({_is_answered(item)} && {tests})"


def _code(part: str, place: str, item: Item) -> str:
    allowed = [option.code for option in item.options] or ["yes", "no"]
    if part not in allowed:
        raise NotACell(not_one_of(part, [*allowed, "any", "missing"]))
    return f"{place} == {json.dumps(part, ensure_ascii=False)}"


def _number(part: str, place: str, item: Item) -> str:
    if found := re.fullmatch(rf"({NUMBER})\s*\.\.\s*({NUMBER})", part):
        low, high = Decimal(found[1]), Decimal(found[2])
        if low > high:
            raise NotACell(f"the range {part} is upside down.")
        _can_be(item, low, high)
        return f"({place} >= {_double(low)} && {place} <= {_double(high)})"
    found = COMPARED.fullmatch(part)
    number = found[2] if found else part
    if not re.fullmatch(NUMBER, number):
        raise NotACell(
            f"{part[:40]!r} is not a number, a comparison such as >= 38, or a range such as 3..7."
        )
    value = Decimal(number)
    _can_be(item, value, value)
    return f"{place} {found[1] if found else '=='} {_double(value)}"


def _can_be(item: Item, low: Decimal, high: Decimal) -> None:
    """A bound outside what the question accepts is a slip of the pen, such as 380 for 38.0."""
    too_low = isinstance(item.low, Decimal) and high < item.low
    too_high = isinstance(item.high, Decimal) and low > item.high
    if too_low or too_high:
        raise NotACell(f"the question accepts only {item.low} to {item.high}.")


def _double(number: Decimal) -> str:
    return repr(float(number))


def _day(part: str, place: str, _item: Item) -> str:
    found = COMPARED.fullmatch(part)
    day = found[2] if found else part
    try:
        date.fromisoformat(day if re.fullmatch(DAY, day) else "")
    except ValueError:
        raise NotACell(f"{part[:40]!r} is not a day such as 2026-03-27 or >= 2026-03-27.") from None
    return f"{place} {found[1] if found else '=='} {json.dumps(day)}"


def _mention(part: str, place: str, _item: Item) -> str:
    words = normalised(part)
    if not words.strip():
        raise NotACell("lists no words to listen for.")
    return f"{place}.contains({json.dumps(words, ensure_ascii=False)})"


_READERS: Final[Mapping[str, Callable[[str, str, Item], str]]] = {
    "code": _code,
    "num": _number,
    "day": _day,
    "said": _mention,
}
