"""A patient is on the phone and answers: the same questions as online, one at a time."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.checkins import actions
from openprotect.checkins.queries import ON_THE_PHONE, Asked, asked_by_phone
from openprotect.checkins.rules import NoLongerOpen, NotFinished
from openprotect.enrolments.queries import visible_to
from openprotect.forms.items import EmergencyText, Item
from openprotect.forms.places import Place
from openprotect.governance.actions import record_access
from openprotect.reports.queries import patients
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.questions import QuestionForm
from openprotect.web.practice.showing import show


@dataclass(frozen=True)
class OnThePhone:
    """A patient who answers through the practice: the check-in that is open, and who it is."""

    enrolment_id: UUID
    person_id: UUID
    name: str
    asked: Asked

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(self.asked.pack.questionnaire.items)

    def key(self, item: Item) -> str:
        """On the phone, what repeats is asked once."""
        depth = self.asked.pack.questionnaire.form.depth(item.link_id)
        return str(Place(item.link_id, (1,) * depth))

    def red(self) -> list[EmergencyText]:
        """What these answers say must happen at once; 999 before 111."""
        form, answers = self.asked.pack.questionnaire, self.asked.answers
        raised = [form.emergency(e, answers.get(self.key(e))) for e in form.visible(answers)]
        return sorted((e for e in raised if e), key=lambda each: each.call, reverse=True)

    def next_number(self) -> int:
        """The first question without an answer; nought when there is none."""
        form, answers = self.asked.pack.questionnaire, self.asked.answers
        waiting = [e for e in form.visible(answers) if e.is_question and self.key(e) not in answers]
        needed = next((each for each in waiting if each.required), None)
        return self.items.index(needed) + 1 if needed else 0


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.PRACTICE)
def question(request: StaffRequest, enrolment_id: UUID, number: int) -> HttpResponse:
    """One question; number nought leads to the first that is open, or to the sending."""
    found = _on_the_phone(request, enrolment_id)
    if found is None:
        messages.info(request, "No check-in is open for them now. Ask us to ring them instead.")
        return redirect("practice:rang", enrolment_id)
    if number == 0:
        number = found.next_number()
        if number == 0:
            return _finish(request, found)
        return redirect("practice:answering", enrolment_id, number)
    item = _item(found, number)
    form = _form(request, found, item)
    if request.method == "POST" and form.is_valid():
        return _keep(request, found, item, form)
    return show(
        request, "answering", phone=found, form=form, item=item, number=number, red=found.red()
    )


def _on_the_phone(request: StaffRequest, enrolment_id: UUID) -> OnThePhone | None:
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    record_access([enrolment.person_id], what="practice.answering", why="answering by phone")
    asked = asked_by_phone(enrolment)
    name = patients.name_of(enrolment.person)
    return OnThePhone(enrolment.pk, enrolment.person_id, name, asked) if asked else None


def _item(found: OnThePhone, number: int) -> Item:
    visible = found.asked.pack.questionnaire.visible(found.asked.answers)
    if not 1 <= number <= len(found.items) or found.items[number - 1] not in visible:
        raise Http404
    return found.items[number - 1]


def _form(request: StaffRequest, found: OnThePhone, item: Item) -> QuestionForm:
    sent = request.POST if request.method == "POST" else None
    read = found.asked.pack.questionnaire.read
    form = QuestionForm(item, sent, read=read, wording=item.caller_wording or item.text)
    form.show(found.asked.answers.get(found.key(item)))
    return form


def _keep(request: StaffRequest, found: OnThePhone, item: Item, form: QuestionForm) -> HttpResponse:
    viewer, value = request.viewer, form.answer
    typed: Any = value
    try:
        actions.answer(
            found.asked.checkin,
            found.key(item),
            typed,
            channel=ON_THE_PHONE,
            by=viewer.user_id,
            at=viewer.at,
        )
    except NoLongerOpen as refusal:
        messages.warning(request, str(refusal))
        return redirect("practice:rang", found.enrolment_id)
    answers = {**found.asked.answers, found.key(item): typed}
    following = found.asked.pack.questionnaire.next_after(item.link_id, answers)
    number = found.items.index(following) + 1 if following else 0
    return redirect("practice:answering", found.enrolment_id, number)


def _finish(request: StaffRequest, found: OnThePhone) -> HttpResponse:
    """Everything is answered: a last look at what must happen at once, and it is sent."""
    viewer = request.viewer
    if request.method != "POST":
        lines = found.asked.pack.questionnaire.in_words(found.asked.answers)
        return show(request, "answered", phone=found, lines=lines, red=found.red())
    try:
        actions.submit(
            found.asked.checkin, uuid4(), channel=ON_THE_PHONE, by=viewer.user_id, at=viewer.at
        )
    except NotFinished:
        return redirect("practice:answering", found.enrolment_id, 0)
    except NoLongerOpen as refusal:
        messages.warning(request, str(refusal))
        return redirect("practice:rang", found.enrolment_id)
    messages.success(request, f"{found.name}: their answers are in, and looked at now.")
    return redirect("practice:person", found.enrolment_id)
