"""What the floor can still do today, and the hours of its day."""

from datetime import datetime, time, timedelta

from openprotect.accounts.queries.working import staffed_calls
from openprotect.accounts.rules import SKILLS
from openprotect.checkins.rules import LOCAL
from openprotect.packs.languages import named
from openprotect.programmes.models import Programme


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """The day by the clock on the wall: its first instant, and that of the next."""
    today = at.astimezone(LOCAL).date()
    starts = datetime.combine(today, time(), LOCAL)
    return starts, datetime.combine(today + timedelta(days=1), time(), LOCAL)


def able_in_words(codes: frozenset[str]) -> tuple[str, ...]:
    """What somebody can do, as it is said: languages first."""
    spoken = sorted(named(each.split(":")[1]) for each in codes if ":" in each)
    return (*spoken, *(SKILLS[each] for each in sorted(codes) if each in SKILLS))


def capacity_left(programme: Programme, at: datetime) -> int | None:
    """How many more calls today's people can make; None when no rota is kept."""
    return staffed_calls(programme.purpose, at, day_of(at)[1])
