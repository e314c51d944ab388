"""What would the draft have made of the last days? Asked for here, worked out in the background."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.enrolments.queries import visible_to
from openprotect.governance.actions import record_access
from openprotect.packs.replaying import KINDS
from openprotect.programmes.actions import rehearsing
from openprotect.programmes.queries import rehearsals
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.fields import Number, PageForm
from openprotect.web.studio.showing import READERS, WRITERS, held_or_404, show

USUAL = 28


class DaysForm(PageForm):
    """How far back."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given, initial={"days": USUAL})
        self.fields["days"] = Number(
            label="Answers of how many days?", low=1, high=rehearsing.MOST_DAYS
        )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*READERS)
def replay(request: StaffRequest, pack_key: str) -> HttpResponse:
    held = held_or_404(pack_key)
    if held.draft is None:
        raise Http404("there is no draft")
    viewer = request.viewer
    form = DaysForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and viewer.role not in WRITERS:
        raise Http404
    if form.is_valid():
        try:
            days = int(form.cleaned_data["days"])
            rehearsing.ask(held.draft, days=days, viewer=viewer, at=viewer.at)
        except Refused as refusal:
            form.add_error("days", str(refusal))
        else:
            messages.success(request, "Asked for. It takes about a minute: open this page again.")
            return redirect("studio:replay", pack_key)
    found = rehearsals.of_draft(held.draft)
    done = next((each for each in found if each.found), None)
    reasons = rehearsals.reasons(done) if done else {}
    return show(
        request, "replay", held=held, form=form, rehearsals=found, done=done, reasons=reasons
    )


@require_safe
@for_roles(Role.PRACTICE)
def people(request: StaffRequest, pack_key: str) -> HttpResponse:
    """A practice's own patients whom the draft would have judged otherwise."""
    rehearsal = rehearsals.latest_of(pack_key)
    if rehearsal is None:
        raise Http404("nothing has been replayed")
    found = rehearsals.people_of(rehearsal, request.viewer)
    record_access(
        [each.person_id for each in found],
        what="studio.replayed",
        why="who would be judged otherwise by a draft",
    )
    ours = visible_to(request.viewer).filter(programme__key=pack_key)
    enrolled = dict(ours.values_list("person_id", "id"))
    lines = [(each, KINDS[each.kind], enrolled.get(each.person_id)) for each in found]
    return show(request, "people", lines=lines, rehearsal=rehearsal)
