"""Planning, opening and closing check-ins. Each asks "older than", so a late worker misses none."""

from collections.abc import Callable, Collection, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from openprotect.checkins.actions import cancel
from openprotect.checkins.actions.together import Planned, miss_many, open_many, plan_many
from openprotect.checkins.models import Checkin, Link
from openprotect.checkins.rules import LOCAL, Slot, slot_for
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.packs.pack import Pack
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of

AT_ONCE = 5000  # so many in one transaction
ASKED: Final = (Checkin.Status.ANSWERED, Checkin.Status.MISSED)


def plan_due(*, at: datetime) -> int:
    """Put today's asking of everyone in a live programme in the diary; how many are new in it."""
    return sum(_plan(programme, pack_of(programme), at=at) for programme in live_programmes())


def _plan(programme: Programme, pack: Pack, *, at: datetime) -> int:
    missing = _not_planned(programme, pack, at=at)
    planned = 0
    for first in range(0, len(missing), AT_ONCE):
        some = missing[first : first + AT_ONCE]
        may_be_asked = _who_may_be_asked([each.person_id for each in some])
        wanted = [each for each in some if each.person_id in may_be_asked]
        planned += plan_many(wanted, programme_id=programme.pk, pack_id=programme.pack_id)
    return planned


def _not_planned(programme: Programme, pack: Pack, *, at: datetime) -> list[Planned]:
    """The askings that belong to this instant and are not in the diary."""
    slot_since = _slots(pack, at=at)
    days = timedelta(days=pack.cadence.days_between)
    lately = Checkin.objects.filter(
        programme=programme, due_on__gt=at.astimezone(LOCAL).date() - days
    )
    known = set(lately.values_list("enrolment_id", "due_on"))
    people = _in_programme(programme, once=pack.cadence.once).order_by("id")
    return [
        Planned(enrolment_id, person_id, slot)
        for enrolment_id, person_id, since in people.values_list("pk", "person_id", "active_from")
        if (slot := slot_since(since or at)) and (enrolment_id, slot.due_on) not in known
    ]


def _slots(pack: Pack, *, at: datetime) -> Callable[[datetime], Slot | None]:
    """The asking of this instant for somebody who joined at another; None when there is none."""
    opens = time.fromisoformat(str(pack.settings["checkin_opens"].default))
    hours = timedelta(hours=int(str(pack.settings["checkin_open_for_hours"].default)))

    @cache
    def slot_since(active_from: datetime) -> Slot | None:
        slot = slot_for(
            at,
            active_from=active_from,
            every_days=pack.cadence.days_between,
            opens=opens,
            open_for=hours,
        )
        return slot if slot.closes_at > at and pack.cadence.asks_on(slot.due_on) else None

    return slot_since


def _in_programme(programme: Programme, *, once: bool) -> QuerySet[Enrolment]:
    """Everyone in a programme.

    Who has answered what is asked once, or stayed silent, is not asked anew after a pause.
    """
    active = Enrolment.objects.active().filter(programme=programme)
    if once:
        asked = Checkin.objects.filter(programme=programme, status__in=ASKED)
        active = active.exclude(pk__in=asked.values("enrolment"))
    return active


def _who_may_be_asked(people: Collection[UUID]) -> set[UUID]:
    """Of these people, those who may be contacted, and whom the legal basis lets us see."""
    found = Person.objects.filter(
        pk__in=people, died_on=None, is_restricted=False, has_stopped_contact=False
    )
    return set(found.values_list("pk", flat=True))


DUE = """
SELECT c.id, c.closes_at, c.person_id, e.status FROM checkins_checkin c
  JOIN enrolments_enrolment e ON e.id = c.enrolment_id
 WHERE c.status = 'DUE' AND c.opens_at <= %s
 ORDER BY c.opens_at, c.id LIMIT %s FOR UPDATE OF c SKIP LOCKED
"""


@transaction.atomic
def open_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Start waiting for the answers that are due, of people who may be asked."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [at, limit])
        found = [_Due(*row) for row in cursor.fetchall()]
    people = {each.person_id for each in found}
    seen = set(Person.objects.filter(pk__in=people).values_list("pk", flat=True))
    willing = _who_may_be_asked(people)
    why = {each.id: _not_asked(each, seen, willing, at=at) for each in found}
    open_many([each.id for each in found if not why[each.id]], at=at)
    for checkin in Checkin.objects.filter(
        pk__in=[each for each, because in why.items() if because]
    ):
        cancel(checkin, because=why[checkin.pk], at=at)
    return len(found)


@dataclass(frozen=True)
class _Due:
    """An asking that is due, and how the person stands to the programme."""

    id: UUID
    closes_at: datetime
    person_id: UUID
    enrolment: str


def _not_asked(due: _Due, seen: Set[UUID], willing: Set[UUID], *, at: datetime) -> str:
    """Why nobody is asked after all; empty when they are. Not asked in time is not silence."""
    if due.enrolment != Enrolment.Status.ACTIVE:
        return "no longer in the programme"
    if due.closes_at <= at:
        return "not asked in time"
    if due.person_id not in seen:
        return "the legal basis has ended"
    return "" if due.person_id in willing else "may not be contacted"


@transaction.atomic
def close_missed(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Count as missed what nobody answered in time."""
    late = Checkin.objects.filter(status=Checkin.Status.OPEN, closes_at__lte=at)
    in_turn = late.order_by("closes_at", "id").select_for_update(skip_locked=True)
    return miss_many(list(in_turn.values_list("pk", flat=True)[:limit]), at=at)


def report_locked_links(*, at: datetime) -> int:
    """Five wrong birth dates: somebody needs help to get in, so somebody rings."""
    locked = Link.objects.filter(locked_at__isnull=False, followed_up_at=None)
    found = list(locked.select_related("checkin").order_by("locked_at", "id")[:200])
    for link in found:
        _report(link, at=at)
    return len(found)


@transaction.atomic
def _report(link: Link, *, at: datetime) -> None:
    if Link.objects.filter(pk=link.pk, followed_up_at=None).update(followed_up_at=at):
        record(
            "link.locked",
            link.checkin_id,
            at=at,
            person_id=link.person_id,
            programme_id=link.checkin.programme_id,
        )
