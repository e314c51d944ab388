"""Who asks and who answers, and opening one referral: in reach, or not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.governance.actions import record_access
from openprotect.referrals.queries import DECLINES, OUTCOMES, as_seen, facts, visible_to
from openprotect.web.access import StaffRequest
from openprotect.web.design.fields import PageForm
from openprotect.web.partners.forms import DeclineForm, DoneForm, HoldForm, WithdrawForm

if TYPE_CHECKING:
    from openprotect.referrals.models import Referral

ASKS = (Role.SURVEILLANCE, Role.LOCALITY, Role.PRACTICE)
AT_WORK = (*ASKS, Role.PARTNER)
Page = Callable[..., HttpResponse]


def of_a_referral(page: Page) -> Page:
    """Give the page the referral, and write down that it was opened."""

    @wraps(page)
    def opened(request: StaffRequest, referral_id: UUID) -> HttpResponse:
        referral = visible_to(request.viewer).filter(pk=referral_id).first()
        if referral is None:
            raise Http404
        record_access([referral.person_id], what="referrals.task", why="a referral")
        return page(request, referral)

    return opened


def tried(form: PageForm, act: Callable[[], object]) -> bool:
    """Do it; when it is refused, say so in the form, where what was typed still stands."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, f"{refusal} What you wrote is still here.")
        return False
    return True


def forms_of(request: StaffRequest, only: str = "") -> dict[str, PageForm]:
    """The forms of a task; the one that was sent in is bound to what was typed."""
    at = request.viewer.at
    typed = {only: request.POST}
    return {
        "done": DoneForm(typed.get("done"), outcomes=OUTCOMES),
        "decline": DeclineForm(typed.get("decline"), reasons=DECLINES),
        "hold": HoldForm(
            typed.get("hold"),
            earliest=(at + timedelta(days=1)).date(),
            latest=(at + timedelta(days=27)).date(),
        ),
        "withdraw": WithdrawForm(typed.get("withdraw")),
    }


def shown(viewer: Viewer, referral: Referral) -> dict[str, object]:
    """What the page of a referral shows: only what the receiver was told."""
    return {
        "referral": referral,
        "facts": facts(referral),
        "seen": as_seen(referral),
        "is_ours": referral.to_team.organisation_id == viewer.organisation_id,
        "is_asked_by_us": referral.from_team.organisation_id == viewer.organisation_id,
        "is_open": referral.status in referral.OPEN,
    }
