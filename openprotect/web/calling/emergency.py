"""Stop the script: what to say and do now, and who takes over."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.calls.actions.talking import show_address
from openprotect.calls.queries import Held
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.calling.held import of_a_held_call
from openprotect.web.calling.questions import red_flags
from openprotect.web.calling.script import in_an_emergency
from openprotect.web.frame import frame


@for_roles(Role.CALLER)
@require_safe
@of_a_held_call
def stop(request: StaffRequest, held: Held) -> HttpResponse:
    return _page(request, held)


@for_roles(Role.CALLER)
@require_POST
@of_a_held_call
def address(request: StaffRequest, held: Held) -> HttpResponse:
    """Where to send the ambulance, for somebody who cannot say it. Written down as such."""
    return _page(
        request, held, show_address(held.call, viewer=request.viewer, at=request.viewer.at)
    )


def _page(request: StaffRequest, held: Held, where: str = "") -> HttpResponse:
    shown = {
        "held": held,
        "red": red_flags(held),
        "otherwise": held.pack.questionnaire.emergency_text,
        "script": in_an_emergency(held.script),
        "where": where,
        **frame(request, current="calls"),
    }
    return render(request, "calling/emergency.jinja", shown)
