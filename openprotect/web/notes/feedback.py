"""You said, we did: what anybody at work says of the service, and what became of it."""

import re
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.voices import actions, queries
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.notes.forms import AnswerForm, FeedbackForm
from openprotect.web.notes.showing import EVERYBODY, programme_of, show

# The name of one of our pages, such as "triage:case"; never an address with somebody's id in it.
PAGE = re.compile(r"[a-z]+:[a-z-]+")


@for_roles(*EVERYBODY)
@require_safe
def said(request: StaffRequest) -> HttpResponse:
    return show(request, "said", said=queries.feedback(request.viewer))


@for_roles(*EVERYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    page = request.POST.get("page", "") or request.GET.get("page", "")
    page = page if PAGE.fullmatch(page) else ""
    form = FeedbackForm(request.POST or None)
    if form.is_valid():
        try:
            words = form.cleaned_data["words"]
            actions.say(programme_of(viewer), words, page=page, viewer=viewer, at=viewer.at)
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, "Thank you. The programme lead reads it and answers here.")
            return redirect("notes:said")
    return show(request, "feedback", form=form, page=page)


@for_roles(Role.LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def answered(request: StaffRequest, feedback_id: UUID) -> HttpResponse:
    viewer = request.viewer
    found = queries.feedback_item(viewer, feedback_id)
    if found is None:
        raise Http404
    was = {"state": found.state, "words": found.answer}
    form = AnswerForm(request.POST or None, initial=was)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer(found, given["words"], state=given["state"], viewer=viewer, at=viewer.at)
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, "Answered. Everybody in the programme can read it.")
            return redirect("notes:said")
    return show(request, "answer", form=form, said=found)
