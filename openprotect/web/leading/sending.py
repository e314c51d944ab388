"""The stop button, in two steps, and its undoing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.programmes import actions
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.leading.showing import programme_of, show


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.LEAD)
def sending(request: StaffRequest, programme_id: UUID) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer, programme_id)
    if request.method != "POST":
        return show(request, "sending", programme)
    # What the reader saw is what they ask for: pressed twice, it does not turn round.
    if request.POST.get("wish") == "stop":
        actions.stop_sending(programme, viewer=viewer, at=viewer.at)
        messages.success(request, "Sending is stopped. Nothing leaves until you resume it.")
    else:
        actions.resume_sending(programme, viewer=viewer, at=viewer.at)
        messages.success(request, "Sending goes on.")
    return redirect("leading:programme", programme.pk)
