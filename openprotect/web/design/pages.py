"""The style page: every layout, field and component with made-up content. Demo mode only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openprotect.web.access import Page, demonstration_only, open_page
from openprotect.web.design import errors, examples
from openprotect.web.design.fields import (
    YES_OR_NO,
    Choice,
    Choices,
    Day,
    Number,
    Option,
    PageForm,
    Words,
)

BREATH = (
    Option("no", "No more than usual"),
    Option("stairs", "When I climb stairs or walk uphill"),
    Option("flat", "When I walk on the flat"),
    Option("rest", "When I sit or lie still"),
    Option("unsure", "I am not sure", apart=True),
)
NEEDS = (
    Option("food", "Food or drink"),
    Option("medicine", "Medicines", "Also if the chemist cannot deliver"),
    Option("company", "Someone to talk to"),
    Option("none", "None of these", apart=True),
)
OUTCOMES = tuple(
    Option(each, each) for each in ("Spoke to the person", "No answer", "Wrong number")
)


class BreathForm(PageForm):
    is_one_question = True
    answer = Choice(
        BREATH, label="Are you more breathless than usual?", help_text="Think of the last 24 hours."
    )


class BirthForm(PageForm):
    is_one_question = True
    born_on = Day(
        label="What is your date of birth?",
        subject="Date of birth",
        help_text="For example, 3 5 1946. We ask so that nobody answers for you by mistake.",
        latest=date(2026, 5, 5),
        is_birthday=True,
    )


class EveryField(PageForm):
    """One of each, for staff."""

    needs = Choices(NEEDS, label="What does the person need?")
    agreed = Choice(YES_OR_NO, label="Did the person agree to this?", inline=True)
    temperature = Number(
        label="Temperature", places=1, low=30, high=45, suffix="°C", required=False
    )
    seen_on = Day(label="When were they last seen?", subject="The day they were last seen")
    outcome = Choice(OUTCOMES, label="Outcome of the call", drop_down=True)
    note = Words(label="Note", rows=4, max_length=500, help_text="Only what the next person needs.")
    reference = Words(label="Reference of the other service", required=False, width=20)


HOUSE = {
    "viewer": examples.VIEWER,
    "now": examples.NOW,
    "demo_clock": examples.NOW,
    "organisation_name": "Norfolk and Waveney health and care",
    "help_phone": examples.HELP_PHONE,
    "help_hours": "every day from 8am to 8pm",
}
WRONG = {
    "needs": ["food", "none"],
    "temperature": "380",
    "seen_on_day": "31",
    "seen_on_month": "2",
    "seen_on_year": "2026",
    "note": "Ring after ten. " * 37 + "Thank you.",
}


def _shown(page: Page) -> Page:
    """Open to everyone who can reach a demonstration, and there only."""
    return open_page(demonstration_only(require_safe(page)))


def _show(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"design/style/{name}.jinja", {**HOUSE, **context})


@_shown
def components(request: HttpRequest) -> HttpResponse:
    return _show(
        request,
        "components",
        nav=examples.nav("Programme"),
        alarm="Background work stopped 6 min ago (14:04). What you do here is kept.",
        work=examples.WORK,
        history=examples.HISTORY,
        bars=examples.BY_LOCALITY,
        born_on=examples.BORN,
        heard_at=examples.HEARD,
    )


@_shown
def worklist(request: HttpRequest) -> HttpResponse:
    return _show(request, "worklist", nav=examples.nav("Worklist"), rows=examples.WORK)


@_shown
def empty_worklist(request: HttpRequest) -> HttpResponse:
    return _show(request, "worklist", nav=examples.nav("Worklist"), rows=[])


@_shown
def case(request: HttpRequest) -> HttpResponse:
    return _show(
        request,
        "case",
        nav=examples.nav("Worklist"),
        work=examples.WORK[0],
        history=examples.HISTORY,
        born_on=examples.BORN,
        heard_at=examples.HEARD,
    )


@_shown
def question(request: HttpRequest) -> HttpResponse:
    return _show(request, "question", form=BreathForm(), back_url="/design/start/")


@_shown
def question_unanswered(request: HttpRequest) -> HttpResponse:
    return _show(request, "question", form=BreathForm({}), back_url="/design/start/")


@_shown
def birth_date(request: HttpRequest) -> HttpResponse:
    form = BirthForm({"born_on_day": "3", "born_on_month": "", "born_on_year": "1946"})
    return _show(request, "question", form=form, back_url="/design/start/")


@_shown
def fields(request: HttpRequest) -> HttpResponse:
    return _show(request, "fields", nav=examples.nav("Calls"), form=EveryField())


@_shown
def wrong_fields(request: HttpRequest) -> HttpResponse:
    return _show(request, "fields", nav=examples.nav("Calls"), form=EveryField(WRONG))


@_shown
def start(request: HttpRequest) -> HttpResponse:
    return _show(request, "start")


@_shown
def end(request: HttpRequest) -> HttpResponse:
    return _show(request, "end")


@_shown
def neutral(request: HttpRequest) -> HttpResponse:
    return _show(request, "neutral")


@_shown
def error(request: HttpRequest, status: int) -> HttpResponse:
    return errors.page(request, status)
