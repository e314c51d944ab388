"""Checking, signing and publishing a draft."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.programmes import actions
from openprotect.programmes.actions import drafting, signing
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.studio.showing import WRITERS, held_or_404

if TYPE_CHECKING:
    from openprotect.programmes.models import Draft


@require_POST
@for_roles(*WRITERS)
def check(request: StaffRequest, pack_key: str) -> HttpResponse:
    def act(draft: "Draft") -> str:
        drafting.check(draft, viewer=request.viewer, at=request.viewer.at)
        return "Checked: it is sound, and every card passes. It can be signed."

    return _done(request, pack_key, act)


@require_POST
@for_roles(Role.CLINICAL)
def sign(request: StaffRequest, pack_key: str) -> HttpResponse:
    def act(draft: "Draft") -> str:
        if request.POST.get("seen") != draft.content_hash:
            raise drafting.ChangedMeanwhile("Somebody changed it meanwhile: read it again first.")
        signing.sign(
            draft,
            reason=request.POST.get("reason", ""),
            accepts_translations="translations" in request.POST,
            viewer=request.viewer,
            at=request.viewer.at,
        )
        return "You have signed it as it is now."

    return _done(request, pack_key, act)


@require_POST
@for_roles(Role.LEAD)
def publish(request: StaffRequest, pack_key: str) -> HttpResponse:
    def act(draft: "Draft") -> str:
        viewer = request.viewer
        made = signing.release(draft, viewer=viewer, at=viewer.at)
        actions.launch(made, by=viewer.user_id, at=viewer.at)
        return f"Version {made.version} is published. The next check-ins go by it."

    return _done(request, pack_key, act)


def _done(request: StaffRequest, pack_key: str, act: Callable[["Draft"], str]) -> HttpResponse:
    """One step of a draft's life; what stands in its way is shown on its page."""
    draft = held_or_404(pack_key).draft
    if draft is None:
        raise Http404("there is no draft")
    try:
        messages.success(request, act(draft))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("studio:pack", pack_key)
