"""How we reach somebody: stop, ring me, a new number, another form or language. Without an account.

Each page says what was done and what happens next. Nothing of the person is shown: what is asked
here is written, never read back.
"""

from collections.abc import Callable
from functools import partial
from typing import cast

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.checkins.queries import Asked
from openprotect.governance.actions import record_access
from openprotect.people.actions import choosing
from openprotect.people.rules import ALL, CALL, EMAIL, LETTER, TEXT
from openprotect.web.access import PersonRequest
from openprotect.web.checkin.asked import around, for_the_asked
from openprotect.web.checkin.contact_forms import (
    AwayForm,
    DetailsForm,
    NeedsForm,
    RingForm,
    StopForm,
    WayForm,
)
from openprotect.web.design.fields import PageForm
from openprotect.web.design.words import LONDON

Save = Callable[[PersonRequest, Asked, PageForm], None]


@for_the_asked
@require_safe
def home(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    """What can be changed here."""
    return _page(request, asked, "checkin/contact.jinja")


@for_the_asked
@require_safe
def done(request: PersonRequest, asked: Asked, what: str) -> HttpResponseBase:
    """What was done, and what happens next."""
    return _page(request, asked, "checkin/contact_done.jinja", what=what)


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    return _form(request, asked, StopForm, "stop", _stop)


def _stop(request: PersonRequest, asked: Asked, form: PageForm) -> None:
    """Refused from this moment on. What we are already doing for them goes on."""
    way, here = STOPS[form.cleaned_data["scope"]]
    choosing.choose(
        asked.checkin.person_id,
        choosing.REFUSED,
        way=way,
        programme_id=asked.checkin.programme_id if here else None,
        via=choosing.BY_LINK,
        at=request.answering.at,
    )


STOPS = {
    "texts": (TEXT, False),
    "emails": (EMAIL, False),
    "letters": (LETTER, False),
    "calls": (CALL, False),
    "programme": (ALL, True),
    "everything": (ALL, False),
}


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def ring(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    return _form(request, asked, RingForm, "ring", _ring)


def _ring(request: PersonRequest, asked: Asked, form: PageForm) -> None:
    _ask(request, asked, choosing.TO_BE_RUNG, words=form.cleaned_data["when"])


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    return _form(request, asked, DetailsForm, "details", _details)


def _details(request: PersonRequest, asked: Asked, form: PageForm) -> None:
    said = form.cleaned_data
    _ask(request, asked, choosing.NEW_DETAILS, mobile=said["mobile"], email=said["email"])


def _ask(
    request: PersonRequest,
    asked: Asked,
    kind: choosing.Kind,
    *,
    mobile: str = "",
    email: str = "",
    words: str = "",
) -> None:
    choosing.ask(
        asked.checkin.person_id,
        kind,
        programme_id=asked.checkin.programme_id,
        mobile=mobile,
        email=email,
        words=words,
        at=request.answering.at,
    )


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    return _form(request, asked, NeedsForm, "needs", _needs)


def _needs(request: PersonRequest, asked: Asked, form: PageForm) -> None:
    said = form.cleaned_data
    for each in said["needs"]:
        choosing.record_need(
            asked.checkin.person_id,
            choosing.need(each),
            whose=choosing.whose(said["whose"]),
            language=said["language"] if each in choosing.NEEDS_A_LANGUAGE else "",
            via=choosing.BY_LINK,
            at=request.answering.at,
        )


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    today = request.answering.at.astimezone(LONDON).date()
    return _form(request, asked, partial(AwayForm, today=today), "away", _away)


def _away(request: PersonRequest, asked: Asked, form: PageForm) -> None:
    said = form.cleaned_data
    choosing.ask(
        asked.checkin.person_id,
        choosing.IN_HOSPITAL if said["why"] == "HOSPITAL" else choosing.AWAY,
        programme_id=asked.checkin.programme_id,
        from_on=said["from_on"] or request.answering.at.astimezone(LONDON).date(),
        to_on=said["to_on"],
        at=request.answering.at,
    )


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def way(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    return _form(request, asked, WayForm, "way", _way)


def _way(request: PersonRequest, asked: Asked, form: PageForm) -> None:
    choosing.choose(
        asked.checkin.person_id,
        choosing.PREFERRED,
        way=form.cleaned_data["way"],
        via=choosing.BY_LINK,
        at=request.answering.at,
    )


def _form(
    request: PersonRequest, asked: Asked, kind: Callable[..., PageForm], name: str, save: Save
) -> HttpResponseBase:
    """One question: what is said is kept, noted as an access, and confirmed on its own page."""
    form = kind(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        back = reverse("checkin:contact")
        return _page(request, asked, "checkin/contact_form.jinja", form=form, back_url=back)
    save(request, asked, form)
    record_access(
        [asked.checkin.person_id], what=f"contact.{name}", why="changing how they are reached"
    )
    what = cast(str, form.cleaned_data.get("scope", name))
    return redirect("checkin:contact-done", what)


def _page(request: PersonRequest, asked: Asked, template: str, **more: object) -> HttpResponseBase:
    return render(request, template, {**around(asked, request.answering.at), **more})
