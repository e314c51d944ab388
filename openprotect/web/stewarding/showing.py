"""What stands on every page for stewards: whether single people may be shown, and until when."""

from django.http import HttpResponse
from django.shortcuts import render

from openprotect.reports.queries import imported_people
from openprotect.reports.queries.legal import purpose
from openprotect.web.access import StaffRequest
from openprotect.web.frame import frame

WAITING = ("MATCHED", "SHOWN")


def show(
    request: StaffRequest, template: str, current: str, *, status: int = 200, **context: object
) -> HttpResponse:
    viewer = request.viewer
    around = {
        **frame(request, current=current),
        "purpose": purpose(viewer.purpose, at=viewer.at),
        "may_see": imported_people.may_see(viewer),
        "waiting_states": WAITING,
    }
    return render(request, f"stewarding/{template}.jinja", {**around, **context}, status=status)


def page_of(request: StaffRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
