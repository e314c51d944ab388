"""On the phone: did what was done last time help?"""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from openprotect.accounts.rules import Role
from openprotect.alerts.actions.following import answer_follow_up
from openprotect.alerts.queries.helping import HELPED, ToAsk, to_ask
from openprotect.calls.queries import Held
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.calling.held import of_a_held_call
from openprotect.web.design.helped import HelpedForm

ASKS = "about"


def asked_on_the_phone(held: Held, *, at: datetime) -> tuple[ToAsk, HelpedForm] | None:
    """What a call handler asks before the call ends, with its form; None when there is nothing."""
    open_one = to_ask(held.call.checkin, at=at) if held.answers else None
    return (open_one, _form(open_one)) if open_one else None


def _form(open_one: ToAsk, given: object = None) -> HelpedForm:
    return HelpedForm(
        given,  # type: ignore[arg-type]
        about=open_one.about,
        answers=HELPED,
        wording="Ask them: did what we did last time help?",
    )


@for_roles(Role.CALLER)
@require_POST
@of_a_held_call
def helped(request: StaffRequest, held: Held) -> HttpResponse:
    """What they said; then on to whatever else is to be asked, and the end of the call."""
    viewer = request.viewer
    open_one = to_ask(held.call.checkin, at=viewer.at)
    if open_one and request.POST.get(ASKS) == str(open_one.id):
        form = _form(open_one, request.POST)
        if form.is_valid():
            said = form.cleaned_data["helped"]
            answer_follow_up(open_one.follow_up, said, viewer=viewer, at=viewer.at)
            messages.success(request, "Kept. Whoever dealt with it reads what they said.")
        else:
            messages.warning(request, "Choose what they said. Nothing was kept.")
    return redirect("calling:outcome", held.id)
