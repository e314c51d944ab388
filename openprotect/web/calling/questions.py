"""What do I ask? The same questions as online, one at a time, each kept as it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.calls.actions.talking import hear, keep_note
from openprotect.calls.queries import Held, again_for
from openprotect.calls.rules import NotYourCall
from openprotect.forms.items import EmergencyText, Item
from openprotect.forms.places import Place
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.calling.forms import NoteForm
from openprotect.web.calling.held import of_a_held_call
from openprotect.web.calling.script import during_the_questions
from openprotect.web.design.questions import QuestionForm
from openprotect.web.frame import frame

# Where a question page may be left for, with what was typed kept.
ELSEWHERE = {"outcome": "calling:outcome", "emergency": "calling:emergency"}


@dataclass(frozen=True)
class Asked:
    """One line of the list of questions: its number for the address, and the answer in words."""

    number: int
    question: str
    answer: str
    is_current: bool
    is_needed: bool


@for_roles(Role.CALLER)
@require_safe
@of_a_held_call
def begin(request: StaffRequest, held: Held) -> HttpResponse:
    """To the first question that still needs an answer, or to what they said last time."""
    if "all" not in request.GET and again_for(held, at=request.viewer.at) is not None:
        return redirect("calling:again", held.id)
    visible = held.pack.questionnaire.visible(held.answers)
    open_ones = [each for each in visible if each.link_id not in held.answers and each.is_question]
    first = next((each for each in open_ones if each.required), None)
    if held.is_answered or first is None:
        return redirect("calling:outcome", held.id)
    return redirect("calling:question", held.id, number_of(held, first))


@for_roles(Role.CALLER)
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_held_call
def question(request: StaffRequest, held: Held, number: int) -> HttpResponse:
    item = _item(held, number)
    form, note = _forms(request, held, item)
    if request.method == "POST" and note.is_valid():
        viewer = request.viewer
        keep_note(held.call, note.cleaned_data["note"], viewer=viewer, at=viewer.at)
        elsewhere = request.POST.get("go", "")
        if form.is_valid() and _heard(request, held, item, form):
            return _onward(held, item, form.answer, elsewhere)
        if elsewhere in ELSEWHERE:
            return redirect(ELSEWHERE[elsewhere], held.id)
    shown = {
        "held": held,
        "item": item,
        "form": form,
        "note_form": note,
        "asked": asked(held, item),
        "red": red_flags(held),
        "script": during_the_questions(held.script),
        **frame(request, current="calls"),
    }
    return render(request, "calling/question.jinja", shown)


@for_roles(Role.CALLER)
@require_POST
@of_a_held_call
def note(request: StaffRequest, held: Held) -> HttpResponse:
    """Keep the note while it is being written; the page stays as it is."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    viewer = request.viewer
    keep_note(held.call, form.cleaned_data["note"], viewer=viewer, at=viewer.at)
    return HttpResponse(status=204)


def _item(held: Held, number: int) -> Item:
    """The question of this number; none that these answers do not lead to."""
    items = held.pack.questionnaire.items
    visible = held.pack.questionnaire.visible(held.answers)
    if not 1 <= number <= len(items) or items[number - 1] not in visible or held.is_answered:
        raise Http404
    return items[number - 1]


def _forms(request: StaffRequest, held: Held, item: Item) -> tuple[QuestionForm, NoteForm]:
    sent = request.POST if request.method == "POST" else None
    wording = item.caller_wording or item.text
    form = QuestionForm(item, sent, read=held.pack.questionnaire.read, wording=wording)
    form.show(held.answers.get(key_of(held, item)))
    return form, NoteForm(sent, initial={"note": held.note})


def _heard(request: StaffRequest, held: Held, item: Item, form: QuestionForm) -> bool:
    """Keep the answer; what stands against it is said at the question."""
    if not item.is_question:
        return True
    answer: Any = form.answer
    try:
        hear(held.call, key_of(held, item), answer, viewer=request.viewer, at=request.viewer.at)
    except NotYourCall:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def key_of(held: Held, item: Item) -> str:
    """Where an answer is kept; on the phone, what repeats is asked once."""
    depth = held.pack.questionnaire.form.depth(item.link_id)
    return str(Place(item.link_id, (1,) * depth))


def _onward(held: Held, item: Item, answer: object, elsewhere: str) -> HttpResponse:
    """A red flag stops the script; else where they ask to go, or the next question."""
    questionnaire = held.pack.questionnaire
    if item.is_question and questionnaire.emergency(item, answer):
        return redirect("calling:emergency", held.id)
    if elsewhere in ELSEWHERE:
        return redirect(ELSEWHERE[elsewhere], held.id)
    answers = {**held.answers, key_of(held, item): answer} if item.is_question else held.answers
    following = questionnaire.next_after(item.link_id, answers)
    if following is None:
        return redirect("calling:outcome", held.id)
    return redirect("calling:question", held.id, number_of(held, following))


def number_of(held: Held, item: Item) -> int:
    return held.pack.questionnaire.items.index(item) + 1


def asked(held: Held, current: Item | None = None) -> list[Asked]:
    """Every question these answers lead to, with what was answered, so that one can go back."""
    questionnaire = held.pack.questionnaire
    return [
        Asked(
            number_of(held, each),
            each.text,
            answer_in_words(held, each),
            each is current,
            each.required,
        )
        for each in questionnaire.visible(held.answers)
        if each.is_question
    ]


def answer_in_words(held: Held, item: Item) -> str:
    only: Mapping[str, object] = held.answers
    words = dict(held.pack.questionnaire.in_words(only))
    return words.get(item.text, "")


def red_flags(held: Held) -> list[EmergencyText]:
    """What these answers say must happen at once; 999 before 111."""
    questionnaire = held.pack.questionnaire
    raised = [
        emergency
        for each in questionnaire.visible(held.answers)
        if (emergency := questionnaire.emergency(each, held.answers.get(key_of(held, each))))
    ]
    return sorted(raised, key=lambda emergency: emergency.call, reverse=True)
