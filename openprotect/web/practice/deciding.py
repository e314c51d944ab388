"""A practice decides: keep, keep out, take out, add. Each decision is made by an action."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.enrolments import actions
from openprotect.enrolments.queries import to_review, visible_to
from openprotect.enrolments.rules import NoGround, NotAsked
from openprotect.governance.actions import record_access
from openprotect.reports.queries import patients
from openprotect.reports.queries.review import review as people_to_review
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.words import plural
from openprotect.web.practice.forms import AddForm, GroundForm
from openprotect.web.practice.showing import page_of, programme_of, show

WHY = "the practice's review"
shown_and_sent = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_roles(Role.PRACTICE)
def review(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer)
    found = people_to_review(viewer, programme, page=page_of(request))
    record_access(found.people, what="practice.review", why=WHY)
    return show(request, "review", "review", programme=programme, review=found)


@require_POST
@for_roles(Role.PRACTICE)
def keep(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    name = patients.name_of(enrolment.person)
    try:
        actions.keep(enrolment, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        messages.error(request, f"{name}: {refusal}")
    else:
        messages.success(request, f"{name} is in the programme and is invited now.")
    return redirect("practice:review")


@shown_and_sent
@for_roles(Role.PRACTICE)
def keep_all(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    waiting = to_review(viewer).filter(programme=programme_of(viewer))
    if request.method != "POST":
        names = [patients.name_of(each.person) for each in waiting]
        record_access([each.person_id for each in waiting], what="practice.keep_all", why=WHY)
        return show(request, "keep_all", "review", names=names)
    # Only whom the reader saw: someone found a moment ago is not agreed to unseen.
    seen = waiting.filter(found_at__lte=_moment(request.POST.get("seen_at", "")) or viewer.at)
    kept = actions.keep_all(seen, viewer=viewer, at=viewer.at)
    messages.success(request, f"{plural(kept, 'person is', 'people are')} invited now.")
    return redirect("practice:review")


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


@shown_and_sent
@for_roles(Role.PRACTICE)
def veto(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    return _keep_out(request, enrolment_id, actions.veto, back="practice:review")


@shown_and_sent
@for_roles(Role.PRACTICE)
def take_out(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    return _keep_out(request, enrolment_id, actions.take_out, back="practice:home")


def _keep_out(
    request: StaffRequest, enrolment_id: UUID, act: Callable[..., object], *, back: str
) -> HttpResponse:
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    name = patients.name_of(enrolment.person)
    form = GroundForm(request.POST or None, initial={"ground": request.GET.get("ground", "")})
    if form.is_valid():
        ground, note = form.cleaned_data["ground"], form.cleaned_data["note"]
        try:
            act(enrolment, ground, note=note, viewer=viewer, at=viewer.at)
        except NoGround as refusal:
            form.add_error("note", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{name} is not contacted.")
            return redirect(back)
    record_access([enrolment.person_id], what="practice.keep_out", why=WHY)
    has_begun = act is actions.take_out
    return show(request, "keep_out", form=form, name=name, has_begun=has_begun, back=back)


@shown_and_sent
@for_roles(Role.PRACTICE)
def add(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    form = AddForm(request.POST or None)
    if form.is_valid() and _asked(request, form):
        messages.success(request, "We are looking them up in the records. The answer comes below.")
        return redirect("practice:add")
    requests = patients.requests(viewer)
    people = [each.person_id for each in requests if each.person_id]
    record_access(people, what="practice.add", why="patients the practice added")
    return show(request, "add", "add", form=form, requests=requests)


def _asked(request: StaffRequest, form: AddForm) -> bool:
    viewer, given = request.viewer, form.cleaned_data
    try:
        actions.ask_to_add(
            viewer,
            programme_of(viewer),
            given["nhs_number"],
            reason=given["reason"],
            at=viewer.at,
        )
    except NotAsked as refusal:
        form.add_error("nhs_number", str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
