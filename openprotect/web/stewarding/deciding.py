"""An import is taken, refused or undone. Each decision is made by an action, by a named person."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.records import actions
from openprotect.reports.queries import imports
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.stewarding.forms import ReasonForm, UndoForm
from openprotect.web.stewarding.showing import show

shown_and_sent = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@for_roles(Role.STEWARD)
def approval(request: StaffRequest, import_id: UUID) -> HttpResponse:
    viewer = request.viewer
    found = get_object_or_404(imports.visible_to(viewer), pk=import_id)
    try:
        actions.approve(
            found,
            folder=settings.OPENPROTECT.lake,
            by=viewer.name,
            user=viewer.user_id,
            at=viewer.at,
            preview=request.POST.get("preview", "") or "none",
        )
    except Refused as refusal:
        messages.error(request, f"Nothing was taken. {refusal}")
    else:
        messages.success(request, f"Import {found.number} is taken. It can be undone below.")
    return redirect("stewarding:import", import_id)


@shown_and_sent
@for_roles(Role.STEWARD)
def refusal(request: StaffRequest, import_id: UUID) -> HttpResponse:
    return _end(request, import_id, ReasonForm(request.POST or None), "refusal", _refuse)


@shown_and_sent
@for_roles(Role.STEWARD)
def undoing(request: StaffRequest, import_id: UUID) -> HttpResponse:
    found = get_object_or_404(imports.visible_to(request.viewer), pk=import_id)
    asked = UndoForm if imports.taken_after(found) else ReasonForm
    form = asked(request.POST or None, initial={"later": "alone"})
    return _end(request, import_id, form, "undoing", _undo)


Act = Callable[[StaffRequest, UUID, ReasonForm], str]


def _end(
    request: StaffRequest, import_id: UUID, form: ReasonForm, template: str, act: Act
) -> HttpResponse:
    found = get_object_or_404(imports.visible_to(request.viewer), pk=import_id)
    if form.is_valid():
        try:
            said = act(request, import_id, form)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, said)
            return redirect("stewarding:import", import_id)
    later = imports.taken_after(found)
    return show(request, template, "imports", form=form, changeset=found, later=later)


def _refuse(request: StaffRequest, import_id: UUID, form: ReasonForm) -> str:
    viewer = request.viewer
    found = imports.visible_to(viewer).get(pk=import_id)
    actions.refuse(
        found,
        folder=settings.OPENPROTECT.lake,
        by=viewer.name,
        user=viewer.user_id,
        because=form.cleaned_data["because"],
        at=viewer.at,
    )
    return f"Import {found.number} is refused. Nothing of it was taken."


def _undo(request: StaffRequest, import_id: UUID, form: ReasonForm) -> str:
    viewer = request.viewer
    found = imports.visible_to(viewer).get(pk=import_id)
    undone = actions.undo(
        found,
        folder=settings.OPENPROTECT.lake,
        by=viewer.name,
        user=viewer.user_id,
        because=form.cleaned_data["because"],
        at=viewer.at,
        with_later=form.cleaned_data.get("later") == "with",
    )
    numbers = ", ".join(str(each.number) for each in undone)
    return f"Undone: import {numbers}. The records are what they were before."
