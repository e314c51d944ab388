"""What do you need from us? Referrals made to an organisation, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.governance.actions import record_access
from openprotect.referrals.actions.offering import withdraw
from openprotect.referrals.queries import documents_to_chase, facts, from_us, load, to_chase, to_us
from openprotect.voices.queries import unread
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.fields import PageForm
from openprotect.web.frame import frame
from openprotect.web.partners.answering import ANSWERS, SAID, answered
from openprotect.web.partners.desk import (
    ASKS,
    AT_WORK,
    forms_of,
    of_a_referral,
    shown,
    tried,
)

if TYPE_CHECKING:
    from openprotect.referrals.models import Referral

LISTED = 50


@for_roles(*AT_WORK)
@require_safe
def ours(request: StaffRequest) -> HttpResponse:
    """What is asked of us and not ended, the soonest due first."""
    return _list(request, list(to_us(request.viewer)[: LISTED + 1]), "ours")


@for_roles(*ASKS)
@require_safe
def sent(request: StaffRequest) -> HttpResponse:
    """What became of what we asked of others, the newest first."""
    return _list(request, list(from_us(request.viewer)[: LISTED + 1]), "sent")


@for_roles(*ASKS)
@require_safe
def chase(request: StaffRequest) -> HttpResponse:
    """What was asked and is late, or never arrived: somebody has to ring."""
    return _list(request, list(to_chase(request.viewer)[: LISTED + 1]), "chase")


def _list(request: StaffRequest, found: list[Referral], which: str) -> HttpResponse:
    viewer = request.viewer
    rows = found[:LISTED]
    if rows:
        record_access(
            {each.person_id for each in rows}, what="referrals.list", why="choosing what is first"
        )
    page = {
        "rows": [_row(each, which) for each in rows],
        "which": which,
        "unread": unread(viewer),
        "load": load(viewer),
        "asks": viewer.role in ASKS,
        "documents": list(documents_to_chase(viewer)[:LISTED]) if which == "chase" else [],
        "keeps_mailboxes": viewer.role in (Role.SURVEILLANCE, Role.LOCALITY),
        "hidden": f"Only the first {LISTED} are shown." if len(found) > LISTED else "",
        **frame(request, current="referrals"),
    }
    return render(request, "partners/list.jinja", page)


def _row(each: Referral, which: str) -> dict[str, object]:
    names = [fact.value for fact in facts(each) if fact.label == "Name"]
    return {
        "referral": each,
        "name": names[0] if names else "Somebody",
        "who": each.from_team.name if which == "ours" else each.to_team.name,
        "is_pressing": False,
    }


@for_roles(*AT_WORK)
@require_safe
@of_a_referral
def task(request: StaffRequest, referral: Referral) -> HttpResponse:
    return _show(request, referral, forms_of(request))


def _show(request: StaffRequest, referral: Referral, forms: dict[str, PageForm]) -> HttpResponse:
    page = {**shown(request.viewer, referral), "forms": forms}
    return render(request, "partners/task.jinja", page | frame(request, current="referrals"))


@for_roles(*AT_WORK)
@require_POST
@of_a_referral
def answer(request: StaffRequest, referral: Referral) -> HttpResponse:
    """The receiver's answer, by the button that was pressed."""
    said = request.POST.get("say", "")
    forms = forms_of(request, said)
    if said in ANSWERS and answered(request, referral, said, forms.get(said)):
        messages.success(request, SAID[said])
        return redirect("partners:task", referral.pk)
    referral.refresh_from_db()
    return _show(request, referral, forms)


@for_roles(*ASKS)
@require_POST
@of_a_referral
def withdrawal(request: StaffRequest, referral: Referral) -> HttpResponse:
    """Taking back what one asked."""
    forms = forms_of(request, "withdraw")
    form, viewer = forms["withdraw"], request.viewer
    if form.is_valid() and tried(
        form,
        lambda: withdraw(
            referral,
            because=form.cleaned_data["because"],
            viewer=viewer,
            at=viewer.at,
            seen=request.POST.get("seen", ""),
        ),
    ):
        messages.success(request, "Taken back. They see that it is not needed any more.")
        return redirect("partners:task", referral.pk)
    referral.refresh_from_db()
    return _show(request, referral, forms)
