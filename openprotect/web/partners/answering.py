"""What a receiver may say to a task, on a page or by a link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING

from openprotect.base.refusals import Refused
from openprotect.referrals.actions.answering import accept, decline, finish, hold
from openprotect.web.access import StaffRequest
from openprotect.web.design.fields import PageForm
from openprotect.web.design.words import LONDON
from openprotect.web.partners.desk import tried

if TYPE_CHECKING:
    from openprotect.referrals.models import Referral

ANSWERS = ("accept", "hold", "done", "decline")
SAID = {
    "accept": "Accepted. Come back here to say what came of it.",
    "hold": "Kept for later. The team that asked you sees until when.",
    "done": "Thank you. The team that asked you and the person's practice see what came of it.",
    "decline": "The team that asked you knows now, and finds somebody else.",
}


def answered(request: StaffRequest, referral: Referral, said: str, form: PageForm | None) -> bool:
    """Do what was said; False when it was refused, which the form then tells."""
    viewer, seen = request.viewer, request.POST.get("seen", "")
    if said == "accept":
        try:
            accept(referral, viewer=viewer, at=viewer.at, seen=seen)
        except Refused:
            return False
        return True
    if form is None or not form.is_valid():
        return False
    acts: dict[str, Callable[[], object]] = {
        "hold": lambda: hold(
            referral,
            until=datetime.combine(form.cleaned_data["until"], time(12), LONDON),
            because=form.cleaned_data["because"],
            viewer=viewer,
            at=viewer.at,
            seen=seen,
        ),
        "done": lambda: finish(
            referral,
            form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            viewer=viewer,
            at=viewer.at,
            seen=seen,
        ),
        "decline": lambda: decline(
            referral,
            form.cleaned_data["because"],
            note=form.cleaned_data["note"],
            viewer=viewer,
            at=viewer.at,
            seen=seen,
        ),
    }
    return tried(form, acts[said])
