"""Bringing people into a programme, and what their practice decides about it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from openprotect.accounts.queries import Viewer
from openprotect.base.nhs_number import NotAnNhsNumber, parse
from openprotect.base.refusals import Refused
from openprotect.enrolments.actions.absences import settle
from openprotect.enrolments.actions.together import New, enrol_new
from openprotect.enrolments.models import Absence, Decision, Enrolment, Reason, Request
from openprotect.enrolments.rules import (
    AGREED,
    FOR_PRACTICE,
    Enrolled,
    NotAsked,
    Why,
    comes_back,
    ground_in_words,
)
from openprotect.events.actions import record
from openprotect.governance.actions import record_access
from openprotect.people.actions import Details, bring_in
from openprotect.people.models import Person
from openprotect.places.models import Organisation
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import Chosen
from openprotect.programmes.queries import settings as settings_of

Found = tuple[Details, Organisation | None, Iterable[Why]]


@transaction.atomic
def enrol_found(programme: Programme, found: Iterable[Found], *, at: datetime) -> Enrolled:
    """Bring the people whom the rules found into a programme, for their practices to review.

    Everyone found is counted once: new, known already, or left out for a reason.
    """
    preview = settings_of(programme, "preview_days", at=at)
    left_out: dict[str, int] = Counter()
    fresh, others = _never_seen(found)
    enrol_new(programme, fresh, preview=preview, at=at)
    new, known = len(fresh), 0
    for details, practice, why in others:
        if details.died_on:
            hear_of(details, practice, at=at)
            left_out["has died"] += 1
        elif practice is None:
            left_out["practice not known here"] += 1
        elif _enrol(programme, details, practice, why, preview=preview, at=at):
            new += 1
        else:
            known += 1
    return Enrolled(new, known, tuple(sorted(left_out.items())))


def _never_seen(found: Iterable[Found]) -> tuple[list[New], list[Found]]:
    """Whom nobody here has heard of, apart: the living, of a practice that is known, named once."""
    everybody = list(found)
    numbers = Counter(details.nhs_number for details, *_ in everybody)
    named = list(numbers)
    here = Person.objects.filter(Q(nhs_number__in=named) | Q(came_as__in=named))
    known = {number for each in here.values_list("nhs_number", "came_as") for number in each}
    fresh, others = list[New](), list[Found]()
    for details, practice, why in everybody:
        number = details.nhs_number
        if practice is None or details.died_on or number in known or numbers[number] > 1:
            others.append((details, practice, why))
        else:
            fresh.append((details, practice, list(why)))
    return fresh, others


@transaction.atomic
def hear_of(details: Details, practice: Organisation | None, *, at: datetime) -> None:
    """News of someone who is here already, found again or not. With a death they leave."""
    known = Person.objects.filter(nhs_number=details.nhs_number).select_related("practice").first()
    if known is None:
        return
    person = bring_in(details, practice=practice or known.practice, at=at)
    theirs = Enrolment.objects.filter(person=person)
    theirs.exclude(practice=person.practice).update(practice=person.practice)
    if person.died_on:
        for enrolment in theirs.exclude(status=Enrolment.Status.LEFT).order_by("id"):
            leave(enrolment, because="has died", at=at)


def _enrol(
    programme: Programme,
    details: Details,
    practice: Organisation,
    why: Iterable[Why],
    *,
    preview: Chosen,
    at: datetime,
) -> bool:
    person = bring_in(details, practice=practice, at=at)
    days = timedelta(days=preview.number(practice.pk))
    made, is_new = Enrolment.objects.get_or_create(
        person=person,
        programme=programme,
        defaults={"practice": practice, "found_at": at, "preview_ends_at": at + days},
    )
    is_elsewhere = made.practice_id != practice.pk
    if is_elsewhere:
        Enrolment.objects.filter(pk=made.pk).update(practice=practice)
    add_reasons(made, why, at=at)
    if is_new:
        record("enrolment.found", made.pk, at=at, person_id=person.pk, programme_id=programme.pk)
    elif made.status == Enrolment.Status.LEFT and person.died_on is None:
        _review_anew(made, is_elsewhere=is_elsewhere, ends_at=at + days, at=at)
    return is_new


def _review_anew(
    enrolment: Enrolment, *, is_elsewhere: bool, ends_at: datetime, at: datetime
) -> None:
    """Someone who had left is found again: where that is news, their practice reviews them."""
    if not comes_back(enrolment.left_because, is_elsewhere=is_elsewhere):
        return
    enrolment.move_to(Enrolment.Status.PREVIEW)
    enrolment.left_at, enrolment.left_because = None, ""
    enrolment.preview_ends_at = ends_at
    enrolment.save(update_fields=["status", "left_at", "left_because", "preview_ends_at"])
    _note(enrolment, "enrolment.found_again", at=at)


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
    enrolment: Enrolment,
    kind: Decision.Kind,
    *,
    reason: str,
    viewer: Viewer,
    at: datetime,
    ground: str = "",
) -> Enrolment:
    """The practice keeps or vetoes one of its people before first contact.

    Deciding the same again changes nothing; keeping undoes a veto. A veto after contact began is
    refused: the person leaves the programme instead.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    status, event = DECIDED[kind]
    if enrolment.status == status:
        return enrolment
    if not reason.strip():
        raise Refused("Say why, so that a colleague can understand it later.")
    if status == Enrolment.Status.VETOED and enrolment.status == Enrolment.Status.ACTIVE:
        raise Refused("Contact has begun: take them out of the programme instead.")
    enrolment.move_to(status)
    if status == Enrolment.Status.ACTIVE:
        enrolment.active_from = at
    enrolment.save(update_fields=["status", "active_from"])
    is_in = status == Enrolment.Status.ACTIVE
    settle(enrolment, Absence.Settled.KEPT if is_in else Absence.Settled.OUT, at=at)
    _decided(enrolment, kind, reason, viewer=viewer, at=at)
    _note(enrolment, event, at=at, by=viewer, **({"ground": ground} if ground else {}))
    return enrolment


def _decided(
    enrolment: Enrolment, kind: Decision.Kind, reason: str, *, viewer: Viewer, at: datetime
) -> None:
    Decision.objects.create(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        kind=kind,
        reason=reason,
        by_id=viewer.user_id,
        at=at,
    )
    record_access([enrolment.person_id], what="enrolments.decide", why="the practice's review")


def keep(enrolment: Enrolment, *, viewer: Viewer, at: datetime) -> Enrolment:
    """The practice agrees that a person is asked, now rather than at the end of the review."""
    return decide(enrolment, Decision.Kind.KEEP, reason=AGREED, viewer=viewer, at=at)


@transaction.atomic
def stay(enrolment: Enrolment, *, reason: str, viewer: Viewer, at: datetime) -> None:
    """The rules no longer find someone in the programme, and the practice keeps them all the same.

    They are not asked about again until the rules find them, or miss them for another reason.
    """
    if not reason.strip():
        raise Refused("Say why, so that a colleague can understand it later.")
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.status == Enrolment.Status.PREVIEW:
        decide(enrolment, Decision.Kind.KEEP, reason=reason.strip(), viewer=viewer, at=at)
    elif settle(enrolment, Absence.Settled.KEPT, at=at):
        _decided(enrolment, Decision.Kind.KEEP, reason.strip(), viewer=viewer, at=at)
        _note(enrolment, "enrolment.kept", at=at, by=viewer)


@transaction.atomic
def keep_all(enrolments: Iterable[Enrolment], *, viewer: Viewer, at: datetime) -> int:
    """The practice agrees to everyone on its list; how many that were."""
    waiting = [each for each in enrolments if each.status == Enrolment.Status.PREVIEW]
    for each in waiting:
        keep(each, viewer=viewer, at=at)
    return len(waiting)


def veto(
    enrolment: Enrolment, ground: str, *, note: str, viewer: Viewer, at: datetime
) -> Enrolment:
    """The practice keeps a person out, for a coded reason."""
    reason = ground_in_words(ground, note)
    return decide(enrolment, Decision.Kind.VETO, reason=reason, viewer=viewer, at=at, ground=ground)


@transaction.atomic
def take_out(enrolment: Enrolment, ground: str, *, note: str, viewer: Viewer, at: datetime) -> None:
    """The practice ends a person's part in a programme that has begun; open alerts stay open."""
    reason = ground_in_words(ground, note)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.status == Enrolment.Status.LEFT:
        return
    _decided(enrolment, Decision.Kind.VETO, reason, viewer=viewer, at=at)
    leave(enrolment, because=FOR_PRACTICE.format(ground=ground), at=at, by=viewer)


@transaction.atomic
def ask_to_add(
    viewer: Viewer, programme: Programme, text: str, *, reason: str, at: datetime
) -> Request:
    """A practice asks for one of its patients to be added; the records are looked up afterwards.

    Asking again while the answer is awaited changes nothing.
    """
    try:
        number = parse(text, synthetic=settings.OPENPROTECT.synthetic)
    except NotAnNhsNumber as why:
        raise NotAsked(f"That is not an NHS number: {why.reason}.") from None
    if not reason.strip():
        raise Refused("Say why, so that a colleague can understand it later.")
    made, is_new = Request.objects.get_or_create(
        programme=programme,
        practice_id=viewer.organisation_id,
        nhs_number=number,
        status=Request.Status.WAITING,
        defaults={"reason": reason.strip(), "by_id": viewer.user_id, "at": at},
    )
    if is_new:
        record("enrolment.asked_for", made.pk, by=viewer.user_id, at=at, programme_id=programme.pk)
    return made


@transaction.atomic
def activate(enrolment: Enrolment, *, at: datetime) -> None:
    """The review time is over and nobody objected: the person is in the programme."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.status != Enrolment.Status.PREVIEW:
        return
    if enrolment.absences.filter(settled_at=None).exists():
        return  # whom the rules no longer find is asked only if the practice says so
    enrolment.move_to(Enrolment.Status.ACTIVE)
    enrolment.active_from = at
    enrolment.save(update_fields=["status", "active_from"])
    _note(enrolment, "enrolment.activated", at=at)


@transaction.atomic
def leave(enrolment: Enrolment, *, because: str, at: datetime, by: Viewer | None = None) -> None:
    """The person is no longer in the programme: died, moved away, asked to stop."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.status == Enrolment.Status.LEFT:
        return
    enrolment.move_to(Enrolment.Status.LEFT)
    enrolment.left_at, enrolment.left_because = at, because
    enrolment.save(update_fields=["status", "left_at", "left_because"])
    settle(enrolment, Absence.Settled.OUT, at=at)
    _note(enrolment, "enrolment.left", at=at, by=by)


def _note(
    enrolment: Enrolment, name: str, *, at: datetime, by: Viewer | None = None, **detail: str
) -> None:
    record(
        name,
        enrolment.pk,
        at=at,
        by=by.user_id if by else None,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
        **detail,
    )
