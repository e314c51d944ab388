"""Planning, opening and closing check-ins. Each asks "older than", so a late worker misses none."""

from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from openprotect.checkins.actions import cancel, miss, open_now, plan
from openprotect.checkins.models import Checkin, Link
from openprotect.checkins.rules import slot_for
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.packs.pack import Pack
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of

ASKED: Final = (Checkin.Status.ANSWERED, Checkin.Status.MISSED)


def plan_due(*, at: datetime) -> int:
    """Put today's asking of everyone in a live programme in the diary."""
    return sum(_plan(programme, pack_of(programme), at=at) for programme in live_programmes())


def _plan(programme: Programme, pack: Pack, *, at: datetime) -> int:
    opens = time.fromisoformat(str(pack.settings["checkin_opens"].default))
    hours = int(str(pack.settings["checkin_open_for_hours"].default))
    planned = 0
    for enrolment in _to_be_asked(programme, once=pack.cadence.once):
        slot = slot_for(
            at,
            active_from=enrolment.active_from or at,
            every_days=pack.cadence.days_between,
            opens=opens,
            open_for=timedelta(hours=hours),
        )
        if slot.closes_at > at and pack.cadence.asks_on(slot.due_on):
            plan(enrolment, slot)
            planned += 1
    return planned


def _to_be_asked(programme: Programme, *, once: bool) -> QuerySet[Enrolment]:
    """Everyone in a programme who may be contacted, and whom its legal basis lets us see.

    Who has answered what is asked once, or stayed silent, is not asked anew after a pause.
    """
    active = Enrolment.objects.active().filter(
        programme=programme,
        person__died_on=None,
        person__is_restricted=False,
        person__has_stopped_contact=False,
    )
    if once:
        asked = Checkin.objects.filter(programme=programme, status__in=ASKED)
        active = active.exclude(pk__in=asked.values("enrolment"))
    return active.select_related("programme").order_by("id")


def open_due(*, at: datetime, limit: int = 1000) -> int:
    """Start waiting for the answers that are due, of people who may be asked."""
    due = Checkin.objects.filter(status=Checkin.Status.DUE, opens_at__lte=at)
    found = list(due.select_related("enrolment").order_by("opens_at", "id")[:limit])
    for checkin in found:
        if why := _not_asked(checkin, at=at):
            cancel(checkin, because=why, at=at)
        else:
            open_now(checkin, at=at)
    return len(found)


def _not_asked(checkin: Checkin, *, at: datetime) -> str:
    """Why nobody is asked after all; empty when they are. Not asked in time is not silence."""
    if checkin.enrolment.status != Enrolment.Status.ACTIVE:
        return "no longer in the programme"
    if checkin.closes_at <= at:
        return "not asked in time"
    person = Person.objects.filter(pk=checkin.person_id).first()
    if person is None:
        return "the legal basis has ended"
    return "" if person.may_be_contacted else "may not be contacted"


def close_missed(*, at: datetime, limit: int = 1000) -> int:
    """Count as missed what nobody answered in time."""
    late = Checkin.objects.filter(status=Checkin.Status.OPEN, closes_at__lte=at)
    found = list(late.order_by("closes_at", "id")[:limit])
    for checkin in found:
        miss(checkin, at=at)
    return len(found)


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
