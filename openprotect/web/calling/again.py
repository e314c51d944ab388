"""Is all of this still so? What they said last time, read out before any question is asked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.calls.actions.again import hear_again
from openprotect.calls.queries import Held, again_for
from openprotect.calls.rules import NotYourCall
from openprotect.checkins.rules import content_hash
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.calling.held import of_a_held_call
from openprotect.web.frame import frame


@for_roles(Role.CALLER)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_held_call
def page(request: StaffRequest, held: Held) -> HttpResponse:
    every_question = reverse("calling:questions", args=[held.id]) + "?all=yes"
    if request.method == "POST":
        viewer = request.viewer
        try:
            hear_again(held.call, seen=request.POST.get("seen", ""), viewer=viewer, at=viewer.at)
        except NotYourCall:
            raise
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(every_question)
        return redirect("calling:outcome", held.id)
    answers = again_for(held, at=request.viewer.at)
    if answers is None:
        return redirect(every_question)
    shown = {
        "held": held,
        "said": held.pack.questionnaire.in_words(answers),
        "seen": content_hash(answers),
        "every_question": every_question,
    }
    return render(request, "calling/again.jinja", shown | frame(request, current="calls"))
