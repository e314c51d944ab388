"""The questions, one a page: kept as they are given, looked over, and sent once."""

from typing import cast
from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.alerts.queries.promised import promise_of
from openprotect.alerts.rules import DATA
from openprotect.checkins import actions
from openprotect.checkins.queries import ONLINE, Asked, offered_again
from openprotect.checkins.rules import NoLongerOpen, Value
from openprotect.forms.computing import Known
from openprotect.forms.items import EmergencyText, Item
from openprotect.forms.typed_in import CONTROL
from openprotect.web.access import PersonRequest
from openprotect.web.checkin import several, way
from openprotect.web.checkin.asked import around, for_the_asked
from openprotect.web.checkin.ending import ending
from openprotect.web.checkin.surroundings import moment
from openprotect.web.design.phrases import phrases
from openprotect.web.design.questions import ANSWER, QuestionForm
from openprotect.web.design.sitting import Sitting
from openprotect.web.neutral import neutral

CLEANED = "A few signs in what you wrote could not be kept. Please check it before you send."


@for_the_asked
@require_safe
def home(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    """Where somebody who comes in, or comes back, goes on; after sending, what happens next."""
    at = request.answering.at
    if asked.response:
        said = {**around(asked, at), **ending(asked, asked.response, at)}
        return render(request, "checkin/end.jinja", said)
    if not asked.answers and offered_again(asked.checkin, at=at) is not None:
        return redirect("checkin:again")
    return lead_to(way.resume(asked.pack.questionnaire, asked.answers))


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: PersonRequest, asked: Asked, link_id: str) -> HttpResponseBase:
    """One question. Its answer is kept at once, and counts even if nothing more comes."""
    sitting = Sitting(
        asked.pack.questionnaire.form, dict(asked.answers), Known(at=request.answering.at)
    )
    page = sitting.page(link_id)
    if page and (page.kind in ("table", "another") or page.shown[0].place.turns):
        return several.page(request, asked, sitting, page)
    item = asked.pack.questionnaire.item(link_id)
    if item is None:
        raise Http404
    if page is None and (key := several.key_of(sitting, item)):
        return redirect("checkin:question", key)
    # An answer to what is not asked now is not kept.
    if item not in asked.pack.questionnaire.visible(asked.answers):
        return redirect("checkin:home")
    form = _form(request, asked, item)
    if request.method == "POST" and form.is_valid():
        return _keep(request, asked, item, cast(Value, form.answer))
    if asked.is_sent:
        return redirect("checkin:home")
    return _show(request, asked, item, form)


def _form(request: PersonRequest, asked: Asked, item: Item) -> QuestionForm:
    read = asked.pack.questionnaire.read
    words = phrases(asked.pack.questionnaire.form.language)
    if request.method == "POST":
        return QuestionForm(item, request.POST, read=read, words=words)
    if "needed" in request.GET:
        return QuestionForm(item, {}, read=read, words=words)
    form = QuestionForm(item, read=read, words=words)
    form.show(asked.answers.get(item.link_id))
    return form


def _show(request: PersonRequest, asked: Asked, item: Item, form: QuestionForm) -> HttpResponseBase:
    before = asked.pack.questionnaire.previous(item.link_id, asked.answers)
    back = address_of(before) if before else ""
    said = {
        **around(asked, request.answering.at),
        "form": form,
        "item": item,
        "is_first": before is None,
        "back_url": reverse("checkin:answers") if _is_change(request) else back,
    }
    return render(request, "checkin/question.jinja", said)


def _keep(request: PersonRequest, asked: Asked, item: Item, value: Value) -> HttpResponseBase:
    form = asked.pack.questionnaire
    if asked.is_sent:
        return _keep_as_well(request, asked, item, value)
    if item.is_question:
        try:
            actions.answer(
                asked.checkin, item.link_id, value, channel=ONLINE, at=request.answering.at
            )
        except NoLongerOpen:
            return neutral(request)
    if item.is_free_text and CONTROL.search(request.POST.get(ANSWER, "").replace("\r\n", "\n")):
        messages.warning(request, CLEANED)
    if form.emergency(item, value):
        return lead_to(item, "checkin:help-now", is_change=_is_change(request))
    answers = {**asked.answers, item.link_id: value}
    return _onward(request, asked, item, {k: v for k, v in answers.items() if v is not None})


def _onward(
    request: PersonRequest, asked: Asked, item: Item, answers: way.Answers
) -> HttpResponseBase:
    is_change = _is_change(request)
    follow = way.after_change if is_change else way.after
    return lead_to(follow(asked.pack.questionnaire, item, answers), is_change=is_change)


def _keep_as_well(
    request: PersonRequest, asked: Asked, item: Item, value: Value
) -> HttpResponseBase:
    """Another answer after sending: the first ones stand, and a person looks at both."""
    stored = actions.submit(
        asked.checkin,
        uuid4(),
        channel=ONLINE,
        at=request.answering.at,
        answers={**asked.answers, item.link_id: value},
    )
    if stored.outcome != "conflict":
        return redirect("checkin:home")
    return kept_as_well(request, asked, asked.pack.questionnaire.emergency(item, value))


def kept_as_well(
    request: PersonRequest, asked: Asked, emergency: EmergencyText | None = None
) -> HttpResponseBase:
    at = request.answering.at
    # As the alert about answers that differ is routed.
    promised = promise_of(asked.pack, DATA, "today", at=at)
    said = {
        **around(asked, at),
        "emergency": emergency,
        "look_by": moment(promised.look_by, at),
    }
    return render(request, "checkin/kept.jinja", said)


@for_the_asked
@require_safe
def help_now(request: PersonRequest, asked: Asked, link_id: str) -> HttpResponseBase:
    """An answer that cannot wait for us: 999 or 111, before anything else. It is kept already."""
    form = asked.pack.questionnaire
    item = form.item(link_id)
    emergency = form.emergency(item, asked.answers.get(link_id)) if item else None
    if item is None or emergency is None:
        return redirect("checkin:home")
    onward = _onward(request, asked, item, asked.answers)
    said = {
        **around(asked, request.answering.at),
        "emergency": emergency,
        "onward": reverse("checkin:home") if asked.is_sent else onward["Location"],
        "back_url": address_of(item, is_change=_is_change(request)),
    }
    return render(request, "checkin/help_now.jinja", said)


def _is_change(request: PersonRequest) -> bool:
    """Whether somebody came from the list of answers, and wants to go back to it."""
    return request.GET.get("from") == "answers"


def lead_to(
    item: Item | None, page: str = "checkin:question", *, is_change: bool = False
) -> HttpResponseBase:
    """On to a page of an item, or without one to the list of answers."""
    if item is None:
        return redirect("checkin:answers")
    return redirect(address_of(item, page, is_change=is_change))


def address_of(item: Item, page: str = "checkin:question", *, is_change: bool = False) -> str:
    return reverse(page, args=[item.link_id]) + ("?from=answers" if is_change else "")
