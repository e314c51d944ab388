"""Time, numbers and names in the words people read. Pure: the moment is an argument."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import phonenumbers

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
FEW_HOURS = timedelta(hours=12)
BEGUN_MINUTE = timedelta(seconds=59)  # a moment after 10:00, 14:00 is still 4 hours away
WEEK_OF_DAYS = 7


def due(at: datetime, now: datetime) -> str:
    """When something must be done: how long is left, or since when it is overdue."""
    left = at - now
    if left < timedelta(0):
        return _overdue(at, now)
    if left < FEW_HOURS:
        return f"due in {_length(left + BEGUN_MINUTE)} ({clock(at)})"
    days = (_local(at).date() - _local(now).date()).days
    if days <= 1:
        return f"due {'tomorrow' if days else 'today'} at {clock(at)}"
    if days < WEEK_OF_DAYS:
        return f"due on {_weekday(at)} at {clock(at)}"
    return f"due on {day(at)}"


def _overdue(at: datetime, now: datetime) -> str:
    late = now - at
    if late < FEW_HOURS:
        return f"overdue by {_length(late)} ({clock(at)})"
    days = (_local(now).date() - _local(at).date()).days
    if days <= 1:
        return f"overdue since {'yesterday' if days else 'today'} at {clock(at)}"
    if days < WEEK_OF_DAYS:
        return f"overdue since {_weekday(at)}"
    return f"overdue since {day(at)}"


def is_overdue(at: datetime, now: datetime) -> bool:
    return at < now


def ago(at: datetime, now: datetime) -> str:
    """When something happened. A moment still to come is said as a date, never as 'ago'."""
    passed = now - at
    days = (_local(now).date() - _local(at).date()).days
    if timedelta(0) <= passed < timedelta(minutes=1):
        return f"just now ({clock(at)})"
    if timedelta(0) < passed < FEW_HOURS:
        return f"{_length(passed)} ago ({clock(at)})"
    if days == 0:
        return f"today at {clock(at)}"
    if days == 1:
        return f"yesterday at {clock(at)}"
    if 0 < days < WEEK_OF_DAYS:
        return f"{_weekday(at)} at {clock(at)}"
    return f"{day(at)} at {clock(at)}"


def silent(since: date | datetime, now: datetime) -> str:
    """How long a person has not answered, in whole days."""
    days = (_local(now).date() - _as_day(since)).days
    return "heard from today" if days <= 0 else f"{plural(days, 'day', 'days')} silent"


def day(value: date | datetime) -> str:
    on = _as_day(value)
    return f"{on.day} {on:%B %Y}"


def weekday(value: date | datetime) -> str:
    """A day near now, as people say it: Tuesday 5 May."""
    on = _as_day(value)
    return f"{on:%A} {on.day} {on:%B}"


def clock(at: datetime) -> str:
    return f"{_local(at):%H:%M}"


def moment(at: datetime) -> str:
    return f"{_local(at):%A} {day(at)}, {clock(at)}"


def age(born_on: date, now: datetime) -> int:
    today = _local(now).date()
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def plural(count: int, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}"


def span(length: timedelta) -> str:
    """A length of time as packs write it: 30 minutes, 2 hours, 1 day."""
    minutes = round(length.total_seconds() / 60)
    if minutes % 1440 == 0:
        return plural(minutes // 1440, "day", "days")
    if minutes % 60 == 0:
        return plural(minutes // 60, "hour", "hours")
    return plural(minutes, "minute", "minutes")


def number(value: float | Decimal) -> str:
    return f"{value:,}"


def sentence(text: str) -> str:
    """Words as they begin a sentence: only the first letter changes."""
    return text[:1].upper() + text[1:]


def nhs_number(text: str) -> str:
    """Ten digits as people read them aloud: 999 123 4567."""
    return f"{text[:3]} {text[3:6]} {text[6:]}" if len(text) == 10 and text.isdigit() else text


def phone(text: str) -> str:
    """A number as people dial it here; what cannot be read is shown as it came."""
    try:
        parsed = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return text
    style = phonenumbers.PhoneNumberFormat
    wanted = style.NATIONAL if parsed.country_code == 44 else style.INTERNATIONAL
    return phonenumbers.format_number(parsed, wanted)


def _length(of: timedelta) -> str:
    minutes = max(1, int(of.total_seconds() // 60))
    return f"{minutes} min" if of < HOUR else f"{minutes // 60} h"


def _weekday(at: datetime) -> str:
    return f"{_local(at):%A}"


def _as_day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be said in words.")
    return at.astimezone(LONDON)
