"""Taking an alert on, and ending it with what came of it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from openprotect.alerts import actions
from openprotect.alerts.actions.working import accept_many
from openprotect.alerts.queries import OUTCOMES
from openprotect.alerts.queries.case import Case, case_of
from openprotect.base.notes import cautions
from openprotect.base.refusals import Refused
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.words import plural
from openprotect.web.frame import frame
from openprotect.web.triage.desk import AT_THE_DESK, of_a_case, show_case
from openprotect.web.triage.forms import CloseForm

RED = "This needed action now. Once it is closed, nobody looks at it any more."


@for_roles(*AT_THE_DESK)
@require_POST
@of_a_case
def acceptance(request: StaffRequest, case: Case) -> HttpResponse:
    try:
        actions.accept(case.alert, viewer=request.viewer, at=request.viewer.at)
    except Refused as refusal:
        messages.warning(request, f"{refusal} Nothing was changed.")
    else:
        messages.success(request, "Accepted. It is yours now.")
    return redirect("triage:case", case.id)


@for_roles(*AT_THE_DESK)
@require_POST
def acceptances(request: StaffRequest) -> HttpResponse:
    """The alerts that were ticked, up to fifty."""
    try:
        ticked = [UUID(each) for each in request.POST.getlist("alert")]
        done = accept_many(ticked, viewer=request.viewer, at=request.viewer.at)
    except ValueError:
        raise BadRequest("There is no such alert.") from None
    except Refused as refusal:
        messages.warning(request, f"{refusal} Nothing was changed.")
        return redirect("triage:worklist")
    if done.taken:
        messages.success(request, f"Accepted {plural(done.taken, 'alert', 'alerts')}.")
    for why in dict.fromkeys(done.refused):
        messages.warning(request, why)
    if not ticked:
        messages.warning(request, "Tick the alerts that you take, then press the button.")
    return redirect("triage:worklist")


@for_roles(*AT_THE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_case
def closure(request: StaffRequest, case: Case) -> HttpResponse:
    if request.method != "POST":
        return redirect("triage:case", case.id)
    form = CloseForm(request.POST, outcomes=OUTCOMES)
    if form.is_valid() and "change" not in request.POST:
        doubts = _doubts(case, form)
        if doubts and "confirmed" not in request.POST:
            seen = request.POST.get("seen", "")
            shown = {"case": case, "form": form, "doubts": doubts, "seen": seen}
            return render(request, "triage/confirm.jinja", shown | frame(request, "alerts"))
        if _closed(request, case, form):
            messages.success(request, "Closed. The practice sees it, and the person is told.")
            return redirect("triage:worklist")
    return show_case(request, again(request, case.id), form)


def _doubts(case: Case, form: CloseForm) -> tuple[str, ...]:
    """What is asked once more: a red alert, and a note that holds what many should not read."""
    found = cautions(form.cleaned_data["note"], own_number=case.who.nhs_number)
    # A red alert without a word is refused at once; asking twice would not help.
    is_red = case.urgency == "now" and form.cleaned_data["note"].strip()
    return (RED, *found) if is_red else found


def _closed(request: StaffRequest, case: Case, form: CloseForm) -> bool:
    try:
        actions.close(
            case.alert,
            form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            viewer=request.viewer,
            at=request.viewer.at,
            seen=request.POST.get("seen", ""),
        )
    except Refused as refusal:
        form.add_error(None, f"{refusal} What you wrote is still here.")
        return False
    return True


def again(request: StaffRequest, alert_id: UUID) -> Case:
    """The case as it is now, after somebody else may have acted."""
    case = case_of(request.viewer, alert_id)
    if case is None:
        raise Http404
    return case
