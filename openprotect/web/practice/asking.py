"""Why is this patient found, or not? Asked of the rules and the newest records."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.enrolments.queries import visible_to
from openprotect.governance.actions import record_access_by_number
from openprotect.reports.queries import patients
from openprotect.reports.queries.explaining import Explained, explain
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.practice.forms import WhyForm
from openprotect.web.practice.showing import programme_of, show

WHY = "what the rules see of a patient of the practice"


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.PRACTICE)
def why(request: StaffRequest) -> HttpResponse:
    # The number is sent in the body of the request: an address would stay in logs and histories.
    form = WhyForm(request.POST or None)
    told = _told(request, form) if form.is_valid() else None
    programme = programme_of(request.viewer)
    asked = WhyForm() if told else form
    return show(request, "why", "why", form=asked, told=told, programme=programme)


@require_safe
@for_roles(Role.PRACTICE)
def why_enrolled(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    form = WhyForm({"nhs_number": enrolment.person.nhs_number})
    told = _told(request, form) if form.is_valid() else None
    record_access_by_number([enrolment.person.nhs_number], what="practice.why", why=WHY)
    return show(
        request,
        "why",
        form=form if form.errors else WhyForm(),
        told=told,
        name=patients.name_of(enrolment.person),
        programme=enrolment.programme,
        back=reverse("practice:person", args=[enrolment.pk]),
        back_words=patients.name_of(enrolment.person),
    )


def _told(request: StaffRequest, form: WhyForm) -> Explained | None:
    viewer = request.viewer
    try:
        told = explain(viewer, programme_of(viewer), form.cleaned_data["nhs_number"])
    except Refused as refusal:
        form.add_error("nhs_number", str(refusal))
        return None
    record_access_by_number([told.nhs_number], what="practice.why", why=WHY)
    return told
