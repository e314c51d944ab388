"""Pages that ask more than one question, or the same ones again: tables and repeating groups."""

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from openprotect.checkins import actions
from openprotect.checkins.queries import ONLINE, Asked
from openprotect.checkins.rules import NoLongerOpen
from openprotect.forms.answering import Answers
from openprotect.forms.items import Item
from openprotect.forms.walk import Page
from openprotect.web.access import PersonRequest
from openprotect.web.checkin.asked import around
from openprotect.web.design.sitting import Sitting, Step, step
from openprotect.web.neutral import neutral


def page(request: PersonRequest, asked: Asked, sitting: Sitting, page: Page) -> HttpResponseBase:
    """One page of several questions. What changed is kept at once, place by place."""
    if asked.is_sent:
        return redirect("checkin:home")
    found = step(sitting, page, request.POST if request.method == "POST" else None)
    if found.answers is None:
        return _show(request, asked, sitting, found)
    try:
        _keep(request, asked, found.answers)
    except NoLongerOpen:
        return neutral(request)
    if urgent := _urgent(asked, found):
        return redirect("checkin:help-now", urgent)
    if found.onward and request.GET.get("from") != "answers":
        return redirect("checkin:question", found.onward)
    after = Sitting(sitting.form, found.answers, sitting.known)
    waiting = after.unanswered
    return redirect("checkin:question", waiting) if waiting else redirect("checkin:answers")


def _keep(request: PersonRequest, asked: Asked, answers: Answers) -> None:
    at = request.answering.at
    for key in sorted({*answers, *asked.answers}):
        if answers.get(key) != asked.answers.get(key):
            value = answers.get(key)
            actions.answer(asked.checkin, key, value, channel=ONLINE, at=at)  # type: ignore[arg-type]


def _urgent(asked: Asked, found: Step) -> str:
    """The first question of the page whose answer cannot wait for us."""
    form = asked.pack.questionnaire
    for shown in found.page.questions:
        if form.emergency(shown.item, (found.answers or {}).get(shown.key)):
            return shown.key
    return ""


def _show(request: PersonRequest, asked: Asked, sitting: Sitting, found: Step) -> HttpResponseBase:
    before = sitting.before(found.page)
    is_change = request.GET.get("from") == "answers"
    back = reverse("checkin:question", args=[before.key]) if before else ""
    said = {
        **around(asked, request.answering.at),
        "form": found.ask,
        "page": found.page,
        "step": found,
        "words": sitting.words,
        "back_url": reverse("checkin:answers") if is_change else back,
    }
    return render(request, "checkin/several.jinja", said)


def key_of(sitting: Sitting, item: Item) -> str:
    """The page that asks an item which is asked again and again: the first without an answer."""
    pages = [
        each
        for each in sitting.pages
        if any(shown.item.link_id == item.link_id for shown in each.questions)
    ]
    waiting = (each for each in pages if not any(shown.values for shown in each.questions))
    found = next(waiting, pages[-1] if pages else None)
    return found.key if found else ""
