"""Whose check-in a page is about: the one of this session, and only while it may be answered."""

from collections.abc import Callable
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
        return page(request, asked, *args, **kwargs)

    return opened


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
    return {
        **of_pack(asked.pack),
        "asking": asked.checkin.pk,
        "open_until": moment(asked.checkin.closes_at, at),
        "demo_clock": at if settings.OPENPROTECT.demo else None,
    }
