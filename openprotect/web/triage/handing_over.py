"""Who can help better? Handing on, declining and opening again: each with the reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.alerts.actions.following import open_again
from openprotect.alerts.actions.passing import decline, pass_on
from openprotect.alerts.queries import teams_in_reach
from openprotect.alerts.queries.case import Case
from openprotect.base.refusals import Refused
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.fields import PageForm
from openprotect.web.frame import frame
from openprotect.web.triage.acting import again
from openprotect.web.triage.desk import AT_THE_DESK, of_a_case
from openprotect.web.triage.forms import HandoverForm, WhyForm

CARE = tuple(each for each in AT_THE_DESK if each != Role.PARTNER)


def _refused(form: PageForm, act: Callable[[], object]) -> bool:
    """Do it; when it is declined, say so in the form, where what was typed still stands."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, f"{refusal} What you wrote is still here.")
        return True
    return False


@for_roles(*AT_THE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_case
def handover(request: StaffRequest, case: Case) -> HttpResponse:
    viewer = request.viewer
    known = {str(each.pk): each for each in teams_in_reach(viewer, case.alert, at=viewer.at)}
    offered = [
        (key, each.name, each.get_function_display())
        for key, each in known.items()
        if each.pk != case.alert.team_id
    ]
    form = HandoverForm(request.POST or None, teams=offered)

    def hand_over() -> object:
        return pass_on(
            case.alert,
            known[form.cleaned_data["team"]],
            because=form.cleaned_data["because"],
            viewer=viewer,
            at=viewer.at,
            seen=request.POST.get("seen", ""),
        )

    if form.is_valid():
        if not _refused(form, hand_over):
            messages.success(request, "Handed over. That team must accept it in time.")
            return redirect("triage:worklist")
        case = again(request, case.id)
    shown = {"case": case, "form": form, "is_partner": viewer.role == Role.PARTNER}
    return render(request, "triage/handover.jinja", shown | frame(request, current="alerts"))


@for_roles(*AT_THE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_case
def declining(request: StaffRequest, case: Case) -> HttpResponse:
    form = WhyForm(request.POST or None, label="Why can your team not take it?")
    viewer, seen = request.viewer, request.POST.get("seen", "")
    if form.is_valid():
        because = form.cleaned_data["because"]
        if not _refused(
            form,
            lambda: decline(case.alert, because=because, viewer=viewer, at=viewer.at, seen=seen),
        ):
            messages.success(request, "Declined. The next team in line has it now.")
            return redirect("triage:worklist")
        case = again(request, case.id)
    shown = {"case": case, "form": form}
    return render(request, "triage/decline.jinja", shown | frame(request, current="alerts"))


@for_roles(*CARE)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_case
def reopening(request: StaffRequest, case: Case) -> HttpResponse:
    form = WhyForm(request.POST or None, label="Why is it opened again?")
    viewer = request.viewer
    if form.is_valid():
        because = form.cleaned_data["because"]
        if not _refused(
            form, lambda: open_again(case.alert, viewer=viewer, because=because, at=viewer.at)
        ):
            messages.success(request, "Opened again, with what was done before beside it.")
            return redirect("triage:worklist")
        case = again(request, case.id)
    shown = {"case": case, "form": form}
    return render(request, "triage/reopen.jinja", shown | frame(request, current="alerts"))
