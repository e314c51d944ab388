"""Who can help better? Handing an alert to another team, with the reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.alerts.actions.passing import pass_on
from openprotect.alerts.queries import teams_in_reach
from openprotect.alerts.queries.case import Case
from openprotect.base.refusals import Refused
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.triage.acting import again
from openprotect.web.triage.desk import AT_THE_DESK, of_a_case
from openprotect.web.triage.forms import HandoverForm


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
    if form.is_valid():
        try:
            pass_on(
                case.alert,
                known[form.cleaned_data["team"]],
                because=form.cleaned_data["because"],
                viewer=viewer,
                at=viewer.at,
                seen=request.POST.get("seen", ""),
            )
        except Refused as refusal:
            form.add_error(None, f"{refusal} What you wrote is still here.")
            case = again(request, case.id)
        else:
            messages.success(request, "Handed over. That team must accept it in time.")
            return redirect("triage:worklist")
    shown = {"case": case, "form": form, "is_partner": viewer.role == Role.PARTNER}
    return render(request, "triage/handover.jinja", shown | frame(request, current="alerts"))
