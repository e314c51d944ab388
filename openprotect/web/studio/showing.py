"""What stands on every page of the studio: which pack, and whether it is a draft."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from openprotect.accounts.rules import Role
from openprotect.programmes.queries.drafts import Held, held
from openprotect.web.access import StaffRequest
from openprotect.web.frame import frame

READERS = (Role.CLINICAL, Role.LEAD, Role.GOVERNANCE)
WRITERS = (Role.CLINICAL, Role.LEAD)


def held_or_404(pack_key: str) -> Held:
    """The open draft of a pack, else the version published last."""
    found = held(pack_key)
    if found is None:
        raise Http404("no such pack")
    return found


def show(
    request: StaffRequest, template: str, *, status: int = 200, **context: object
) -> HttpResponse:
    role = request.viewer.role
    around = {
        **frame(request, current="studio"),
        "may_write": role in WRITERS,
        "may_sign": role == Role.CLINICAL,
        "may_publish": role == Role.LEAD,
    }
    return render(request, f"studio/{template}.jinja", {**around, **context}, status=status)
