"""A practice's patients: how they stand, who they are, what happened, and who looked."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.enrolments.queries import standstill_of, visible_to
from openprotect.governance.actions import record_access
from openprotect.reports.queries import looking, patients, taking_part
from openprotect.reports.queries.patient import story
from openprotect.voices.queries import unread
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.practice.showing import page_of, programme_of, show


@require_safe
@for_roles(Role.PRACTICE)
def home(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer)
    stands = patients.home(viewer, programme)
    looked = looking.log_of_patients(viewer, looking.Wanted(), outside=True).openings[:5]
    record_access(
        [
            *(each.person_id for each in stands.told),
            *(each.person_id for each in looked if each.person_id),
        ],
        what="practice.home",
        why="what came of alerts, and who looked",
    )
    return show(
        request,
        "home",
        programme=programme,
        home=stands,
        looked=looked,
        shown=patients.SHOWN,
        unread=unread(viewer),
        programmes=taking_part.programmes(viewer, programme),
        paused=standstill_of(viewer),
    )


@require_safe
@for_roles(Role.PRACTICE)
def people(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    shown = request.GET.get("show", "in")
    shown = shown if shown in patients.SHOWN else "in"
    found = patients.patients(viewer, programme_of(viewer), shown, page=page_of(request))
    record_access(
        [each.person_id for each in found.rows],
        what="practice.people",
        why=f"list: {patients.SHOWN[shown][0].lower()}",
    )
    return show(request, "people", patients=found, show=shown, shown=patients.SHOWN)


@require_safe
@for_roles(Role.PRACTICE)
def person(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    record_access([enrolment.person_id], what="practice.person", why="a patient of the practice")
    return show(request, "person", story=story(viewer, enrolment))


@require_safe
@for_roles(Role.PRACTICE)
def access(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    who = request.GET.get("who", "outside")
    before = request.GET.get("before", "")
    wanted = looking.Wanted(
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        is_by_people=who != "background",
    )
    log = looking.log_of_patients(viewer, wanted, outside=who == "outside")
    record_access(
        [each.person_id for each in log.openings if each.person_id],
        what="practice.access",
        why="who opened our patients' records",
    )
    return show(request, "access", "looked", log=log, who=who)
