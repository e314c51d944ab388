"""How do our calls go? The week's sample, its sheet, and a note after listening in."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.floor.actions import coaching
from openprotect.floor.queries.quality import Drawn, in_the_hands_of, sample
from openprotect.floor.rules.sampling import week_of
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.supervising.forms import CoachForm, ReviewForm
from openprotect.web.supervising.showing import show

BOTH = ["GET", "HEAD", "POST"]
WEEK = timedelta(days=7)


def _week(request: StaffRequest) -> date:
    """The Monday that was asked for; else that of last week, which is over."""
    this_one = week_of(request.viewer.at)
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return this_one - WEEK
    return min(asked - timedelta(days=asked.isoweekday() - 1), this_one)


@for_roles(Role.SUPERVISOR)
@require_safe
def quality(request: StaffRequest) -> HttpResponse:
    week_on = _week(request)
    said = {
        "week_on": week_on,
        "drawn": sample(request.viewer, week_on),
        "earlier": week_on - WEEK,
        "later": week_on + WEEK,
        "is_over": week_on < week_of(request.viewer.at),
    }
    return show(request, "quality", "quality", **said)


@for_roles(Role.SUPERVISOR)
@require_http_methods(BOTH)
def review(request: StaffRequest, waiting_id: UUID, colleague_id: UUID) -> HttpResponse:
    found = {
        (each.call_id, each.caller_id): each for each in sample(request.viewer, _week(request))
    }
    drawn = found.get((waiting_id, colleague_id))
    if drawn is None:
        raise Http404
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reviewed(request, drawn, form):
        return redirect("supervising:quality")
    return show(request, "review", "quality", drawn=drawn, form=form)


def _reviewed(request: StaffRequest, drawn: Drawn, form: ReviewForm) -> bool:
    viewer, words = request.viewer, form.cleaned_data["words"]
    try:
        coaching.review(drawn, marks=form.marks, words=words, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"Thank you. {drawn.caller} reads your words on their day.")
    return True


@for_roles(Role.SUPERVISOR)
@require_http_methods(BOTH)
def listened(request: StaffRequest, waiting_id: UUID) -> HttpResponse:
    viewer = request.viewer
    call = in_the_hands_of(viewer, waiting_id)
    if call is None:
        raise Http404
    form = CoachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        words = {"went_well": given["went_well"], "try_next": given["try_next"]}
        try:
            coaching.coach(
                call, has_agreed=given["agreed"] == "yes", viewer=viewer, at=viewer.at, **words
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{call.caller} reads it on their day. Nobody else does.")
            return redirect("supervising:board")
    return show(request, "listened", "floor", call=call, form=form)
