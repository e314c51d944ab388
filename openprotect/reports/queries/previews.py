"""Which practices have not looked through their people yet, and who is no longer found: counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min

from openprotect.enrolments.models import Absence, Enrolment, Reminder
from openprotect.packs.settings import HOLD
from openprotect.places.models import Organisation
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import Chosen, settings

LOCAL = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Waiting:
    """One practice that has people to look through: how many, by when, and what then."""

    practice_id: UUID
    practice: str
    locality: str
    people: int
    ends_at: datetime
    is_held: bool
    reminded_at: datetime | None

    def is_past(self, at: datetime) -> bool:
        return self.ends_at <= at


@dataclass(frozen=True)
class Gone:
    """How many people of one practice the rules no longer find, for one reason."""

    practice: str
    words: str
    people: int
    since: datetime


@dataclass(frozen=True)
class Previews:
    """Every practice with people to look through, and every one with people no longer found."""

    waiting: tuple[Waiting, ...]
    gone: tuple[Gone, ...]

    @property
    def people(self) -> int:
        return sum(each.people for each in self.waiting)

    @property
    def reminded(self) -> int:
        return sum(1 for each in self.waiting if each.reminded_at)

    @property
    def first_ends_at(self) -> datetime | None:
        return min((each.ends_at for each in self.waiting), default=None)

    @property
    def people_gone(self) -> int:
        return sum(each.people for each in self.gone)

    @property
    def practices_with_gone(self) -> int:
        return len({each.practice for each in self.gone})


def previews(programme: Programme, *, at: datetime) -> Previews:
    """How reviews stand in a programme, in a fixed number of queries, without anybody's name."""
    named = Organisation.objects.filter(kind__in=["PRACTICE", "LOCALITY"])
    names = dict(named.values_list("id", "name"))
    default = settings(programme, "preview_default", at=at)
    return Previews(_waiting(programme, names, default), _gone(programme, names))


def _waiting(
    programme: Programme, names: Mapping[UUID, str], default: Chosen
) -> tuple[Waiting, ...]:
    counted = Enrolment.objects.in_preview().not_absent().filter(programme=programme)
    rows = counted.values("practice_id").annotate(
        people=Count("id"), ends_at=Min("preview_ends_at")
    )
    reminded = {
        (each.practice_id, each.ends_on): each.at
        for each in Reminder.objects.filter(programme=programme)
    }
    found = (
        Waiting(
            row["practice_id"],
            names.get(row["practice_id"], "Unknown"),
            names.get(default.locality_of.get(row["practice_id"], UUID(int=0)), ""),
            row["people"],
            row["ends_at"],
            default.for_practice(row["practice_id"]) == HOLD,
            reminded.get((row["practice_id"], row["ends_at"].astimezone(LOCAL).date())),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: (each.ends_at, each.practice)))


def _gone(programme: Programme, names: Mapping[UUID, str]) -> tuple[Gone, ...]:
    counted = Absence.objects.filter(programme=programme, settled_at=None)
    rows = counted.values("words", practice_id=F("enrolment__practice_id")).annotate(
        people=Count("id"), since=Min("noticed_at")
    )
    found = (
        Gone(names.get(row["practice_id"], "Unknown"), row["words"], row["people"], row["since"])
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: (each.practice, each.words)))
