"""Whom the rules no longer find: the practice decides who stays, and the list on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.enrolments import actions
from openprotect.enrolments.queries import visible_to
from openprotect.governance.actions import record_access
from openprotect.reports.queries import patients, printed
from openprotect.reports.queries.review import absent as people_absent
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.practice.forms import StayForm
from openprotect.web.practice.showing import page_of, programme_of, show

WHY = "no longer found by the rules"


@require_safe
@for_roles(Role.PRACTICE)
def absent(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer)
    found = people_absent(viewer, programme, page=page_of(request))
    record_access(found.people, what="practice.absent", why=WHY)
    return show(request, "absent", "absent", programme=programme, absent=found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.PRACTICE)
def stay(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    name = patients.name_of(enrolment.person)
    form = StayForm(request.POST or None)
    if form.is_valid():
        try:
            actions.stay(enrolment, reason=form.cleaned_data["reason"], viewer=viewer, at=viewer.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{name} stays in the programme.")
            return redirect("practice:absent")
    record_access([enrolment.person_id], what="practice.stay", why=WHY)
    return show(request, "stay", "absent", form=form, name=name)


@require_safe
@for_roles(Role.PRACTICE)
def on_paper(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer)
    which = "in" if request.GET.get("show") == "in" else "review"
    found = printed.sheets(viewer, programme, which)
    record_access(found.people, what="practice.on_paper", why="a list to print")
    return show(request, "on_paper", "review", programme=programme, printed=found, which=which)
