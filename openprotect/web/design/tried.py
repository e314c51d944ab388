"""Any form on screen, as the people who are asked see it: for whoever writes one.

`try_form` is a whole page flow for any staff audience: give it a request and what stands around.
Every step is sent by a button, since nothing is kept between two of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from openprotect.forms.computing import Known
from openprotect.forms.notes import Grade
from openprotect.forms.reading import Reading
from openprotect.web.design.held import Held
from openprotect.web.design.phrases import name_of
from openprotect.web.design.sitting import Sitting, Step, step

TOLD = (Grade.BROKEN, Grade.UNSUPPORTED, Grade.SHOWN_OTHERWISE)


def try_form(
    request: HttpRequest,
    held: Held,
    *,
    at: datetime,
    around: Mapping[str, object],
    given: QueryDict | None = None,
) -> HttpResponse:
    """The next page of a form that is being tried; raises a refusal if the form cannot be used.

    `around` is what the staff layout needs, and `ask_url`, to which each page is sent.
    """
    given = request.POST if given is None else given
    if language := given.get("speak", ""):
        held = replace(held, language=language)
    if (size := given.get("print", "")) in ("large", "usual"):
        held = replace(held, large=size == "large")
    reading = held.reading()
    sitting = Sitting(reading.form, held.answers, Known(at=at), held.language)
    key = given.get("go", given.get("key", ""))
    moves = "go" in given or language or size or "start" in given
    page = sitting.page(key) if key or "start" in given else None
    if page is None:
        return _look_over(request, held, reading, sitting, around)
    found = step(sitting, page, None if moves else given)
    if found.answers is not None:
        return _onward(request, held, reading, found, sitting, around)
    return _ask(request, held, reading, sitting, found, around)


def _onward(
    request: HttpRequest,
    held: Held,
    reading: Reading,
    found: Step,
    sitting: Sitting,
    around: Mapping[str, object],
) -> HttpResponse:
    held = held.keeping(found.answers or {})
    after = replace(sitting, answers=held.answers)
    onward = after.unanswered if request.POST.get("from") == "answers" else found.onward
    page = after.page(onward) if onward else None
    if page is None:
        return _look_over(request, held, reading, after, around)
    return _ask(request, held, reading, after, step(after, page), around)


def _ask(
    request: HttpRequest,
    held: Held,
    reading: Reading,
    sitting: Sitting,
    found: Step,
    around: Mapping[str, object],
) -> HttpResponse:
    before = sitting.before(found.page)
    said = {
        **_surroundings(held, reading, sitting, around),
        "step": found,
        "page": found.page,
        "form": found.ask,
        "before_key": before.key if before else "",
        "is_change": request.POST.get("from") == "answers" or "change" in request.POST,
    }
    return render(request, "asking/page.jinja", said)


def _look_over(
    request: HttpRequest,
    held: Held,
    reading: Reading,
    sitting: Sitting,
    around: Mapping[str, object],
) -> HttpResponse:
    said = {
        **_surroundings(held, reading, sitting, around),
        "sections": sitting.sections,
        "unanswered": sitting.unanswered,
    }
    return render(request, "asking/answers.jinja", said)


def _surroundings(
    held: Held, reading: Reading, sitting: Sitting, around: Mapping[str, object]
) -> dict[str, object]:
    form = reading.form
    own = form.language or "en"
    codes = dict.fromkeys([own, *form.languages])
    languages = [(code, name_of(code)) for code in codes if code != sitting.speaks]
    return {
        **around,
        "held": held,
        "sitting": sitting,
        "words": sitting.words,
        "languages": languages,
        "notes": reading.of(*TOLD),
        "large_print": held.large,
    }
