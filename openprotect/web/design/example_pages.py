"""Every page of a form that has one question of each kind, for the style page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from openprotect.web.access import demonstration_only, open_page
from openprotect.web.design import examples
from openprotect.web.design.held import Held
from openprotect.web.design.tried import try_form

FORM = Path(__file__).with_name("example_form.json")
# Answers that somebody may have given by then; two medicines, so that there is a turn to remove.
ANSWERS = {
    "breath": "walk",
    "needs": ["food", {"words": "A lift to the clinic"}],
    "names": ["Ann", "Bert"],
    "slept": "most",
    "drugs": 2,
    "drug@1": "Salbutamol",
    "drug@2": "Ramipril",
    "times@1": 4,
}
EMPTY: dict[str, object] = {}
# The name of each page, what is sent to it, the language, and what was answered before.
PAGES = {
    "text": ({"go": "intro"}, "", EMPTY),
    "choice": ({"go": "breath"}, "", ANSWERS),
    "choice/unanswered": ({"key": "breath"}, "", EMPTY),
    "choice/arabic": ({"go": "breath"}, "ar", ANSWERS),
    "choice/polish-large": ({"go": "breath", "print": "large"}, "pl", ANSWERS),
    "several": ({"go": "needs"}, "", ANSWERS),
    "own-words": ({"go": "drink"}, "", EMPTY),
    "yes-no": ({"go": "carer"}, "", EMPTY),
    "number": ({"key": "falls", "a0": "two"}, "", EMPTY),
    "quantity": ({"key": "weight", "a0": "12"}, "", EMPTY),
    "quantity/one-unit": ({"go": "temperature"}, "", EMPTY),
    "day": ({"go": "seen"}, "", EMPTY),
    "moment": ({"key": "visit", "a0_day": "31", "a0_month": "2", "a0_year": "2026"}, "", EMPTY),
    "time": ({"go": "bed"}, "", EMPTY),
    "address": ({"go": "page"}, "", EMPTY),
    "file": ({"go": "photo"}, "", EMPTY),
    "lines": ({"key": "names", "a0-1": "Ann", "a0-2": "Bert", "add": "a0"}, "", EMPTY),
    "words": ({"go": "more"}, "", EMPTY),
    "table": ({"go": "week"}, "", ANSWERS),
    "table/unanswered": ({"key": "week"}, "", EMPTY),
    "another": ({"go": "drugs@2+"}, "", ANSWERS),
    "answers": ({"go": ""}, "", ANSWERS),
}


@open_page
@demonstration_only
@require_safe
def form_page(request: HttpRequest, name: str) -> HttpResponse:
    sent, language, answers = PAGES[name]
    held = Held(FORM.read_text("utf-8"), language, dict(answers))
    around = {
        "viewer": examples.VIEWER,
        "nav": examples.nav("Programme"),
        "ask_url": "",
        "demo_clock": examples.NOW,
    }
    return try_form(request, held, at=examples.NOW, around=around, given=QueryDict(urlencode(sent)))
