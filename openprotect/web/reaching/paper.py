"""Answers that came on paper, typed in by the practice: all questions on one page, sent once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.checkins import actions
from openprotect.checkins.queries import ON_PAPER, answers_so_far, to_type_in
from openprotect.checkins.rules import NotFinished, Value
from openprotect.programmes.queries import pack_of
from openprotect.reports.queries.patients import name_of
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.questions import ANSWER, QuestionForm
from openprotect.web.frame import frame
from openprotect.web.reaching.person import of

if TYPE_CHECKING:
    from openprotect.checkins.models import Checkin
    from openprotect.forms.items import Item
    from openprotect.packs.questionnaire import Questionnaire

LEFT_EMPTY = "This must be answered, by what was answered before: {question}"


class OnPaper(QuestionForm):
    """One question of the sheet; the names of its boxes begin with its place on it."""

    is_one_question = False

    def __init__(self, item: Item, place: int, sheet: Questionnaire, sent: QueryDict | None):
        typed = _of_place(sent, f"q{place}-")
        super().__init__(item, typed, read=sheet.read)
        self.prefix = f"q{place}"
        lines = [each for _, values in typed.lists() for each in values] if typed else []
        self.is_left_empty = not any(each.strip() for each in lines)
        for field in self.fields.values():
            field.required = False

    def clean(self) -> None:
        """What was left empty is no mistake here: the whole sheet says what it lacks."""
        if not self.is_left_empty:
            super().clean()
            return
        self.errors.pop(ANSWER, None)
        self.cleaned_data[ANSWER] = None


def _of_place(sent: QueryDict | None, start: str) -> QueryDict | None:
    """What was typed at one question, by its names on the page and by its own."""
    if sent is None:
        return None
    own = QueryDict(mutable=True)
    for key, values in sent.lists():
        if key.startswith(start):
            own.setlist(key, values)
            own.setlist(key.removeprefix(start), values)
    return own


@for_roles(Role.PRACTICE)
@require_http_methods(["GET", "HEAD", "POST"])
def typed_in(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    enrolment = of(request, enrolment_id)
    checkin = to_type_in(enrolment.pk)
    if checkin is None:
        raise Http404
    sheet = pack_of(checkin).questionnaire
    sent = request.POST if request.method == "POST" else None
    asked = [each for each in sheet.items if each.is_question and each.kind != "attachment"]
    lines = [OnPaper(item, place, sheet, sent) for place, item in enumerate(asked, 1)]
    _show_what_is_known(lines, checkin)
    wrong = ""
    are_valid = [each.is_valid() for each in lines]  # all of them, so that each says its own
    if sent is not None and all(are_valid):
        wrong = _kept(request, checkin, lines)
        if not wrong:
            messages.success(request, "Typed in and sent. What needs help becomes an alert.")
            return redirect("reaching:person", enrolment.pk)
    page = {
        "lines": lines,
        "wrong": wrong,
        "has_errors": any(each.is_bound and each.errors for each in lines),
        "checkin": checkin,
        "name": name_of(enrolment.person),
        "back_url": reverse("reaching:person", args=[enrolment.pk]),
        **frame(request, current="unreached"),
    }
    return render(request, "reaching/paper.jinja", page)


def _show_what_is_known(lines: list[OnPaper], checkin: Checkin) -> None:
    """What they had answered before by another way stands there already."""
    known = answers_so_far(checkin)
    for each in lines:
        if not each.is_bound:
            each.show(known.get(each.item.link_id))


def _kept(request: StaffRequest, checkin: Checkin, lines: list[OnPaper]) -> str:
    """Keep each answer and send them in; else what is still wrong, in words."""
    viewer = request.viewer
    given: Mapping[str, Value] = {
        each.item.link_id: cast(Value, each.answer) for each in lines if each.answer is not None
    }
    try:
        actions.submit(
            checkin,
            uuid4(),
            channel=ON_PAPER,
            by=viewer.user_id,
            answers={**answers_so_far(checkin), **given},
            at=viewer.at,
        )
    except NotFinished as unfinished:
        first = pack_of(checkin).questionnaire.item(unfinished.link_ids[0])
        return LEFT_EMPTY.format(question=first.text if first else "a question")
    except Refused as refusal:
        return str(refusal)
    return ""
