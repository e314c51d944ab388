"""Are we keeping up? The live board, and dealing calls out from it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.floor.actions import dealing
from openprotect.floor.actions.dealing import Given
from openprotect.floor.queries import board as queries
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.words import plural
from openprotect.web.supervising.showing import show


@for_roles(Role.SUPERVISOR)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    return show(request, "board", "floor", board=queries.board(request.viewer))


@for_roles(Role.SUPERVISOR)
@require_safe
def live(request: StaffRequest) -> HttpResponse:
    """The board alone, for a page that keeps itself up to date."""
    viewer = request.viewer
    said = {"board": queries.board(viewer), "now": viewer.at}
    return render(request, "supervising/live.jinja", said)


@for_roles(Role.SUPERVISOR)
@require_POST
def spread(request: StaffRequest) -> HttpResponse:
    return _dealt(request, dealing.spread_evenly)


@for_roles(Role.SUPERVISOR)
@require_POST
def balance(request: StaffRequest) -> HttpResponse:
    return _dealt(request, dealing.rebalance)


def _dealt(request: StaffRequest, deal: Callable[..., Given]) -> HttpResponse:
    try:
        given = deal(viewer=request.viewer, at=request.viewer.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(given))
    return redirect("supervising:board")


def _said(given: Given) -> str:
    """What came of dealing, and what did not, in one line."""
    parts = [f"{plural(given.given, 'call', 'calls')} given by name."]
    if given.taken_back:
        parts.append(f"{given.taken_back} back in the queue for whoever is free.")
    if given.no_room:
        parts.append(f"{given.no_room} stay in the queue: nobody has room for them in four hours.")
    if given.beyond_all:
        parts.append(f"{given.beyond_all} need something that nobody here can do.")
    return " ".join(parts)


@for_roles(Role.SUPERVISOR)
@require_POST
def give(request: StaffRequest, waiting_id: UUID) -> HttpResponse:
    """One call to one person by name; to nobody, it is everybody's again."""
    try:
        to = UUID(request.POST["to"]) if request.POST.get("to") else None
        person = dealing.give(waiting_id, to, viewer=request.viewer, at=request.viewer.at)
    except ValueError:
        messages.error(request, "Choose somebody from the list.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = f"Given to {person.name}." if person else "The call is everybody's again."
        messages.success(request, said)
    return redirect("supervising:board")
