"""How do we work this? What the programme says and what each locality says, told apart."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.alerts.actions.procedures import WRITES, note_medicines_care, write_procedure
from openprotect.alerts.queries import procedures
from openprotect.alerts.queries.case import Case
from openprotect.alerts.rules import KINDS
from openprotect.base.refusals import Refused
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.triage.desk import of_a_case, show_case
from openprotect.web.triage.forms import MedicinesForm, ProcedureForm

READS = (Role.SURVEILLANCE, Role.LOCALITY, Role.PRACTICE, Role.LEAD)
CARE = (Role.SURVEILLANCE, Role.LOCALITY, Role.PRACTICE)
YES_OR_NO = {"yes": True, "no": False}


@for_roles(*READS)
@require_safe
def kinds(request: StaffRequest) -> HttpResponse:
    shown = {"kinds": procedures.kinds(request.viewer), "writes": request.viewer.role in WRITES}
    return render(request, "triage/procedures.jinja", shown | frame(request, current="alerts"))


@for_roles(*READS)
@require_http_methods(["GET", "HEAD", "POST"])
def of_a_kind(request: StaffRequest, kind: str) -> HttpResponse:
    """One kind of alert: every locality side by side; one's own may be written anew."""
    viewer = request.viewer
    if kind not in KINDS:
        raise Http404
    own = procedures.latest(viewer.organisation_id, kind)
    writes = viewer.role in WRITES
    form = ProcedureForm(
        request.POST or None, initial={"words": own.words if own else "", "because": ""}
    )
    if writes and form.is_valid():
        try:
            write_procedure(
                viewer.organisation_id,
                kind,
                form.cleaned_data["words"],
                because=form.cleaned_data["because"],
                over=int(request.POST.get("over") or 0),
                viewer=viewer,
                at=viewer.at,
            )
        except (Refused, ValueError) as refusal:
            form.add_error(None, f"{refusal} What you wrote is still here.")
        else:
            messages.success(request, "Written. It stands beside each alert of this kind now.")
            return redirect("triage:procedure", kind)
    shown = {
        "kind": kind,
        "about": KINDS[kind],
        "own": own,
        "versions": procedures.versions(viewer.organisation_id, kind),
        "beside": procedures.side_by_side(kind, at=viewer.at),
        "form": form,
        "writes": writes,
    }
    return render(request, "triage/procedure.jinja", shown | frame(request, current="alerts"))


@for_roles(*CARE)
@require_POST
@of_a_case
def medicines(request: StaffRequest, case: Case) -> HttpResponse:
    """Who brings this person's medicines."""
    form = MedicinesForm(request.POST)
    if not form.is_valid():
        return show_case(request, case)
    try:
        note_medicines_care(
            case.alert,
            pharmacy=form.cleaned_data["pharmacy"],
            may_collect=form.cleaned_data["may_collect"],
            has_controlled_drugs=YES_OR_NO.get(form.cleaned_data["controlled"]),
            viewer=request.viewer,
            at=request.viewer.at,
        )
    except Refused as refusal:
        messages.warning(request, f"{refusal} Nothing was changed.")
    else:
        messages.success(request, "Kept, for the next alert about their medicines too.")
    return redirect("triage:case", case.id)
