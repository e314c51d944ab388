"""One task, without an account: a link, and a code to the mailbox or phone the team is known by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.governance.actions import record_access
from openprotect.referrals.actions.linking import NoSuchTask, ask_for_code, is_task, open_task
from openprotect.referrals.queries import the_task
from openprotect.web.access import StaffRequest, for_roles, open_page
from openprotect.web.frame import frame
from openprotect.web.neutral import neutral
from openprotect.web.partners.answering import ANSWERS, SAID, answered
from openprotect.web.partners.desk import forms_of, shown
from openprotect.web.partners.forms import CodeForm
from openprotect.web.sessions import TASK_COOKIE, keep_token

if TYPE_CHECKING:
    from openprotect.referrals.models import Referral
    from openprotect.web.design.fields import PageForm

HOURS = 1


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking changes nothing; a code goes out only when somebody asks for it."""
    if not is_task(token):
        return neutral(request)
    form = CodeForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        try:
            session = open_task(token, form.cleaned_data["code"])
        except NoSuchTask:
            return neutral(request)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            response = redirect("partners:one-task")
            keep_token(response, TASK_COOKIE, session, hours=HOURS)
            return response
    return render(request, "partners/door.jinja", {"form": form, "token": token})


@open_page
@require_POST
def code(request: HttpRequest, token: str) -> HttpResponseBase:
    """Have a code sent."""
    try:
        where = ask_for_code(token)
    except NoSuchTask:
        return neutral(request)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"A code is on its way to {where}. It takes a minute or two.")
    return redirect("partners:door", token)


@for_roles(Role.TASK)
@require_safe
def one_task(request: StaffRequest) -> HttpResponse:
    return _show(request, _task_of(request), forms_of(request))


@for_roles(Role.TASK)
@require_POST
def one_answer(request: StaffRequest) -> HttpResponse:
    """The answer to the one task, by the button that was pressed."""
    referral, said = _task_of(request), request.POST.get("say", "")
    forms = forms_of(request, said)
    if said in ANSWERS and answered(request, referral, said, forms.get(said)):
        messages.success(request, SAID[said])
        return redirect("partners:one-task")
    referral.refresh_from_db()
    return _show(request, referral, forms)


def _task_of(request: StaffRequest) -> Referral:
    """The database shows this session one referral, and no other."""
    referral = the_task(request.viewer)
    if referral is None:
        raise Http404
    record_access([referral.person_id], what="referrals.one_task", why="one task by link")
    return referral


def _show(request: StaffRequest, referral: Referral, forms: dict[str, PageForm]) -> HttpResponse:
    page = {**shown(request.viewer, referral), "forms": forms, "by_link": True}
    around = frame(request)
    return render(request, "partners/task.jinja", {**around, **page, "home_url": "/task/"})
