"""What several steps do about contact: ring somebody, or stop what is planned."""

from datetime import datetime
from uuid import UUID

from openprotect.alerts import actions as alerts
from openprotect.alerts.actions import Concern
from openprotect.alerts.rules import WELFARE
from openprotect.calls import actions as calls
from openprotect.calls.models import Call
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Checkin
from openprotect.checkins.queries import band_for
from openprotect.contacts.actions import reaching
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.people.queries import refuses
from openprotect.people.rules import ALL, CALL
from openprotect.programmes.queries import setting

UNANSWERED = frozenset({Checkin.Status.OPEN, Checkin.Status.MISSED})
NO_WAY_LEFT = "They want none of the ways in which we can reach them: please agree one with them"


def misses_before_call(enrolment: Enrolment, *, at: datetime) -> int:
    """After how many misses somebody rings: as their locality decided, or their band if sooner."""
    chosen = setting(enrolment.programme, "misses_before_call", practice=enrolment.practice, at=at)
    band = band_for(enrolment)
    of_band = band.setting("misses_before_call") if band else None
    return min(int(str(chosen)), of_band or int(str(chosen)))


def ring(checkin: Checkin, why: Call.Why, *, at: datetime) -> None:
    """A call. Without any number they are looked for; and who refused calls is asked for a way."""
    person = Person.objects.filter(pk=checkin.person_id).first()
    if person is None or not person.may_be_contacted:
        return
    if not (person.mobile or person.landline):
        if checkin.enrolment.status == Enrolment.Status.ACTIVE:
            reaching.open_ladder(checkin.enrolment, "NO_PHONE", at=at)
        return
    if not refuses(checkin.person_id, CALL, checkin.programme_id):
        calls.ask_for_call(checkin, why, at=at)
        return
    if refuses(checkin.person_id, ALL, checkin.programme_id):
        return
    alerts.raise_alert(
        checkin.enrolment,
        Concern("no-way-left", WELFARE, "week", NO_WAY_LEFT),
        source_id=checkin.enrolment_id,
        pack_id=checkin.pack_id,
        at=at,
    )


def cancel_planned(person_id: UUID, programme_id: UUID | None, *, at: datetime) -> None:
    """No more askings and no call, in one programme or in all. Alerts stay open."""
    planned = Checkin.objects.filter(person_id=person_id, status__in=["DUE", "OPEN"])
    if programme_id:
        planned = planned.filter(programme_id=programme_id)
    for checkin in planned.order_by("id"):
        checkins.cancel(checkin, because="contact stopped", at=at)
    calls.cancel_open(person_id, programme_id, because="contact stopped", at=at)
