"""What stands on every page of the floor."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

from openprotect.accounts.queries import Viewer
from openprotect.programmes.queries import visible_to
from openprotect.web.access import StaffRequest
from openprotect.web.frame import frame

if TYPE_CHECKING:
    from openprotect.programmes.models import Programme


def show(request: StaffRequest, template: str, current: str, **said: object) -> HttpResponse:
    around = {**frame(request, current=current), **said}
    return render(request, f"supervising/{template}.jinja", around)


def own_programme(viewer: Viewer) -> "Programme":
    """The programme that the viewer's purpose is about."""
    found = visible_to(viewer).first()
    if found is None:
        raise Http404("no programme serves this purpose")
    return found
