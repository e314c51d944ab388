"""Reading a day that somebody typed into three boxes, in any way that has one meaning only."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from datetime import date

BOXES = ("day", "month", "year")
MONTHS = tuple(name.lower() for name in month_name[1:])
SEPARATORS = re.compile(r"[\s/.\-]+")
DIGITS = re.compile(r"[0-9]{1,4}")


class NotADay(ValueError):
    """What was typed is no day, or could be two; says which boxes to look at."""

    def __init__(self, words: str, boxes: Sequence[str] = BOXES) -> None:
        super().__init__(words)
        self.boxes = tuple(boxes)


def read_day(typed: Sequence[str], *, subject: str, latest: date | None = None) -> date | None:
    """The day in the boxes; None when all are empty. `latest` also settles years of two digits."""
    day, month, year = _spread(typed)
    if not (day or month or year):
        return None
    missing = [box for box, text in zip(BOXES, (day, month, year), strict=True) if not text]
    if missing:
        raise NotADay(f"{subject} must include a {' and a '.join(missing)}", missing)
    try:
        return date(
            _year(year, subject, latest), _month(month, subject), _number(day, "day", subject)
        )
    except NotADay:
        raise
    except ValueError:
        raise NotADay(f"{subject} must be a real date") from None


def _spread(typed: Sequence[str]) -> tuple[str, str, str]:
    """The three texts; a whole date pasted into the first box is spread over all of them."""
    day, month, year = (text.strip() for text in typed)
    parts = SEPARATORS.split(day)
    if len(parts) == 3 and not month and not year:
        return parts[0], parts[1], parts[2]
    return day, month, year


def _month(text: str, subject: str) -> int:
    word = text.lower()
    named = [place for place, name in enumerate(MONTHS, 1) if name.startswith(word)]
    return named[0] if named and len(word) > 2 else _number(text, "month", subject)


def _year(text: str, subject: str, latest: date | None) -> int:
    year = _number(text, "year", subject)
    if len(text) == 4:
        return year
    # '50' for a day that is past can only be 1950; '15' could be 1915 or 2015.
    if len(text) == 2 and latest and 2000 + year > latest.year:
        return 1900 + year
    raise NotADay(f"{subject} must have a year of 4 figures, like 1950", ("year",))


def _number(text: str, box: str, subject: str) -> int:
    if not DIGITS.fullmatch(text):
        raise NotADay(f"{subject} must be a real date", (box,))
    return int(text)
