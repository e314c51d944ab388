"""Bringing people into a programme, and what their practice decides about it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from openprotect.accounts.models import User
from openprotect.base.refusals import Refused
from openprotect.enrolments.models import Decision, Enrolment, Reason
from openprotect.enrolments.rules import Enrolled, Why
from openprotect.events.actions import record
from openprotect.governance.actions import record_access
from openprotect.people.actions import Details, bring_in
from openprotect.places.models import Organisation
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import Chosen, settings

Found = tuple[Details, Organisation | None, Iterable[Why]]


@transaction.atomic
def enrol_found(programme: Programme, found: Iterable[Found], *, at: datetime) -> Enrolled:
    """Bring the people whom the rules found into a programme, for their practices to review.

    Everyone found is counted once: new, known already, or left out for a reason.
    """
    preview = settings(programme, "preview_days", at=at)
    practices: dict[str, int] = Counter()
    new = known = 0
    for details, practice, why in found:
        if reason := _left_out(details, practice):
            practices[reason] += 1
        elif _enrol(programme, details, practice, why, preview=preview, at=at):
            new += 1
        else:
            known += 1
    return Enrolled(new, known, tuple(sorted(practices.items())))


def _left_out(details: Details, practice: Organisation | None) -> str:
    if details.died_on:
        return "has died"
    return "" if practice else "practice not known here"


def _enrol(
    programme: Programme,
    details: Details,
    practice: Organisation | None,
    why: Iterable[Why],
    *,
    preview: Chosen,
    at: datetime,
) -> bool:
    assert practice is not None
    person = bring_in(details, practice=practice, at=at)
    days = timedelta(days=preview.number(practice.pk))
    made, is_new = Enrolment.objects.get_or_create(
        person=person,
        programme=programme,
        defaults={"practice": practice, "found_at": at, "preview_ends_at": at + days},
    )
    if made.practice_id != practice.pk:
        Enrolment.objects.filter(pk=made.pk).update(practice=practice)
    add_reasons(made, why, at=at)
    if is_new:
        record(
            "enrolment.found", made.pk, at=at, person_id=person.pk, programme_id=programme.pk
        )
    return is_new


def add_reasons(enrolment: Enrolment, why: Iterable[Why], *, at: datetime) -> None:
    """Keep each reason once, for ever: a later run adds, it never removes."""
    Reason.objects.bulk_create(
        [
            Reason(
                enrolment=enrolment,
                person_id=enrolment.person_id,
                group=each.group,
                title=each.title,
                code=each.code,
                term=each.term,
                on=each.on,
                source=each.source,
                recorded_at=at,
            )
            for each in why
        ],
        ignore_conflicts=True,
    )


DECIDED: Mapping[str, tuple[Enrolment.Status, str]] = {
    Decision.Kind.KEEP: (Enrolment.Status.ACTIVE, "enrolment.activated"),
    Decision.Kind.ADD: (Enrolment.Status.ACTIVE, "enrolment.activated"),
    Decision.Kind.VETO: (Enrolment.Status.VETOED, "enrolment.vetoed"),
}


@transaction.atomic
def decide(
    enrolment: Enrolment, kind: Decision.Kind, *, reason: str, by: User, at: datetime
) -> Enrolment:
    """The practice keeps or vetoes one of its people before first contact.

    Deciding the same again changes nothing. A veto after contact began is refused: the person
    leaves the programme instead.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    status, event = DECIDED[kind]
    if enrolment.status == status:
        return enrolment
    if not reason.strip():
        raise Refused("Say why, so that a colleague can understand it later.")
    enrolment.move_to(status)
    if status == Enrolment.Status.ACTIVE:
        enrolment.active_from = at
    enrolment.save(update_fields=["status", "active_from"])
    Decision.objects.create(
        enrolment=enrolment, person_id=enrolment.person_id, kind=kind, reason=reason, by=by, at=at
    )
    record_access([enrolment.person_id], what=event, why="the practice's review")
    _note(enrolment, event, at=at, by=by)
    return enrolment


@transaction.atomic
def activate(enrolment: Enrolment, *, at: datetime) -> None:
    """The review time is over and nobody objected: the person is in the programme."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.status != Enrolment.Status.PREVIEW:
        return
    enrolment.move_to(Enrolment.Status.ACTIVE)
    enrolment.active_from = at
    enrolment.save(update_fields=["status", "active_from"])
    _note(enrolment, "enrolment.activated", at=at)


@transaction.atomic
def leave(enrolment: Enrolment, *, because: str, at: datetime, by: User | None = None) -> None:
    """The person is no longer in the programme: died, moved away, asked to stop."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.status == Enrolment.Status.LEFT:
        return
    enrolment.move_to(Enrolment.Status.LEFT)
    enrolment.left_at, enrolment.left_because = at, because
    enrolment.save(update_fields=["status", "left_at", "left_because"])
    _note(enrolment, "enrolment.left", at=at, by=by)


def _note(enrolment: Enrolment, name: str, *, at: datetime, by: User | None = None) -> None:
    record(
        name,
        enrolment.pk,
        at=at,
        by=by,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
    )
