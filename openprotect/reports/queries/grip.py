"""Is anyone falling through? Counts by place, in a fixed number of queries, and nobody's name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from openprotect.alerts.models import Alert
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.checkins.rules import LOCAL
from openprotect.contacts.models import Claim
from openprotect.enrolments.models import Enrolment, EnrolmentQuerySet
from openprotect.places.models import Organisation
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import Chosen, settings
from openprotect.reports.rules import Counts, Period

# A silence is told from the latest check-ins; nobody stays silent longer without a call.
LOOK_BACK = timedelta(days=60)
Rows = Iterable[Mapping[str, object]]


@dataclass(frozen=True)
class Place:
    """A locality or a practice, and how it stands."""

    id: UUID | None
    name: str
    counts: Counts
    locality_id: UUID | None = None
    within: str = ""
    practices: int = 0


@dataclass(frozen=True)
class Grip:
    """How a programme stands everywhere: localities, practices with the most to do first, total."""

    total: Counts
    localities: tuple[Place, ...]
    practices: tuple[Place, ...]
    practices_without: int

    def within(self, locality_id: UUID) -> tuple[Place, ...]:
        return tuple(each for each in self.practices if each.locality_id == locality_id)

    def place(self, place_id: UUID) -> Place | None:
        both = (*self.localities, *self.practices)
        return next((each for each in both if each.id == place_id), None)


def grip(programme: Programme, period: Period, *, at: datetime) -> Grip:
    """Every count of one programme, by practice and locality."""
    threshold = settings(programme, "misses_before_call", at=at)
    counted = counts_by_practice(programme, period, threshold, at=at)
    named = Organisation.objects.filter(kind__in=["PRACTICE", "LOCALITY"])
    names = dict(named.values_list("id", "name"))
    practices = [
        _practice(each, counts, threshold.locality_of.get(each), names)
        for each, counts in counted.items()
    ]
    practices.sort(key=lambda each: (*(-count for count in each.counts.concern), each.name))
    known = Organisation.objects.open(at.date()).filter(kind="PRACTICE").count()
    return Grip(
        total=sum((each.counts for each in practices), Counts()),
        localities=_localities(practices, names),
        practices=tuple(practices),
        practices_without=max(0, known - len(practices)),
    )


def _practice(
    practice_id: UUID, counts: Counts, locality_id: UUID | None, names: Mapping[UUID, str]
) -> Place:
    within = names.get(locality_id, "") if locality_id else ""
    return Place(practice_id, names.get(practice_id, "Unknown"), counts, locality_id, within)


def _localities(practices: list[Place], names: Mapping[UUID, str]) -> tuple[Place, ...]:
    by_locality: dict[UUID | None, list[Place]] = defaultdict(list)
    for each in practices:
        by_locality[each.locality_id].append(each)
    found = [
        Place(
            locality_id,
            names[locality_id] if locality_id else "In no locality",
            sum((each.counts for each in inside), Counts()),
            practices=len(inside),
        )
        for locality_id, inside in by_locality.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.id is None, each.name)))


def counts_by_practice(
    programme: Programme, period: Period, threshold: Chosen, *, at: datetime
) -> dict[UUID, Counts]:
    """One query for each table, none for each practice."""
    figures: dict[UUID, dict[str, int]] = defaultdict(dict)
    for rows in (
        _enrolments(programme),
        _checkins(programme, period, at=at),
        _calls(programme, period, at=at),
        _alerts(programme, period, at=at),
        _excused(programme, period, at=at),
        _elsewhere(programme, at=at),
    ):
        for row in rows:
            place = row["place"]
            assert isinstance(place, UUID)  # noqa: S101
            figures[place] |= {name: int(str(row[name])) for name in row if name != "place"}
    for place, misses, people in misses_in_a_row(programme, at=at):
        if misses >= threshold.number(place):
            figures[place]["silent"] = figures[place].get("silent", 0) + people
    for place, people in _not_reached(programme):
        figures[place]["not_reached"] = people
    return {place: Counts(**each) for place, each in figures.items()}


def _since(field: str, period: Period, at: datetime) -> Q:
    starts_at = period.starts_at(at)
    return Q(**{f"{field}__gt": starts_at}) if starts_at else Q()


def _enrolments(programme: Programme) -> Rows:
    status = Enrolment.Status
    counted = Enrolment.objects.filter(
        programme=programme, status__in=[status.ACTIVE, status.PREVIEW]
    )
    return counted.values(place=F("practice_id")).annotate(
        people=Count("id", filter=Q(status=status.ACTIVE)),
        in_review=Count("id", filter=Q(status=status.PREVIEW)),
    )


def _checkins(programme: Programme, period: Period, *, at: datetime) -> Rows:
    status = Checkin.Status
    asked = [status.OPEN, status.ANSWERED, status.MISSED]
    counted = Checkin.objects.filter(
        _since("opens_at", period, at), programme=programme, status__in=asked, opens_at__lte=at
    )
    return counted.values(place=F("enrolment__practice_id")).annotate(
        invited=Count("id"),
        answered=Count("id", filter=Q(status=status.ANSWERED)),
        missed=Count("id", filter=Q(status=status.MISSED)),
        still_open=Count("id", filter=Q(status=status.OPEN)),
    )


def _excused(programme: Programme, period: Period, *, at: datetime) -> Rows:
    """What nobody could be expected to answer is told, not counted as invited."""
    counted = Checkin.objects.filter(
        _since("opens_at", period, at),
        programme=programme,
        status=Checkin.Status.EXCUSED,
        opens_at__lte=at,
    )
    return counted.values(place=F("enrolment__practice_id")).annotate(excused=Count("id"))


def _elsewhere(programme: Programme, *, at: datetime) -> Rows:
    counted = elsewhere(programme, at=at)
    return counted.values(place=F("practice_id")).annotate(elsewhere=Count("id"))


def elsewhere(programme: Programme, *, at: datetime) -> EnrolmentQuerySet:
    """People whose next contact another body holds at this moment."""
    held = Claim.objects.filter(status=Claim.Status.HELD, until__gt=at, person=OuterRef("person"))
    others = held.exclude(programme=programme)
    return Enrolment.objects.active().filter(Exists(others), programme=programme)


def _calls(programme: Programme, period: Period, *, at: datetime) -> Rows:
    status = Call.Status
    ended = Q(status__in=[status.DONE, status.HANDED_ON]) & _since("ended_at", period, at)
    waiting = Q(status__in=[status.WAITING, status.CLAIMED])
    today = at.astimezone(LOCAL).date()
    beyond = Q(status=status.WAITING, standing__spilled_on=today)
    counted = Call.objects.filter(ended | waiting, programme=programme)
    return counted.values(place=F("enrolment__practice_id")).annotate(
        calls_waiting=Count("id", filter=waiting),
        calls_beyond=Count("id", filter=beyond),
        calls_ended=Count("id", filter=ended),
    )


def _alerts(programme: Programme, period: Period, *, at: datetime) -> Rows:
    closed = Q(status=Alert.Status.CLOSED)
    ended = closed & _since("closed_at", period, at)
    counted = Alert.objects.filter(ended | ~closed, programme=programme)
    return counted.values(place=F("enrolment__practice_id")).annotate(
        alerts_open=Count("id", filter=~closed),
        overdue=Count("id", filter=~closed & Q(due_at__lt=at)),
        unowned=Count("id", filter=~closed & Q(team__closed_on__lt=at.date())),
        alerts_closed=Count("id", filter=ended),
    )


SILENCE = """
SELECT practice_id, misses, count(*) FROM (
    SELECT e.practice_id, e.id, count(*) AS misses
      FROM enrolments_enrolment e
      CROSS JOIN LATERAL (
           SELECT max(a.due_on) AS on_day FROM checkins_checkin a
            WHERE a.enrolment_id = e.id AND a.status = 'ANSWERED') answered
      JOIN checkins_checkin c ON c.enrolment_id = e.id AND c.status = 'MISSED'
       AND c.due_on > coalesce(answered.on_day, %(since)s)
     WHERE e.programme_id = %(programme)s AND e.status = 'ACTIVE'
     GROUP BY e.practice_id, e.id) silent
 GROUP BY practice_id, misses
"""


def misses_in_a_row(programme: Programme, *, at: datetime) -> list[tuple[UUID, int, int]]:
    """By practice: how many people have missed how many check-ins in a row, whoever has any."""
    with connection.cursor() as cursor:
        cursor.execute(SILENCE, {"programme": programme.pk, "since": (at - LOOK_BACK).date()})
        return [(place, int(misses), int(people)) for place, misses, people in cursor.fetchall()]


# Whoever was handed on without being reached, and has not answered since.
NEVER_REACHED = """
  FROM calls_call c JOIN enrolments_enrolment e ON e.id = c.enrolment_id
 WHERE c.programme_id = %s AND c.status = 'HANDED_ON' AND c.outcome <> 'DIED'
   AND e.status = 'ACTIVE'
   AND NOT EXISTS (
        SELECT 1 FROM checkins_checkin k
         WHERE k.person_id = c.person_id AND k.programme_id = c.programme_id
           AND k.answered_at > c.ended_at)
"""
NOT_REACHED = f"""
SELECT e.practice_id, count(DISTINCT e.id) {NEVER_REACHED} GROUP BY e.practice_id
"""


def _not_reached(programme: Programme) -> list[tuple[UUID, int]]:
    with connection.cursor() as cursor:
        cursor.execute(NOT_REACHED, [programme.pk])
        return [(place, int(people)) for place, people in cursor.fetchall()]
