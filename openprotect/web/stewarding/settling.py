"""Single rows and pairs that wait for a person: released, let go, one person or two."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.records import actions
from openprotect.reports.queries import imported_people, imports
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.stewarding.showing import page_of, show

SETTLED = {
    "RELEASED": "Released. It is taken in as an import of its own, within a minute or so.",
    "REJECTED": "Let go. The row is not taken, and does not wait any more.",
}
# What is chosen for a pair: the state, and which of the two numbers stays.
DECISIONS: Mapping[str, tuple[str, bool | None, str]] = {
    "first": ("CONFIRMED", False, "One person. Their records are read as one within a minute."),
    "second": ("CONFIRMED", True, "One person. Their records are read as one within a minute."),
    "two": ("DECLINED", None, "Two people. This pair is not proposed again."),
    "back": ("PROPOSED", None, "Taken back. The pair waits for a decision again."),
}


@require_safe
@for_roles(Role.STEWARD)
def rows(request: StaffRequest) -> HttpResponse:
    reason, page = request.GET.get("reason", ""), page_of(request)
    found = imported_people.held_rows(request.viewer, page=page, reason=reason)
    reasons = imported_people.held_reasons()
    return show(request, "rows", "rows", held=found, reason=reason, reasons=reasons)


@require_POST
@for_roles(Role.STEWARD)
def row(request: StaffRequest, row_id: UUID) -> HttpResponse:
    viewer, settled_as = request.viewer, request.POST.get("settled_as", "")
    problem = get_object_or_404(imports.rows_visible_to(viewer), pk=row_id)
    if settled_as not in SETTLED:
        messages.error(request, "Choose whether the row is released or let go.")
        return redirect("stewarding:rows")
    try:
        actions.settle(problem, settled_as, by=viewer.name, user=viewer.user_id, at=viewer.at)
    except Refused as why:
        messages.error(request, f"Nothing was changed. {why}")
    else:
        messages.success(request, SETTLED[settled_as])
    return redirect("stewarding:rows")


@require_safe
@for_roles(Role.STEWARD)
def pairs(request: StaffRequest) -> HttpResponse:
    found = imported_people.pairs(request.viewer, page=page_of(request))
    return show(request, "pairs", "pairs", found=found)


@require_POST
@for_roles(Role.STEWARD)
def pair(request: StaffRequest, pair_id: UUID) -> HttpResponse:
    viewer, decision = request.viewer, request.POST.get("decision", "")
    proposal = get_object_or_404(imports.pairs_visible_to(viewer), pk=pair_id)
    if decision not in DECISIONS:
        messages.error(request, "Choose one of the answers: one person, or two.")
        return redirect("stewarding:pairs")
    status, keeps_second, words = DECISIONS[decision]
    try:
        actions.decide(
            proposal,
            status,
            keeps_second=keeps_second,
            by=viewer.name,
            user=viewer.user_id,
            at=viewer.at,
        )
    except Refused as why:
        messages.error(request, f"Nothing was changed. {why}")
    else:
        messages.success(request, words)
    return redirect("stewarding:pairs")
