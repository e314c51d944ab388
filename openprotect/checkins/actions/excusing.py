"""Not asking for a while: in hospital, away, or because it was we who could not be reached."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from openprotect.accounts.models import User
from openprotect.base.refusals import Refused
from openprotect.checkins.models import Checkin, Excuse, Rhythm
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.governance.actions import record_access

why = Excuse.Why
STILL = [Checkin.Status.DUE, Checkin.Status.OPEN, Checkin.Status.MISSED]


@transaction.atomic
def excuse(
    person_id: UUID,
    why: Excuse.Why,
    *,
    from_on: date,
    to_on: date | None,
    by: User | UUID | None,
    at: datetime,
) -> Excuse:
    """Somebody is not asked on these days. What they missed in them does not count as silence."""
    if to_on and to_on < from_on:
        raise Refused("The last day cannot be before the first.")
    known = Excuse.objects.filter(person_id=person_id, from_on=from_on, to_on=to_on).first()
    if known:
        return known
    made = Excuse.objects.create(
        person_id=person_id,
        why=why,
        from_on=from_on,
        to_on=to_on,
        by_id=by.pk if isinstance(by, User) else by,
        noted_at=at,
    )
    record_access([person_id], what="checkins.excuse", why=f"not asked: {made.get_why_display()}")
    record("person.excused", made.pk, at=at, by=by, person_id=person_id, why=why)
    within = Q(due_on__gte=from_on) & (Q(due_on__lte=to_on) if to_on else Q())
    asked = Checkin.objects.filter(within, person_id=person_id, status__in=STILL)
    for each in asked.order_by("id"):
        excuse_checkin(each, because=str(made.get_why_display()), at=at)
    return made


@transaction.atomic
def back_again(excuse: Excuse, *, on: date, by: User | UUID | None, at: datetime) -> None:
    """They can be asked again from this day on."""
    excuse = Excuse.objects.select_for_update(of=("self",)).get(pk=excuse.pk)
    if excuse.to_on and excuse.to_on < on:
        return
    last = max(excuse.from_on, date.fromordinal(on.toordinal() - 1))
    excuse.to_on = last
    excuse.save(update_fields=["to_on"])
    record("person.back", excuse.pk, at=at, by=by, person_id=excuse.person_id)


@transaction.atomic
def excuse_checkin(checkin: Checkin, *, because: str, at: datetime) -> bool:
    """One asking that does not count: nobody could have expected an answer. Whether it was so."""
    checkin = Checkin.objects.select_for_update(of=("self",)).get(pk=checkin.pk)
    if not Checkin.MOVES.allows(checkin.status, Checkin.Status.EXCUSED):
        return False
    checkin.move_to(Checkin.Status.EXCUSED)
    checkin.ended_because = because[:40]
    checkin.save(update_fields=["status", "ended_because"])
    record(
        "checkin.excused",
        checkin.pk,
        at=at,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
    )
    return True


def excuse_all(checkins: Sequence[Checkin], *, because: str, at: datetime) -> int:
    return sum(excuse_checkin(each, because=because, at=at) for each in checkins)


@transaction.atomic
def choose_rhythm(
    enrolment: Enrolment,
    *,
    every_days: int,
    starts_on: date,
    because: str,
    by: User | UUID,
    at: datetime,
) -> Rhythm:
    """Ask one person more or less often than the programme does, with a reason."""
    if not 1 <= every_days <= 365:
        raise Refused("Choose from every day to once a year.")
    if not because.strip():
        raise Refused("Write why this person is asked at other times.")
    end_rhythm(enrolment, at=at)
    made = Rhythm.objects.create(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        every_days=every_days,
        starts_on=starts_on,
        because=because.strip()[:300],
        by_id=by.pk if isinstance(by, User) else by,
        chosen_at=at,
    )
    record_access([enrolment.person_id], what="checkins.rhythm", why="asked at other times")
    record(
        "rhythm.chosen",
        made.pk,
        at=at,
        by=by,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
        every_days=every_days,
    )
    return made


@transaction.atomic
def end_rhythm(enrolment: Enrolment, *, at: datetime) -> None:
    """Back to how often the programme asks."""
    Rhythm.objects.filter(enrolment=enrolment, ended_at=None).update(ended_at=at)
