"""Whose check-in a page is about: the one of this session, and only while it may be answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.shortcuts import render

from openprotect.checkins.queries import Asked, asked_of
from openprotect.forms.items import EmergencyText
from openprotect.forms.typed_in import NotAnAnswer
from openprotect.web.access import Page, PersonRequest, by_link
from openprotect.web.checkin.surroundings import moment, of_pack
from openprotect.web.design.phrases import direction, name_of, phrases
from openprotect.web.neutral import neutral

ASKING = "asking"
PersonPage = Callable[..., HttpResponseBase]


def for_the_asked(page: PersonPage) -> Page:
    """Gives the page the check-in of this session. Once it is over, the neutral page stands there.

    Two people may answer on one phone. A form filled in for the one, and sent after the other has
    come in, must not be kept as the other's answer: each form says whose it is.
    """

    @by_link
    @wraps(page)
    def opened(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = asked_of(request.answering)
        if asked is None:
            return neutral(request)
        if request.method == "POST" and request.POST.get(ASKING) != str(asked.checkin.pk):
            return _not_theirs(request, asked, str(kwargs.get("link_id", "")))
        return page(request, spoken(asked, getattr(request, "speaks", "")), *args, **kwargs)

    return opened


def spoken(asked: Asked, tag: str) -> Asked:
    """The same check-in in a language: its answers and its version stay as they are."""
    questionnaire = asked.pack.questionnaire
    found = next(
        (each for each in (tag, tag.partition("-")[0]) if each in questionnaire.spoken), ""
    )
    if not found:
        return asked
    form = replace(questionnaire.spoken[found].form, language=found)
    in_it = replace(questionnaire.spoken[found], form=form, spoken=questionnaire.spoken)
    return replace(asked, pack=replace(asked.pack, questionnaire=in_it))


def _languages(asked: Asked, speaks: str) -> list[tuple[str, str]]:
    """The other languages in which these questions can be read, by the names they have there."""
    spoken_in = asked.pack.questionnaire.spoken
    return [(tag, name_of(tag)) for tag in ("en", *spoken_in) if spoken_in and tag != speaks]


def _not_theirs(request: PersonRequest, asked: Asked, link_id: str) -> HttpResponseBase:
    """Whoever it was that answered: what needs help at once is said, though it is not kept."""
    said = {
        **around(asked, request.answering.at),
        "emergency": _emergency(asked, link_id, request.POST.get("answer", "")),
    }
    return render(request, "checkin/another.jinja", said)


def _emergency(asked: Asked, link_id: str, typed: str) -> EmergencyText | None:
    form = asked.pack.questionnaire
    item = form.item(link_id)
    try:
        return form.emergency(item, form.read(item, typed)) if item else None
    except NotAnAnswer:
        return None


def around(asked: Asked, at: datetime) -> dict[str, object]:
    """What every page of a check-in is given."""
    form = asked.pack.questionnaire.form
    speaks = form.language or "en"
    return {
        **of_pack(asked.pack),
        "speaks": speaks,
        "languages": _languages(asked, speaks),
        "direction": direction(speaks),
        "words": phrases(speaks),
        "asking": asked.checkin.pk,
        "open_until": moment(asked.checkin.closes_at, at),
        "demo_clock": at if settings.OPENPROTECT.demo else None,
    }
