"""One call handler of the floor: what they can do, and a pause; and a call handler's own day."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openprotect.accounts.actions import staffing
from openprotect.accounts.queries.working import colleagues, own_rest
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.floor.queries import able_in_words
from openprotect.floor.queries.quality import words_for
from openprotect.floor.rules.sampling import ASKED, SAYS
from openprotect.packs.languages import EASY_READ, ENGLISH, NAMES, named
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.supervising.forms import AbleForm, PauseForm
from openprotect.web.supervising.showing import show

BOTH = ["GET", "HEAD", "POST"]


@for_roles(Role.SUPERVISOR)
@require_http_methods(BOTH)
def colleague(request: StaffRequest, colleague_id: UUID) -> HttpResponse:
    who = next((one for one in colleagues(request.viewer) if one.user_id == colleague_id), None)
    if who is None:
        raise Http404
    rests = request.POST if "because" in request.POST else None
    notes = request.POST if "noted" in request.POST else None
    pause = PauseForm(rests)
    able = AbleForm(notes, initial={"can": sorted(who.abilities)}, languages=_languages())
    is_done = (rests and _paused(request, colleague_id, pause)) or (
        notes and _noted(request, colleague_id, able)
    )
    if is_done:
        return redirect("supervising:colleague", colleague_id)
    said = {"who": who, "pause": pause, "able": able, "can": able_in_words(who.abilities)}
    return show(request, "colleague", "floor", **said)


def _languages() -> list[tuple[str, str]]:
    spoken = [code for code in NAMES if code not in (ENGLISH, EASY_READ)]
    return sorted(((code, named(code)) for code in spoken), key=lambda each: each[1])


def _paused(request: StaffRequest, who: UUID, form: PauseForm) -> bool:
    if not form.is_valid():
        return False
    viewer, given = request.viewer, form.cleaned_data
    until = viewer.at + timedelta(minutes=int(given["minutes"]))
    try:
        staffing.pause(who, because=given["because"], until=until, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "The queue is paused. A call in hand goes on.")
    return True


def _noted(request: StaffRequest, who: UUID, form: AbleForm) -> bool:
    if not form.is_valid():
        return False
    viewer = request.viewer
    staffing.note_abilities(who, form.cleaned_data["can"], viewer=viewer, at=viewer.at)
    messages.success(request, "Noted. The queue goes by it from now on.")
    return True


@for_roles(Role.SUPERVISOR)
@require_POST
def resume(request: StaffRequest, colleague_id: UUID) -> HttpResponse:
    viewer = request.viewer
    try:
        staffing.resume(colleague_id, viewer=viewer, at=viewer.at)
    except staffing.NotOnThisFloor:
        raise Http404 from None
    messages.success(request, "They are given calls again.")
    return redirect("supervising:board")


@for_roles(Role.CALLER)
@require_http_methods(BOTH)
def mine(request: StaffRequest) -> HttpResponse:
    """My pause, and what my supervisors wrote to me."""
    viewer, form = request.viewer, PauseForm(request.POST or None)
    if request.method == "POST" and _paused(request, viewer.user_id, form):
        return redirect("supervising:mine")
    said = {"pause": form, "words": words_for(viewer), "asked": dict(ASKED), "says": dict(SAYS)}
    return show(request, "mine", "mine", rest=own_rest(viewer), **said)


@for_roles(Role.CALLER)
@require_POST
def go_on(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    try:
        staffing.resume(viewer.user_id, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Welcome back. You are given calls again.")
    return redirect("supervising:mine")
