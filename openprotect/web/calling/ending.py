"""How did it end? One choice, a note, and the next call."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.base.notes import cautions
from openprotect.base.refusals import Refused
from openprotect.calls.actions.talking import finish, keep_note
from openprotect.calls.queries import OUTCOMES, Held
from openprotect.calls.rules import Consequence, NotYourCall
from openprotect.checkins.rules import NotFinished
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.calling.forms import OutcomeForm
from openprotect.web.calling.held import of_a_held_call
from openprotect.web.calling.helping import asked_on_the_phone
from openprotect.web.calling.questions import asked, red_flags
from openprotect.web.calling.script import to_end, when_nobody_answers
from openprotect.web.frame import frame

SAID = {
    Consequence.DONE: "Done. The call is recorded.",
    Consequence.RING_AGAIN: "Recorded. The call comes back in about 3 hours.",
    Consequence.HAND_ON: "Recorded. A named team takes over from here.",
}
FOR_GOOD = {
    "DIED": "You say that this person has died. All texts and calls to them stop at once.",
    "STOP": "You say that they asked us to stop. We will not text or ring them any more.",
}


@for_roles(Role.CALLER)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_held_call
def outcome(request: StaffRequest, held: Held) -> HttpResponse:
    form = OutcomeForm(
        request.POST or None,
        outcomes=OUTCOMES,
        initial={"note": held.note, "outcome": _likely(request, held)},
    )
    if form.is_valid() and "change" not in request.POST:
        if (doubts := _doubts(form)) and "confirmed" not in request.POST:
            shown = {"held": held, "form": form, "doubts": doubts}
            return render(request, "calling/confirm.jinja", shown | frame(request, "calls"))
        if after := _finished(request, held, form):
            messages.success(request, SAID[after])
            return redirect("calling:home")
    shown = {
        "held": held,
        "form": form,
        "asked": asked(held),
        "red": red_flags(held),
        "helped": asked_on_the_phone(held, at=request.viewer.at),
        "script": to_end(held.pack.call_script) if held.answers else (),
        "nobody": () if held.answers else when_nobody_answers(held.pack.call_script),
    }
    return render(request, "calling/outcome.jinja", shown | frame(request, current="calls"))


def _likely(request: StaffRequest, held: Held) -> str:
    """What is chosen already: never a guess about somebody nobody has spoken to."""
    if red_flags(held) or "emergency" in request.GET:
        return "HANDED_OVER"
    missing = held.pack.questionnaire.missing(held.answers)
    return "ANSWERED" if held.is_answered or not missing else ""


def _doubts(form: OutcomeForm) -> tuple[str, ...]:
    """What is asked once more before it is kept: it cannot be undone, or cannot be unread."""
    for_good = FOR_GOOD.get(form.cleaned_data["outcome"])
    about_note = cautions(form.cleaned_data["note"])
    return (for_good, *about_note) if for_good else about_note


def _finished(request: StaffRequest, held: Held, form: OutcomeForm) -> Consequence | None:
    chosen, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
    viewer = request.viewer
    keep_note(held.call, note, viewer=viewer, at=viewer.at)
    try:
        return finish(held.call, chosen, note=note, viewer=viewer, at=viewer.at)
    except NotYourCall:
        raise
    except NotFinished:
        form.add_error(
            "outcome", "Some questions have no answer yet. Ask them, or choose another outcome"
        )
    except Refused as refusal:
        form.add_error("note" if "Write" in str(refusal) else None, str(refusal))
    return None
