"""What was said to us, and what did we do this week?"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openprotect.voices import actions
from openprotect.voices.queries import notes_to
from openprotect.voices.queries.week import week
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import home_of
from openprotect.web.notes.showing import EVERYBODY, show

A_PAGE = 30


@for_roles(*EVERYBODY)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    return show(request, "home", notes=list(notes_to(viewer)[:A_PAGE]), did=week(viewer))


@for_roles(*EVERYBODY)
@require_POST
def read(request: StaffRequest, note_id: UUID) -> HttpResponse:
    actions.read(note_id, viewer=request.viewer, at=request.viewer.at)
    return redirect(home_of(request.viewer.role))
