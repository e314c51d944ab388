"""Opening a page of a call: only for whoever holds it now; told kindly when the time was over."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from openprotect.calls import queries
from openprotect.calls.rules import NotYourCall
from openprotect.governance.actions import record_access
from openprotect.web.access import StaffRequest
from openprotect.web.frame import frame

Page = Callable[..., HttpResponse]
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "confirmed", "change"})
# Chosen from a list, or which button it was: nothing that anybody would have to copy.
CHOSEN = frozenset(
    {
        "outcome", "more", "likes", "grief", "go", "seen", "day", "time", "language", "by_whom",
        "consent", "handed_to", "did_speak",
    }
)  # fmt: skip


def of_a_held_call(page: Page) -> Page:
    """Give the page the call in hand, and write down that it was opened."""

    @wraps(page)
    def opened(request: StaffRequest, call_id: UUID, **rest: Any) -> HttpResponse:
        held = queries.held(request.viewer, call_id)
        if held is None:
            return _gone(request, call_id)
        record_access([held.person_id], what="calls.page", why=f"ringing: {held.why}")
        try:
            return page(request, held, **rest)
        except NotYourCall:
            return _gone(request, call_id)

    return opened


def _gone(request: StaffRequest, call_id: UUID) -> HttpResponse:
    """Where the call went, and what was typed: to be copied, as it was not saved."""
    if not queries.was_mine(request.viewer, call_id):
        raise Http404
    typed = [
        text
        for name, texts in request.POST.lists()
        for text in texts
        if name not in NOT_TYPED | CHOSEN and text.strip()
    ]
    said = queries.where_it_went(request.viewer, call_id, at=request.viewer.at)
    shown = {"where_it_went": said, "typed": typed, **frame(request, current="calls")}
    return render(request, "calling/gone.jinja", shown, status=409)
