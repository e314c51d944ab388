"""I am answering for someone: who, and that the person is happy with it."""

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.checkins.actions import standing_in
from openprotect.checkins.queries import Asked
from openprotect.governance.actions import record_access
from openprotect.web.access import PersonRequest
from openprotect.web.checkin.asked import around, for_the_asked
from openprotect.web.checkin.forms import StandInForm


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    """Asked before the first question, stored, and told to whoever reads the answers."""
    form = StandInForm(request.POST if request.method == "POST" else None)
    at = request.answering.at
    if not form.is_valid():
        said = {**around(asked, at), "form": form}
        return render(request, "checkin/stand_in.jinja", said)
    who, consent = form.cleaned_data["who"], form.cleaned_data["consent"]
    standing_in.answer_for(asked.checkin, standing_in.who(who), standing_in.consent(consent), at=at)
    record_access(
        [asked.checkin.person_id], what="checkin.stand_in", why="answering for the person"
    )
    return redirect("checkin:home")
