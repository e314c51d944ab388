"""How do we take part? Which patients, who handles what, and a pause."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.enrolments.actions import standing_still
from openprotect.enrolments.queries import standstill_of
from openprotect.places.actions.staffing import undertake
from openprotect.reports.queries import taking_part
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.words import LONDON
from openprotect.web.practice.forms import PartForm, PauseForm
from openprotect.web.practice.showing import programme_of, show

TAKES = {"ours": True, "others": False}


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.PRACTICE)
def page(request: StaffRequest) -> HttpResponse:
    """Who handles what; where nothing is said, the programme's own safe routes hold."""
    programme = programme_of(request.viewer)
    handles = taking_part.handles(request.viewer, programme)
    form = PartForm(
        request.POST or None,
        kinds=_kinds(handles),
    )
    if form.is_valid() and _kept(request, form, handles):
        messages.success(request, "Kept. Alerts from now on go by it.")
        return redirect("practice:taking-part")
    return _show(request, form, PauseForm(prefix="pause"), handles)


def _show(
    request: StaffRequest,
    form: PartForm,
    pause_form: PauseForm,
    handles: tuple[taking_part.Handles, ...],
) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer)
    return show(
        request,
        "taking_part",
        "taking-part",
        programme=programme,
        form=form,
        pause_form=pause_form,
        handles=handles,
        paused=standstill_of(viewer),
        programmes=taking_part.programmes(viewer, programme),
        has_team=taking_part.own_team(viewer) is not None,
    )


def _kept(request: StaffRequest, form: PartForm, handles: tuple[taking_part.Handles, ...]) -> bool:
    viewer, team = request.viewer, taking_part.own_team(request.viewer)
    if team is None:
        form.add_error(None, "Your practice has no team here that could take alerts.")
        return False
    for each in handles:
        said = form.cleaned_data[each.kind]
        if said == each.said or said not in TAKES:
            continue
        try:
            undertake(
                team,
                each.kind,
                takes=TAKES[said],
                because=form.cleaned_data["because"],
                by=viewer.user_id,
                at=viewer.at,
            )
        except Refused as refusal:
            form.add_error("because", str(refusal))
    return not form.errors


@require_POST
@for_roles(Role.PRACTICE)
def pause(request: StaffRequest) -> HttpResponse:
    """Pause, or go on: what the reader saw is what they ask for."""
    viewer = request.viewer
    if request.POST.get("wish") == "go on":
        standing_still.go_on(viewer=viewer, at=viewer.at)
        messages.success(request, "Your patients are asked again from their next check-in on.")
        return redirect("practice:taking-part")
    form = PauseForm(request.POST, prefix="pause")
    if form.is_valid():
        last = form.cleaned_data["until"] + timedelta(days=1)
        until = datetime.combine(last, time(), LONDON)
        try:
            standing_still.pause(
                until=until, because=form.cleaned_data["because"], viewer=viewer, at=viewer.at
            )
        except Refused as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, "Paused. Nobody new is asked; open alerts go on.")
            return redirect("practice:taking-part")
    handles = taking_part.handles(viewer, programme_of(viewer))
    return _show(request, PartForm(kinds=_kinds(handles)), form, handles)


def _kinds(handles: tuple[taking_part.Handles, ...]) -> list[tuple[str, str, str, str]]:
    return [(each.kind, each.about, each.team, each.said) for each in handles]
