"""The day the network is down: calls on numbered sheets, and what was written comes back once."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.floor.actions import sheets as actions
from openprotect.floor.queries import sheets as queries
from openprotect.floor.queries.sheets import OUTCOMES
from openprotect.floor.rules.paper import COLUMNS, written
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.paper import as_pdf
from openprotect.web.supervising.forms import LineForm, SheetForm
from openprotect.web.supervising.showing import own_programme, show

if TYPE_CHECKING:
    from openprotect.floor.models import Line, Sheet

BOTH = ["GET", "HEAD", "POST"]
AT_THE_FLOOR = (Role.CALLER, Role.SUPERVISOR)


@for_roles(*AT_THE_FLOOR)
@require_http_methods(BOTH)
def sheets(request: StaffRequest) -> HttpResponse:
    viewer, form = request.viewer, SheetForm(request.POST or None, initial={"many": 10})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        holds_for, rung_by = timedelta(hours=int(given["hours"])), given["rung_by"]
        try:
            made = actions.make_sheet(
                given["many"], rung_by=rung_by, holds_for=holds_for, viewer=viewer, at=viewer.at
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("supervising:sheet", made.pk)
    said = {"sheets": queries.sheets(viewer), "form": form, "rings": viewer.role == Role.CALLER}
    return show(request, "sheets", "sheets", **said)


def _sheet(request: StaffRequest, sheet_id: UUID) -> "Sheet":
    return get_object_or_404(queries.visible_to(request.viewer), pk=sheet_id)


@for_roles(*AT_THE_FLOOR)
@require_safe
def sheet(request: StaffRequest, sheet_id: UUID) -> HttpResponse:
    found = _sheet(request, sheet_id)
    entries = queries.entries(request.viewer, found)
    is_mine = found.holder_id == request.viewer.user_id
    return show(request, "sheet", "sheets", sheet=found, entries=entries, is_mine=is_mine)


@for_roles(Role.CALLER)
@require_safe
def printed(request: StaffRequest, sheet_id: UUID) -> HttpResponse:
    """The sheet as a tagged PDF, for whoever holds it."""
    found = _sheet(request, sheet_id)
    calls = queries.to_print(request.viewer, found)
    if not calls:
        raise Http404
    pack = calls[0][1].pack
    said = {
        "sheet": found,
        "calls": calls,
        "now": request.viewer.at,
        "programme": own_programme(request.viewer),
        "script": pack.call_script,
        "questions": [each for each in pack.questionnaire.items if each.is_question],
        "outcomes": OUTCOMES,
    }
    response = HttpResponse(
        as_pdf(render_to_string("supervising/paper.jinja", said)), "application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="calls-sheet-{found.number}.pdf"'
    return response


@for_roles(*AT_THE_FLOOR)
@require_POST
def back(request: StaffRequest, sheet_id: UUID) -> HttpResponse:
    viewer = request.viewer
    many = actions.give_back(_sheet(request, sheet_id), viewer=viewer, at=viewer.at)
    messages.success(request, f"{many} back in the queue. Throw the paper away safely.")
    return redirect("supervising:sheets")


def _line(request: StaffRequest, sheet_id: UUID, number: int) -> "Line":
    return get_object_or_404(_sheet(request, sheet_id).lines, place=number)


@for_roles(Role.CALLER)
@require_http_methods(BOTH)
def line(request: StaffRequest, sheet_id: UUID, number: int) -> HttpResponse:
    viewer, found = request.viewer, _line(request, sheet_id, number)
    form = LineForm(request.POST or None, outcomes=OUTCOMES)
    if request.method == "POST" and form.is_valid():
        try:
            said = written(form.row, OUTCOMES, at=viewer.at)
            became = actions.enter(found, said, viewer=viewer, at=viewer.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Line {number}: {became}.")
            return redirect("supervising:sheet", sheet_id)
    return show(request, "line", "sheets", line=found, form=form, sheet_id=sheet_id)


@for_roles(*AT_THE_FLOOR)
@require_POST
def looked(request: StaffRequest, sheet_id: UUID, number: int) -> HttpResponse:
    """A conflict that a person has looked at: enough is recorded, or a team is asked to look."""
    viewer, ask = request.viewer, request.POST.get("ask") == "yes"
    found = _line(request, sheet_id, number)
    try:
        actions.settle_conflict(found, ask=ask, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "A team is asked to look." if ask else "Noted as looked at.")
    return redirect("supervising:sheet", sheet_id)


@for_roles(Role.CALLER)
@require_http_methods(BOTH)
def bring(request: StaffRequest) -> HttpResponse:
    """What was written on paper, pasted as a table: every row is accounted for."""
    said: dict[str, object] = {"typed": "", "columns": COLUMNS, "outcomes": OUTCOMES}
    if request.method == "POST":
        pasted, viewer = request.POST.get("table", ""), request.viewer
        try:
            said["brought"] = actions.bring_sheets(pasted.encode(), viewer=viewer, at=viewer.at)
        except Refused as refusal:
            said |= {"refused": str(refusal), "typed": pasted}
    return show(request, "bring", "sheets", **said)
