"""What stands on every page of notes: the frame, and the programme that they are about."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import STAFF
from openprotect.programmes.queries import visible_to
from openprotect.web.access import StaffRequest
from openprotect.web.frame import frame

if TYPE_CHECKING:
    from openprotect.programmes.models import Programme

EVERYBODY = tuple(sorted(STAFF))


def programme_of(viewer: Viewer) -> "Programme":
    """The programme that the viewer's purpose is about."""
    found = visible_to(viewer).first()
    if found is None:
        raise Http404("no programme serves this purpose")
    return found


def show(request: StaffRequest, template: str, **context: object) -> HttpResponse:
    around = {**frame(request, current="notes"), "role": request.viewer.role}
    return render(request, f"notes/{template}.jinja", {**around, **context})
