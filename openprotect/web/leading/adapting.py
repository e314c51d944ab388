"""A locality changes a setting for its own people, within the pack's bounds, and can undo it."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.packs.settings import NotAllowed
from openprotect.programmes import actions
from openprotect.programmes.queries import Held, held_settings
from openprotect.reports.queries.effect import effect_here
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.words import LONDON, sentence
from openprotect.web.leading.forms import AdaptForm
from openprotect.web.leading.showing import programme_of, show


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.LOCALITY)
def adapt(request: StaffRequest, programme_id: UUID, key: str) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer, programme_id)
    held = _held(held_settings(programme, at=viewer.at), key)
    form = AdaptForm(held.setting, request.POST or None)
    if form.is_valid() and _adapted(request, programme_id, key, form):
        messages.success(request, f"{held.setting.title}: changed for your locality's people.")
        return redirect("leading:programme", programme.pk)
    return show(
        request,
        "adapt",
        programme,
        form=form,
        held=held,
        here=held.of(viewer.organisation_id),
        planned=held.planned_by(viewer.organisation_id),
        effect=effect_here(viewer, programme),
    )


def _held(held: list[Held], key: str) -> Held:
    found = next((each for each in held if each.setting.key == key), None)
    if found is None:
        raise Http404("no such setting")
    return found


def _adapted(request: StaffRequest, programme_id: UUID, key: str, form: AdaptForm) -> bool:
    viewer, given = request.viewer, form.cleaned_data
    last = given["last_day"]
    try:
        actions.adapt(
            programme_of(viewer, programme_id),
            key,
            given["value"],
            reason=given["reason"],
            viewer=viewer,
            at=viewer.at,
            starts_at=_midnight(given["first_day"]),
            ends_at=_midnight(last + timedelta(days=1)) if last else None,
        )
    except NotAllowed as refusal:
        form.add_error("value", sentence(str(refusal).rpartition(": ")[2]))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), LONDON) if day else None


@require_POST
@for_roles(Role.LOCALITY)
def undo(request: StaffRequest, programme_id: UUID, key: str) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer, programme_id)
    actions.undo_adaptation(programme, key, viewer=viewer, at=viewer.at)
    messages.success(request, "Undone: your locality goes by the programme's own setting again.")
    return redirect("leading:programme", programme.pk)
