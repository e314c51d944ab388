"""What stands on every page for leads: their programme, its legal basis, and whether it may run."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from openprotect.accounts.queries import Viewer
from openprotect.programmes.queries import visible_to
from openprotect.reports.queries.legal import purpose
from openprotect.web.access import StaffRequest
from openprotect.web.frame import frame

if TYPE_CHECKING:
    from openprotect.programmes.models import Programme


def own_programme(viewer: Viewer) -> "Programme":
    """The programme that the viewer's purpose is about."""
    found = visible_to(viewer).first()
    if found is None:
        raise Http404("no programme serves this purpose")
    return found


def programme_of(viewer: Viewer, programme_id: UUID) -> "Programme":
    """A programme of the viewer's own purpose; any other is as if it were not there."""
    return get_object_or_404(visible_to(viewer), pk=programme_id)


def show(
    request: StaffRequest,
    template: str,
    programme: "Programme",
    current: str = "programme",
    **context: object,
) -> HttpResponse:
    around = {
        **frame(request, current=current),
        "programme": programme,
        "purpose": purpose(programme.purpose, at=request.viewer.at),
        "role": request.viewer.role,
    }
    return render(request, f"leading/{template}.jinja", {**around, **context})
