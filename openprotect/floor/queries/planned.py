"""The shifts that are planned: who is on the floor on each of the coming days."""

from dataclasses import dataclass
from datetime import date, timedelta

from openprotect.accounts.models import Shift
from openprotect.accounts.queries import Viewer
from openprotect.checkins.rules import LOCAL
from openprotect.floor.queries import day_of

DAYS = 14


@dataclass(frozen=True)
class PlannedDay:
    """One day's shifts, and how many calls they make together."""

    on: date
    shifts: tuple[Shift, ...]

    @property
    def calls(self) -> float:
        hours = timedelta(hours=1)
        return sum((e.ends_at - e.starts_at) / hours * e.calls_an_hour for e in self.shifts)


def planned_days(viewer: Viewer) -> tuple[PlannedDay, ...]:
    """The coming fortnight, each day with its shifts in the order in which they begin."""
    starts, _ = day_of(viewer.at)
    found = Shift.objects.filter(
        purpose=viewer.purpose,
        withdrawn_at=None,
        starts_at__gte=starts,
        starts_at__lt=starts + timedelta(days=DAYS),
    ).select_related("user")
    days: dict[date, list[Shift]] = {}
    for each in found.order_by("starts_at", "user__name", "id"):
        days.setdefault(each.starts_at.astimezone(LOCAL).date(), []).append(each)
    return tuple(PlannedDay(on, tuple(shifts)) for on, shifts in days.items())
