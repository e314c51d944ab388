"""The narrow door between the records and the service: a person, a practice, groups, evidence."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from openprotect.base import nhs_number
from openprotect.cohorts.models import Found, Run
from openprotect.enrolments import actions as enrolments
from openprotect.enrolments.actions import enrol_found
from openprotect.enrolments.actions.absences import note_found, note_missing
from openprotect.enrolments.actions.numbers import follow_numbers
from openprotect.enrolments.models import Decision, Enrolment, Request
from openprotect.enrolments.rules import BY_CLINICIAN, Enrolled, Why
from openprotect.pathway.missing import missing_from
from openprotect.people.actions import Details
from openprotect.people.models import Person as InService
from openprotect.places.models import Organisation
from openprotect.places.queries import organisation
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of
from openprotect.records import reference
from openprotect.records.lake import open_generation
from openprotect.records.queries import current_numbers, demographics, present_generation
from openprotect.records.rules.values import Person

NOWHERE: Mapping[str, int] = {}


def in_records(number: str, *, at: datetime) -> Person | None:
    """What the newest records say of one person; None when they are not in them.

    Asked for by a number that was replaced, they are found under the current one, here as well.
    """
    present = present_generation()
    if present is None:
        return None
    lake = open_generation(settings.OPENPROTECT.lake, present)
    current = current_numbers(lake)
    follow_numbers(current, at=at)
    return next(demographics(lake, [current.get(number, number)]), None)


def deprivation_by_area() -> Mapping[str, int]:
    """The fifth of deprivation of each small area, by the table in use; empty without one.

    Only the fifth crosses the door, so that whom we do not reach can be seen by how people live.
    """
    table = reference.deprivation(settings.OPENPROTECT.lake)
    return {each.lsoa: (each.decile + 1) // 2 for each in reference.areas(table)} if table else {}


def details_of(person: Person, *, on: date, fifths: Mapping[str, int] = NOWHERE) -> Details:
    """What crosses the door of a person's demographics; a death without a date is one by today."""
    return Details(
        nhs_number=nhs_number.parse(person.nhs_number, synthetic=settings.OPENPROTECT.synthetic),
        given_name=person.given,
        family_name=person.family,
        birth_date=person.birth_date if person.birth_precision == "day" else None,
        sex=person.sex,
        mobile=person.mobile,
        landline=person.phone,
        address=person.address,
        postcode=person.postcode,
        died_on=person.deceased_on or (on if person.deceased else None),
        is_restricted=person.restricted,
        deprivation_fifth=fifths.get(person.lsoa, 0),
    )


@transaction.atomic
def enrol_run(run: Run, programme: Programme, *, at: datetime) -> Enrolled:
    """What a run of the rules means for its programme, with everybody accounted for.

    1. Whoever is here is known by the NHS number that is current now.
    2. Whoever is here, in any programme, and was not found is heard of: a death, a move.
    3. Whom the run found comes in, or is said to be left out.
    4. Whoever was here and was not found waits for a person to decide; nobody leaves by omission.

    A run repeated as of an earlier day than the last changes nothing here.
    """
    if is_behind(run, programme):
        return Enrolled()
    found = {each.nhs_number: each for each in Found.objects.filter(run=run).order_by("id")}
    lake = open_generation(settings.OPENPROTECT.lake, run.generation)
    follow_numbers(current_numbers(lake), at=at)
    here = set(InService.objects.values_list("nhs_number", flat=True))
    recorded = demographics(lake, sorted({*found, *here}))
    people = {person.nhs_number: person for person in recorded}
    practices = {each.code: each for each in Organisation.objects.filter(kind="PRACTICE")}
    told = partial(details_of, on=at.date(), fifths=deprivation_by_area())
    for person in (people[each] for each in sorted(people.keys() - found.keys())):
        enrolments.hear_of(told(person), practices.get(person.practice_code), at=at)
    titles = {group.name: group.title for group in pack_of(programme).cohort.groups}
    done = enrol_found(
        programme,
        [
            (
                told(people[number]),
                practices.get(people[number].practice_code),
                _why(each, titles),
            )
            for number, each in found.items()
            if number in people
        ],
        at=at,
    )
    again = [each for each in found if each in people and people[each].practice_code in practices]
    note_found(programme, again, run=run.pk, at=at)
    why = missing_from(run, programme, people, practices.keys())
    return replace(done, missing=note_missing(programme, why, run=run.pk, at=at))


def is_behind(run: Run, programme: Programme) -> bool:
    """Whether a run is as of an earlier day than one by which the programme already goes."""
    looked_for = Enrolment.objects.filter(programme=programme, looked_for_at__isnull=False)
    last = looked_for.order_by("-looked_for_at").first()
    if last is None or last.looked_for_by is None:
        return False
    return Run.objects.filter(pk=last.looked_for_by, as_of__gt=run.as_of).exists()


def _why(found: Found, titles: Mapping[str, str]) -> list[Why]:
    return [
        Why(
            each["group"],
            titles.get(each["group"], each["group"]),
            each["code"],
            each["term"],
            date.fromisoformat(each["on"]),
            each["source"],
        )
        for each in found.evidence
    ]


@transaction.atomic
def bring_in_asked_for(request: Request, *, at: datetime) -> None:
    """Answer a practice that asked for one of its patients to be added."""
    request = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.status != Request.Status.WAITING:
        return
    person = in_records(request.nhs_number, at=at)
    if person is None or person.practice_code != request.practice.code:
        request.status = Request.Status.REFUSED
        request.answer = "Not found among the people registered with your practice."
    elif person.deceased:
        request.status, request.answer = Request.Status.REFUSED, "The records say that they died."
    else:
        request.person = _enrol(request, person, at=at).person
        request.status = Request.Status.ADDED
    request.save()


def _enrol(request: Request, person: Person, *, at: datetime) -> Enrolment:
    why = Why(BY_CLINICIAN, "Added by the practice", "", request.reason, at.date(), "practice")
    found: enrolments.Found = (
        details_of(person, on=at.date(), fifths=deprivation_by_area()),
        organisation(person.practice_code),
        [why],
    )
    enrol_found(request.programme, [found], at=at)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(
        person__nhs_number=person.nhs_number, programme=request.programme
    )
    if enrolment.status == Enrolment.Status.ACTIVE:
        request.answer = "Was in the programme already."
    else:
        _keep(enrolment, request, at=at)
    return enrolment


def _keep(enrolment: Enrolment, request: Request, *, at: datetime) -> None:
    Decision.objects.create(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        kind=Decision.Kind.ADD,
        reason=request.reason,
        by_id=request.by_id,
        at=at,
    )
    # Someone once kept out, or who left, comes in again: the practice has just said so.
    if enrolment.status != Enrolment.Status.PREVIEW:
        enrolment.move_to(Enrolment.Status.PREVIEW)
        enrolment.left_at, enrolment.left_because = None, ""
    enrolment.preview_ends_at = at
    enrolment.save()
