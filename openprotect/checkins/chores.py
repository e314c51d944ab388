"""Planning, opening and closing check-ins. Each asks "older than", so a late worker misses none."""

from datetime import datetime, time, timedelta

from django.db import transaction

from openprotect.checkins.actions import cancel, miss, open_now, plan
from openprotect.checkins.models import Checkin, Link
from openprotect.checkins.rules import slot_for
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.packs.pack import Pack
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of


def plan_due(*, at: datetime) -> int:
    """Put today's asking of everyone in a live programme in the diary."""
    return sum(_plan(programme, pack_of(programme), at=at) for programme in live_programmes())


def _plan(programme: Programme, pack: Pack, *, at: datetime) -> int:
    opens = time.fromisoformat(str(pack.settings["checkin_opens"].default))
    hours = int(str(pack.settings["checkin_open_for_hours"].default))
    planned = 0
    active = Enrolment.objects.active().filter(programme=programme).select_related("programme")
    for enrolment in active.order_by("id"):
        slot = slot_for(
            at,
            active_from=enrolment.active_from or at,
            every_days=pack.cadence.every_days,
            opens=opens,
            open_for=timedelta(hours=hours),
        )
        if slot.closes_at > at:
            plan(enrolment, slot)
            planned += 1
    return planned


def open_due(*, at: datetime, limit: int = 1000) -> int:
    """Start waiting for the answers that are due, of people who may be asked."""
    due = Checkin.objects.filter(status=Checkin.Status.DUE, opens_at__lte=at)
    found = list(due.select_related("enrolment").order_by("opens_at", "id")[:limit])
    for checkin in found:
        if checkin.enrolment.status == Enrolment.Status.ACTIVE:
            open_now(checkin, at=at)
        else:
            cancel(checkin, because="no longer in the programme", at=at)
    return len(found)


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
