"""How did it end? One choice, a note, what that choice asks for, and the next call."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.base.notes import cautions
from openprotect.base.refusals import Refused
from openprotect.calls import actions
from openprotect.calls.actions.talking import finish, keep_note
from openprotect.calls.queries import OUTCOMES, Held
from openprotect.calls.rules import Consequence, NotYourCall, Told
from openprotect.checkins.rules import NotFinished
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.calling.asked_more import MORE, AskedMore
from openprotect.web.calling.forms import ANY_TIME, PARTS_OF_THE_DAY, OutcomeForm
from openprotect.web.calling.held import NOT_TYPED, of_a_held_call
from openprotect.web.calling.helping import asked_on_the_phone
from openprotect.web.calling.questions import asked, red_flags
from openprotect.web.calling.script import to_end, when_nobody_answers
from openprotect.web.frame import frame

SAID = {
    Consequence.DONE: "Done. The call is recorded.",
    Consequence.RING_AGAIN: "Recorded. The call comes back in about 3 hours.",
    Consequence.AS_AGREED: "Recorded. The call comes back as you agreed.",
    Consequence.HAND_ON: "Recorded. A named team takes over from here.",
}
FOR_GOOD = {
    "DIED": "You say that this person has died. All texts and calls to them stop at once.",
    "OPTED_OUT": "You say that they asked us to stop. We will not text or ring them any more.",
    "SAFEGUARDING": "You say that somebody may harm or neglect them. A team is told at once. If"
    " they are in danger now, ring 999 first.",
}
# After these nobody should have to take the next call at once.
HARD = frozenset({"DIED", "HANDED_OVER", "SAFEGUARDING"})
REST = "That was a hard call. Take a break before the next one. Your supervisor is there to talk."


@dataclass(frozen=True)
class Ended:
    """What was chosen and typed on the page of the outcome, and on the page after it."""

    form: OutcomeForm
    more: AskedMore | None

    @property
    def outcome(self) -> str:
        return str(self.form.cleaned_data["outcome"])

    @property
    def told(self) -> Told:
        told = self.more.told() if self.more else Told()
        return replace(told, is_bereaved=bool(self.form.cleaned_data["grief"]))


@for_roles(Role.CALLER)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_held_call
def outcome(request: StaffRequest, held: Held) -> HttpResponse:
    form = OutcomeForm(
        request.POST or None,
        outcomes=OUTCOMES,
        likes=held.likes,
        initial={"note": held.note, "outcome": _likely(request, held)},
    )
    more = _more(request, held, form)
    if form.is_valid() and "change" not in request.POST:
        if more and not more.is_valid():
            keep_note(held.call, form.cleaned_data["note"], viewer=request.viewer, at=held.at)
            return _ask_more(request, held, more)
        if (doubts := _doubts(form)) and "confirmed" not in request.POST:
            shown = {"held": held, "form": form, "doubts": doubts, "carried": _carried(request)}
            return render(request, "calling/confirm.jinja", shown | frame(request, "calls"))
        if after := _finished(request, held, Ended(form, more)):
            return _next(request, form.cleaned_data["outcome"], after)
    shown = {
        "held": held,
        "form": form,
        "asked": asked(held),
        "red": red_flags(held),
        "helped": asked_on_the_phone(held, at=request.viewer.at),
        "script": to_end(held.script) if held.answers else (),
        "nobody": () if held.answers else when_nobody_answers(held.script),
    }
    return render(request, "calling/outcome.jinja", shown | frame(request, current="calls"))


def _next(request: StaffRequest, outcome: str, after: Consequence) -> HttpResponse:
    said = f"{SAID[after]} {REST}" if outcome in HARD else SAID[after]
    messages.success(request, said)
    return redirect("calling:home")


def _likely(request: StaffRequest, held: Held) -> str:
    """What is chosen already: never a guess about somebody nobody has spoken to."""
    if red_flags(held) or "emergency" in request.GET:
        return "HANDED_OVER"
    missing = held.pack.questionnaire.missing(held.answers)
    return "ANSWERED" if held.is_answered or not missing else ""


def _more(request: StaffRequest, held: Held, form: OutcomeForm) -> AskedMore | None:
    """The page after this one, where the outcome has one: unanswered until it was sent itself."""
    chosen = MORE.get(form.cleaned_data["outcome"]) if form.is_valid() else None
    if chosen is None:
        return None
    return chosen(request.POST if "more" in request.POST else None, held=held, at=held.at)


def _ask_more(request: StaffRequest, held: Held, more: AskedMore) -> HttpResponse:
    carried = [each for each in _carried(request) if each[0] not in more.fields]
    shown = {"held": held, "form": more, "heading": more.heading, "carried": carried}
    return render(request, "calling/more.jinja", shown | frame(request, current="calls"))


def _carried(request: StaffRequest) -> list[tuple[str, str]]:
    """What was sent so far, to be sent again with what is asked next."""
    return [
        (name, text)
        for name, texts in request.POST.lists()
        if name not in NOT_TYPED
        for text in texts
    ]


def _doubts(form: OutcomeForm) -> tuple[str, ...]:
    """What is asked once more before it is kept: it cannot be undone, or cannot be unread."""
    for_good = FOR_GOOD.get(form.cleaned_data["outcome"])
    about_note = cautions(form.cleaned_data["note"])
    return (for_good, *about_note) if for_good else about_note


def _finished(request: StaffRequest, held: Held, ended: Ended) -> Consequence | None:
    note, viewer, form = ended.form.cleaned_data["note"], request.viewer, ended.form
    keep_note(held.call, note, viewer=viewer, at=viewer.at)
    try:
        _keep_best_time(held, form.cleaned_data["likes"], request)
        return finish(
            held.call, ended.outcome, note=note, viewer=viewer, at=viewer.at, told=ended.told
        )
    except NotYourCall:
        raise
    except NotFinished:
        form.add_error(
            "outcome", "Some questions have no answer yet. Ask them, or choose another outcome"
        )
    except Refused as refusal:
        form.add_error("note" if "Write" in str(refusal) else None, str(refusal))
    return None


def _keep_best_time(held: Held, likes: str, request: StaffRequest) -> None:
    if likes == ANY_TIME:
        actions.likes_any_time(held.person_id, at=request.viewer.at)
    elif likes in PARTS_OF_THE_DAY:
        _, from_, until = PARTS_OF_THE_DAY[likes]
        viewer = request.viewer
        actions.likes_to_be_rung(held.person_id, from_, until, by=viewer.user_id, at=viewer.at)
