"""What stands on every page of a practice: the programme it is about, and its legal basis."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

from openprotect.accounts.queries import Viewer
from openprotect.programmes.queries import visible_to
from openprotect.reports.queries.legal import purpose
from openprotect.web.access import StaffRequest
from openprotect.web.frame import address, frame

if TYPE_CHECKING:
    from openprotect.programmes.models import Programme


def programme_of(viewer: Viewer) -> "Programme":
    """The programme that the viewer's purpose is about."""
    found = visible_to(viewer).first()
    if found is None:
        raise Http404("no programme serves this purpose")
    return found


def show(
    request: StaffRequest, template: str, current: str = "practice", **context: object
) -> HttpResponse:
    around = frame(request, current=current)
    rests_on = purpose(request.viewer.purpose, at=request.viewer.at)
    return render(
        request,
        f"practice/{template}.jinja",
        {**around, "purpose": rests_on, "address": address, **context},
    )


def page_of(request: StaffRequest) -> int:
    """Which page of a list is asked for; the first unless a sensible number is given."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
