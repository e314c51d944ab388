"""What has climbed to us? Alerts past their time, by team and reason, with one thing to do."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.alerts.queries.climbed import climbed as found_climbed
from openprotect.base.refusals import Refused
from openprotect.voices import actions
from openprotect.voices.queries import team_of
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.leading.forms import CallOnForm
from openprotect.web.leading.showing import own_programme, show

LEADS = (Role.LEAD, Role.CLINICAL, Role.LOCALITY)


@for_roles(*LEADS)
@require_safe
def climbed(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    rows = found_climbed(viewer)
    return show(request, "climbed", own_programme(viewer), "climbed", rows=rows)


@for_roles(*LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def call_on(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """A lead writes to the team, which reads it before its work."""
    viewer = request.viewer
    rows = [each for each in found_climbed(viewer) if each.team_id == team_id]
    if not rows:
        raise Http404
    many = sum(each.many for each in rows)
    words = f"{many} of your alerts have climbed to me. What do you need, to settle them today?"
    if many == 1:
        words = "One of your alerts has climbed to me. What do you need, to settle it today?"
    form = CallOnForm(request.POST or None, initial={"words": words})
    if form.is_valid():
        try:
            actions.call_on(
                own_programme(viewer),
                team_of(team_id),
                words=form.cleaned_data["words"],
                waiting=many,
                viewer=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, "Sent, to them alone. They read it before their work.")
            return redirect("leading:climbed")
    named = {"team": rows[0].team, "many": many}
    return show(request, "call_on", own_programme(viewer), "climbed", form=form, **named)
