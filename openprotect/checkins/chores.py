"""Planning, opening and closing check-ins. Each asks "older than", so a late worker misses none."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet

from openprotect.base.planning import by_index
from openprotect.checkins.actions import cancel
from openprotect.checkins.actions.excusing import excuse_all, excuse_checkin
from openprotect.checkins.actions.together import (
    Planned,
    miss_many,
    open_many,
    part_many,
    plan_alike,
    plan_many,
)
from openprotect.checkins.models import Answer, Checkin, Link
from openprotect.checkins.queries import bands_of, excused_in_a_row, excuses_on, rhythms_of
from openprotect.checkins.rules import LOCAL, OUTAGE, Slot, is_excused, slot_for
from openprotect.enrolments.models import Enrolment
from openprotect.enrolments.queries import standing_still
from openprotect.events.actions import record
from openprotect.messages.models import Outage
from openprotect.messages.queries import outages_between
from openprotect.packs.pack import Pack
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of

AT_ONCE = 5000  # so many in one transaction
ASKED: Final = (Checkin.Status.ANSWERED, Checkin.Status.MISSED)
SlotSince = Callable[[datetime, int], Slot | None]
RhythmOf = Callable[[UUID, datetime], tuple[datetime, int]]


def plan_due(*, at: datetime) -> int:
    """Put today's asking of everyone in a live programme in the diary; how many are new in it."""
    return sum(_plan(programme, pack_of(programme), at=at) for programme in live_programmes())


def _plan(programme: Programme, pack: Pack, *, at: datetime) -> int:
    """Most are asked as everybody is, in one statement; a few at times of their own."""
    slot_since, usual = _slots(pack, at=at), pack.cadence.days_between
    rhythm_of, others = _rhythms(programme, pack)
    active = Enrolment.objects.active().filter(programme=programme)
    joined = active.order_by().values_list("active_from", flat=True).distinct()
    found = {since or at: slot_since(since or at, usual) for since in joined}
    slots = {since: slot for since, slot in found.items() if slot}
    planned = 0
    if slots:
        planned = plan_alike(
            programme, slots, once=pack.cadence.once, but=others, paused=standing_still(at), at=at
        )
    if others:
        planned += _plan_others(programme, pack, others, slot_since, rhythm_of, at=at)
    return planned


def _plan_others(
    programme: Programme,
    pack: Pack,
    others: Collection[UUID],
    slot_since: SlotSince,
    rhythm_of: RhythmOf,
    *,
    at: datetime,
) -> int:
    people = _in_programme(programme, once=pack.cadence.once).filter(pk__in=others).order_by("id")
    askings = [
        (pk, person_id, slot_since(*rhythm_of(pk, since or at)))
        for pk, person_id, since in people.values_list("pk", "person_id", "active_from")
    ]
    days = {slot.due_on for _, _, slot in askings if slot}
    known = set(
        Checkin.objects.filter(programme=programme, due_on__in=days).values_list(
            "enrolment_id", "due_on"
        )
    )
    may_be_asked = _who_may_be_asked([person_id for _, person_id, _ in askings], at=at)
    missing = [
        Planned(pk, person_id, slot)
        for pk, person_id, slot in askings
        if slot and (pk, slot.due_on) not in known and person_id in may_be_asked
    ]
    return plan_many(missing, programme_id=programme.pk, pack_id=programme.pack_id)


def _rhythms(programme: Programme, pack: Pack) -> tuple[RhythmOf, set[UUID]]:
    """From when on, and every how many days, somebody is asked: as chosen, by band, or as all.

    And who is asked otherwise than all.
    """
    bands, chosen = bands_of(programme.pk, pack.bands), rhythms_of(programme.pk)
    usual = pack.cadence.days_between

    def rhythm_of(enrolment_id: UUID, since: datetime) -> tuple[datetime, int]:
        if enrolment_id in chosen:
            days, starts_on = chosen[enrolment_id]
            return datetime.combine(starts_on, time(0), LOCAL), days
        band = bands.get(enrolment_id)
        return since, (band.every_days if band and band.every_days else usual)

    own = {each for each, band in bands.items() if band.every_days}
    return rhythm_of, own | chosen.keys()


def _slots(pack: Pack, *, at: datetime) -> SlotSince:
    """The asking of this instant for somebody who joined at another; None when there is none."""
    opens = time.fromisoformat(str(pack.settings["checkin_opens"].default))
    hours = timedelta(hours=int(str(pack.settings["checkin_open_for_hours"].default)))

    @cache
    def slot_since(active_from: datetime, every_days: int) -> Slot | None:
        slot = slot_for(
            at,
            active_from=active_from,
            every_days=every_days,
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


def _who_may_be_asked(people: Collection[UUID], *, at: datetime) -> set[UUID]:
    """Of these people, those who may be contacted, and whom the legal basis lets us see.

    While a practice has paused, none of its patients.
    """
    found = Person.objects.filter(
        pk__in=people, died_on=None, is_restricted=False, has_stopped_contact=False
    )
    if paused := standing_still(at):
        found = found.exclude(practice_id__in=paused)
    return set(found.values_list("pk", flat=True))


DUE = """
WITH found AS MATERIALIZED (
    SELECT c.id FROM checkins_checkin c WHERE c.status = 'DUE' AND c.opens_at <= %(at)s
     ORDER BY c.opens_at, c.id LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED)
SELECT c.id, c.person_id, c.due_on, CASE
       WHEN e.status <> 'ACTIVE' THEN 'no longer in the programme'
       WHEN c.closes_at <= %(at)s THEN 'not asked in time'
       WHEN p.id IS NULL THEN 'the legal basis has ended'
       WHEN p.died_on IS NOT NULL OR p.is_restricted OR p.has_stopped_contact
            OR p.practice_id = ANY (%(paused)s::uuid[])
       THEN 'may not be contacted' ELSE '' END
  FROM found f JOIN checkins_checkin c ON c.id = f.id
  JOIN enrolments_enrolment e ON e.id = c.enrolment_id
  LEFT JOIN LATERAL (
       SELECT * FROM people_person q WHERE q.id = c.person_id OFFSET 0) p ON true
 ORDER BY c.opens_at, c.id
"""


def open_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Start waiting for the answers that are due, of people who may be asked."""
    return _all_of(_open_some, at=at, limit=limit)


def _all_of(some: Callable[..., int], *, at: datetime, limit: int) -> int:
    """So many in one transaction, until none is left."""
    done = last = some(at=at, limit=limit)
    while last == limit:
        done += (last := some(at=at, limit=limit))
    return done


@transaction.atomic
def _open_some(*, at: datetime, limit: int) -> int:
    """Not asked in time is not silence; who is in hospital or away is excused."""
    by_index()
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"at": at, "limit": limit, "paused": standing_still(at)})
        found = [_Due(*row) for row in cursor.fetchall()]
    asked = [each for each in found if not each.because]
    excused = _excused(asked)
    open_many([each.id for each in asked if each.id not in excused], at=at)
    for checkin in Checkin.objects.filter(pk__in=excused):
        excuse_checkin(checkin, because=excused[checkin.pk], at=at)
    why = {each.id: each.because for each in found if each.because}
    for checkin in Checkin.objects.filter(pk__in=why):
        cancel(checkin, because=why[checkin.pk], at=at)
    return len(found)


def _excused(found: Sequence["_Due"]) -> dict[UUID, str]:
    """Who is not asked on the day it is for, and why."""
    excused: dict[UUID, str] = {}
    for day in {each.due_on for each in found}:
        of_day = [each for each in found if each.due_on == day]
        why = excuses_on([each.person_id for each in of_day], day)
        excused |= {each.id: why[each.person_id] for each in of_day if each.person_id in why}
    return excused


@dataclass(frozen=True, slots=True)
class _Due:
    """An asking that is due, and why nobody is asked after all; empty when they are."""

    id: UUID
    person_id: UUID
    due_on: date
    because: str


def close_missed(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Close what nobody finished in time: begun, excused because we were down, or missed."""
    return _all_of(_close_some, at=at, limit=limit)


@transaction.atomic
def _close_some(*, at: datetime, limit: int) -> int:
    by_index()
    late = Checkin.objects.filter(status=Checkin.Status.OPEN, closes_at__lte=at)
    in_turn = late.order_by("closes_at", "id").select_for_update(skip_locked=True)
    found = list(in_turn.values_list("pk", flat=True)[:limit])
    begun = _begun(found)
    part_many([each for each in found if each in begun], at=at)
    left = [each for each in found if each not in begun]
    excused = _explained_by_outages(left)
    excuse_all(list(excused), because=OUTAGE, at=at)
    gone = {each.pk for each in excused}
    miss_many([each for each in left if each not in gone], at=at)
    return len(found)


def _begun(checkin_ids: Sequence[UUID]) -> set[UUID]:
    """Of these, the ones with an answer that was not taken back."""
    last = Answer.objects.filter(checkin_id__in=checkin_ids).order_by(
        "checkin_id", "link_id", "-id"
    )
    said = last.distinct("checkin_id", "link_id").values_list("checkin_id", "value")
    return {checkin_id for checkin_id, value in said if value is not None}


def _explained_by_outages(checkin_ids: Sequence[UUID]) -> list[Checkin]:
    """Of these, the ones nobody could be expected to answer because we were down."""
    asked = Checkin.objects.filter(pk__in=checkin_ids)
    span = asked.aggregate(first=Min("opens_at"), last=Max("closes_at"))
    outages = outages_between(span["first"], span["last"]) if span["first"] else []
    if not outages:
        return []
    return [
        each
        for each in asked.select_related("programme").order_by("id")
        if is_excused(
            Slot(each.due_on, each.opens_at, each.closes_at),
            outages,
            grace=_grace(each),
            before=excused_in_a_row(each.enrolment_id),
        )
    ]


def _grace(checkin: Checkin) -> timedelta:
    setting = pack_of(checkin.programme).settings["outage_grace_minutes"]
    return timedelta(minutes=int(str(setting.default)))


@transaction.atomic
def excuse_past(outage_id: UUID, *, at: datetime, limit: int = AT_ONCE) -> list[UUID]:
    """An outage became known afterwards: what was missed in it does not count. Whose it was."""
    outage = Outage.objects.get(pk=outage_id)
    missed = Checkin.objects.filter(
        status=Checkin.Status.MISSED,
        opens_at__lt=outage.ended_at or at,
        closes_at__gt=outage.began_at,
    )
    found = _explained_by_outages(list(missed.order_by("id").values_list("pk", flat=True)[:limit]))
    excuse_all(found, because=OUTAGE, at=at)
    return [each.enrolment_id for each in found]


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
