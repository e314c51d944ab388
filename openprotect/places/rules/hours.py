"""When a team is at work: its weekdays and hours by the clock where people live, and holidays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openprotect.places.rules.bank_holidays import ENGLAND

LOCAL = ZoneInfo("Europe/London")
LOOK_AHEAD = 16
WHOLE_WEEK = 7


@dataclass(frozen=True)
class Hours:
    """The days of the week, 1 is Monday, and from when until when."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time
    # Single days on which a team is away, or there though it would not be.
    away: frozenset[date] = frozenset()
    there: frozenset[date] = frozenset()

    def works_on(self, on: date) -> bool:
        """A team that works seven days a week works on bank holidays too; the others do not.

        What a team has said of a single day goes before both.
        """
        if on in self.away or on in self.there:
            return on in self.there
        works_always = len(self.weekdays) == WHOLE_WEEK
        return on.isoweekday() in self.weekdays and (works_always or on not in ENGLAND)


def next_at_work(hours: Hours, at: datetime) -> datetime | None:
    """The first moment from `at` on when the team is there; `at` itself when it is there now."""
    local = at.astimezone(LOCAL)
    for days in range(LOOK_AHEAD):
        on = local.date() + timedelta(days=days)
        if not hours.works_on(on):
            continue
        opens = datetime.combine(on, hours.opens, LOCAL)
        closes = datetime.combine(on, hours.closes, LOCAL)
        if local < closes:
            return max(opens, local)
    return None
