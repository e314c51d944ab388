"""Somebody who is looked for: what is known, what was tried, and the one next step."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.base.refusals import Refused
from openprotect.contacts import queries
from openprotect.contacts.actions.reaching import (
    climbs,
    rungs_of,
    tell_what_was_found,
)
from openprotect.governance.actions import record_access
from openprotect.people.actions import choosing
from openprotect.people.queries import needs_of
from openprotect.reports.queries.safely import line
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.reaching.forms import FoundForm
from openprotect.web.reaching.worklist import AT_WORK


@for_roles(*AT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: StaffRequest, unreached_id: UUID) -> HttpResponse:
    viewer = request.viewer
    held = get_object_or_404(queries.visible_unreached(viewer), pk=unreached_id)
    record_access([held.person_id], what="reaching.one", why="trying to reach them")
    form = FoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _told(request, held.pk, form):
        return redirect("reaching:worklist")
    page = {
        "held": held,
        "line": line(held, viewer),
        "person": held.person,
        "before": queries.before_dialling(held.person_id),
        "way": queries.way_to(held.person),
        "needs": needs_of(held.person_id),
        "tries": queries.tries_of(held),
        "rungs": rungs_of(held, at=viewer.at),
        "form": form,
        **frame(request, current="unreached"),
    }
    return render(request, "reaching/one.jinja", page)


def _told(request: StaffRequest, unreached_id: UUID, form: FoundForm) -> bool:
    """Keep what was found; refused, what was typed still stands."""
    viewer, said = request.viewer, form.cleaned_data
    held = queries.visible_unreached(viewer).get(pk=unreached_id)
    try:
        tell_what_was_found(held, said["found"], note=said["note"], viewer=viewer, at=viewer.at)
    except Refused as refusal:
        form.add_error(None, f"{refusal} What you wrote is still here.")
        return False
    if said["mobile"] and not climbs(said["found"]):
        choosing.ask(
            held.person_id,
            choosing.NEW_DETAILS,
            programme_id=held.programme_id,
            mobile=said["mobile"],
            at=viewer.at,
        )
    words = "The next step is with the next team now." if climbs(said["found"]) else "Thank you."
    messages.success(request, f"Noted. {words}")
    return True
