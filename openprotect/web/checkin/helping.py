"""After the answers are sent: did what was done last time help? One question for each thing."""

from datetime import datetime

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.alerts.actions.following import answer_follow_up
from openprotect.alerts.queries.helping import HELPED, to_ask
from openprotect.checkins.queries import Asked
from openprotect.governance.actions import record_access
from openprotect.web.access import PersonRequest
from openprotect.web.checkin.asked import around, for_the_asked
from openprotect.web.checkin.ending import gravest
from openprotect.web.design.helped import HelpedForm

ASKS = "about"


def after_sending(asked: Asked, *, at: datetime) -> str:
    """What happens next; before it whether help helped, but not of whoever is to ring 999."""
    is_asked = not gravest(asked) and to_ask(asked.checkin, at=at)
    return "checkin:helped" if is_asked else "checkin:home"


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    """Asked once the answers are in, so that nobody who is ill has to get past it first."""
    at = request.answering.at
    open_one = to_ask(asked.checkin, at=at) if asked.is_sent else None
    if open_one is None:
        return redirect("checkin:home")
    is_this = request.method == "POST" and request.POST.get(ASKS) == str(open_one.id)
    form = HelpedForm(request.POST if is_this else None, about=open_one.about, answers=HELPED)
    if form.is_valid():
        answer_follow_up(open_one.follow_up, form.cleaned_data["helped"], at=at)
        record_access(
            [asked.checkin.person_id], what="checkin.helped", why="saying whether help helped"
        )
        return redirect("checkin:helped")
    shown = {**around(asked, at), "form": form, "open_one": open_one}
    return render(request, "checkin/helped.jinja", shown)
