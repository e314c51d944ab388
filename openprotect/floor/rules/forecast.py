"""How many calls an hour of the coming week asks for: arithmetic on counts, each named below."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from openprotect.checkins.rules import LOCAL

HOUR = timedelta(hours=1)
FEWEST = 20  # check-ins that an hour of the week must have seen before its own share is believed


@dataclass(frozen=True)
class Closed:
    """Check-ins that closed in one hour of the week over four weeks, and how many were silent."""

    closed: int = 0
    silent: int = 0

    def __add__(self, other: "Closed") -> "Closed":
        return Closed(self.closed + other.closed, self.silent + other.silent)

    @property
    def share(self) -> float:
        return self.silent / self.closed if self.closed else 0.0


@dataclass(frozen=True)
class Hour:
    """One hour ahead: what is expected, of which how much is in the queue by now, and the staff."""

    starts_at: datetime
    due: int
    share: float
    queued: int
    attempts: float
    staffed: float | None

    @property
    def calls(self) -> float:
        return (self.due * self.share + self.queued) * self.attempts

    @property
    def short(self) -> float:
        """Calls that nobody is there for; 0 where no rota is kept."""
        return max(self.calls - self.staffed, 0.0) if self.staffed is not None else 0.0


def hour_of_week(at: datetime) -> tuple[int, int]:
    """Weekday (1 is Monday) and hour, as the clock on the wall shows them."""
    here = at.astimezone(LOCAL)
    return here.isoweekday(), here.hour


class Shares:
    """The share of check-ins that end in silence: by hour of the week, where enough were seen."""

    def __init__(self, seen: Mapping[tuple[int, int], Closed]) -> None:
        self._seen = seen
        self._by_day: dict[int, Closed] = {}
        for (weekday, _), each in seen.items():
            self._by_day[weekday] = self._by_day.get(weekday, Closed()) + each
        self.all = sum(seen.values(), Closed())

    def at(self, at: datetime) -> float:
        """Of this hour of the week; of its weekday where too few; of all where fewer still."""
        weekday, hour = hour_of_week(at)
        tried = (self._seen.get((weekday, hour), Closed()), self._by_day.get(weekday, Closed()))
        believed = next((each for each in tried if each.closed >= FEWEST), self.all)
        return believed.share


def repeated(
    last: Iterable[tuple[datetime, int]], every: timedelta | None, until: datetime, after: datetime
) -> dict[datetime, int]:
    """When check-ins close: as those that are there do, and again by the cadence, by the hour.

    `last` has, for each hour, how many people's latest check-in closes in it. Asked once
    (`every` None), nothing follows. Wall-clock hours hold over a change of the clocks.
    """
    closing: dict[datetime, int] = {}
    for hour, many in last:
        here = hour.astimezone(LOCAL)
        while here < until:
            if here >= after:
                closing[here] = closing.get(here, 0) + many
            if every is None:
                break
            here = (here.replace(tzinfo=None) + every).replace(tzinfo=LOCAL)
    return closing
