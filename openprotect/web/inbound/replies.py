"""Who wrote to us? Texts from numbers that nobody, or more than one person, is known by."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.messages import actions, queries
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame


@require_safe
@for_roles(Role.SURVEILLANCE)
def waiting(request: StaffRequest) -> HttpResponse:
    """Each waits until somebody has read it and says what was done. Nobody is guessed."""
    found = list(queries.replies_of_nobody()[:50])
    urgent = [each for each in found if each.meaning == "EMERGENCY"]
    rest = [each for each in found if each.meaning != "EMERGENCY"]
    shown = {"replies": [*urgent, *rest], **frame(request, current="replies")}
    return render(request, "inbound/replies.jinja", shown)


@require_POST
@for_roles(Role.SURVEILLANCE)
def deal(request: StaffRequest, reply_id: UUID) -> HttpResponseBase:
    """What was done about one of them."""
    reply = queries.replies_of_nobody().filter(pk=reply_id).first()
    if reply is None:
        raise Http404
    viewer = request.viewer
    try:
        actions.deal_with(reply, note=request.POST.get("note", ""), viewer=viewer, at=viewer.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Noted.")
    return redirect("inbound:replies")
