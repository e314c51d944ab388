"""Whom do I ring now? The floor in numbers, taking the next call, and ringing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.queries import paused_until
from openprotect.accounts.rules import Role
from openprotect.calls import actions, queries
from openprotect.calls.queries import Held
from openprotect.calls.queries.day import my_day
from openprotect.calls.queries.queue import held_now
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.calling.held import of_a_held_call
from openprotect.web.calling.script import before_the_questions, when_nobody_answers
from openprotect.web.frame import frame


@for_roles(Role.CALLER)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    shown = {
        "floor": queries.floor(request.viewer),
        "day": my_day(request.viewer),
        "mine": held_now(request.viewer, request.viewer.at).first(),
        "paused_until": paused_until(request.viewer.user_id, request.viewer.at),
        "next_due_at": queries.next_due_at(request.viewer.at),
        **frame(request, current="calls"),
    }
    return render(request, "calling/home.jinja", shown)


@for_roles(Role.CALLER)
@require_POST
def take_next(request: StaffRequest) -> HttpResponse:
    me = request.viewer
    call = actions.claim_next(viewer=me, at=me.at)
    if call is None:
        words = "Your queue rests" if paused_until(me.user_id, me.at) else "Nobody waits for a call"
        messages.info(request, f"{words} at this moment.")
        return redirect("calling:home")
    return redirect("calling:ring", call.pk)


@for_roles(Role.CALLER)
@require_safe
@of_a_held_call
def ring(request: StaffRequest, held: Held) -> HttpResponse:
    shown = {
        "held": held,
        "before": before_the_questions(held.script),
        "nobody": when_nobody_answers(held.script),
        **frame(request, current="calls"),
    }
    return render(request, "calling/ring.jinja", shown)


@for_roles(Role.CALLER)
@require_POST
@of_a_held_call
def put_back(request: StaffRequest, held: Held) -> HttpResponse:
    actions.put_back(held.call, viewer=request.viewer, at=request.viewer.at)
    messages.success(request, "The call is back in the queue. What you wrote is kept with it.")
    return redirect("calling:home")
