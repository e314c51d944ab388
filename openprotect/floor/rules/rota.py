"""A rota as a table of shifts: what each row says, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openprotect.accounts.rules import USUAL_PACE
from openprotect.base.refusals import Refused
from openprotect.checkins.rules import LOCAL

WHO, DAY, FROM, UNTIL, PACE = "login", "day", "from", "until", "calls an hour"
NEEDED = (WHO, DAY, FROM, UNTIL)
LONGEST = timedelta(hours=13)
PACES = range(1, 21)


class BadRow(Refused):
    """A row that cannot be taken, and why."""


@dataclass(frozen=True)
class Planned:
    """One shift as a row tells it."""

    login: str
    starts_at: datetime
    ends_at: datetime
    calls_an_hour: int

    def overlaps(self, other: "Planned") -> bool:
        apart = self.ends_at <= other.starts_at or other.ends_at <= self.starts_at
        return self.login == other.login and not apart


def planned(row: Mapping[str, str]) -> Planned:
    """The shift of one row; raises BadRow. One that ends before it starts goes over midnight."""
    if "" in row:
        raise BadRow("The row has more cells than the heading.")
    login = row.get(WHO, "")
    if not login:
        raise BadRow(f"The column “{WHO}” is empty.")
    day = _day(row.get(DAY, ""))
    starts, ends = _time(row.get(FROM, ""), FROM), _time(row.get(UNTIL, ""), UNTIL)
    starts_at = datetime.combine(day, starts, LOCAL)
    ends_at = datetime.combine(day + timedelta(days=ends <= starts), ends, LOCAL)
    if ends_at - starts_at > LONGEST:
        raise BadRow("The shift is longer than 13 hours.")
    return Planned(login, starts_at, ends_at, _pace(row.get(PACE, "")))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRow(f"“{text}” is no day such as 2026-11-30.") from None


def _time(text: str, column: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day, no instant
    except ValueError:
        raise BadRow(f"“{text}” in “{column}” is no time such as 08:30.") from None


def _pace(text: str) -> int:
    if not text:
        return USUAL_PACE
    if not text.isascii() or not text.isdigit() or int(text) not in PACES:
        raise BadRow(f"“{text}” in “{PACE}” is no number from 1 to 20.")
    return int(text)


def clash(shift: Planned, others: Iterable[Planned]) -> str:
    """What is said when somebody would be in two places; empty when nothing speaks against it."""
    for each in others:
        if shift.overlaps(each) and shift.starts_at != each.starts_at:
            at = each.starts_at.astimezone(LOCAL)
            return f"The same person has a shift from {at:%H:%M} on {at:%-d %B} already."
    return ""
