"""Whom do we lend, and whom do we have on loan? Offered by the one, taken by the other."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openprotect.accounts.actions import lending
from openprotect.accounts.queries.lending import borrowers, lendable, visible_to
from openprotect.accounts.queries.lending import loans as queries
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.checkins.rules import LOCAL
from openprotect.programmes.queries import live_programmes
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.supervising.forms import LoanForm
from openprotect.web.supervising.showing import show

LEADS = (Role.SUPERVISOR, Role.LEAD)
ENDED = {"RETURNED": "Returned. Their rights there have ended."}


@for_roles(*LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def loans(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    choices = {
        "who": [(str(each.pk), each.user.name) for each in lendable(viewer)],
        "to": [(str(each.pk), each.name) for each in borrowers(viewer)],
        "purpose": [(each.purpose, each.title) for each in live_programmes()],
    }
    form = LoanForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid() and _offered(request, form):
        return redirect("supervising:loans")
    said = {"loans": queries(viewer), "form": form, "has_people": bool(choices["who"])}
    return show(request, "loans", "loans", **said)


def _offered(request: StaffRequest, form: LoanForm) -> bool:
    viewer, given = request.viewer, form.cleaned_data
    until = datetime.combine(given["last_day"] + timedelta(days=1), time(), LOCAL)
    try:
        lending.offer(
            UUID(given["who"]),
            to=UUID(given["to"]),
            purpose=given["purpose"],
            starts_at=viewer.at,
            until=until,
            words=given["words"],
            viewer=viewer,
            at=viewer.at,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "Offered. Nothing changes until they take the offer.")
    return True


@for_roles(*LEADS)
@require_POST
def answer(request: StaffRequest, loan_id: UUID) -> HttpResponse:
    viewer, accepts = request.viewer, request.POST.get("answer") == "take"
    words = request.POST.get("words", "")
    if not visible_to(viewer).filter(pk=loan_id).exists():
        raise Http404
    try:
        lending.answer(loan_id, accepts=accepts, words=words, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = "They ring for you until the loan ends." if accepts else "Declined, with your words."
        messages.success(request, said)
    return redirect("supervising:loans")


@for_roles(*LEADS)
@require_POST
def end(request: StaffRequest, loan_id: UUID) -> HttpResponse:
    viewer = request.viewer
    if not visible_to(viewer).filter(pk=loan_id).exists():
        raise Http404
    try:
        how = lending.end(loan_id, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, ENDED.get(how, "The offer is taken back."))
    return redirect("supervising:loans")
