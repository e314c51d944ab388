"""The demonstration: who is who, one click to be them, the clock, and the texts that went out."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts import actions as accounts
from openprotect.base import clock as service_clock
from openprotect.base.refusals import Refused
from openprotect.checkins.queries import demonstration_birth_date
from openprotect.checkins.rules import LOCAL
from openprotect.gateways.notify import sent_messages
from openprotect.governance.actions import move_demo_clock
from openprotect.messages.rules import TryLater
from openprotect.pathway.tasks import go_round
from openprotect.web.access import demonstration_only, open_page
from openprotect.web.sessions import STAFF_COOKIE, keep_token

HOURS = 12
LINK = re.compile(r"(https?://\S+/c/[\w-]+)")


@dataclass(frozen=True)
class Part:
    """One of the people a visitor may be, and what they would do first."""

    login: str
    role: str
    name: str
    question: str
    first: str


PARTS = (
    Part("practice", "GP practice", "Dr Amina Hassan", "What about our patients?",
         "Look at whom the rules found among your patients, and why. Keep or veto each."),
    Part("caller", "Call handler", "Tom Ellery", "Whom do I ring now?",
         "Take the next call, go through the questions, say how it went."),
    Part("supervisor", "Call supervisor", "Maya Thorne", "Who rings whom today?",
         "Paste a rota, see who is on a call and what waits, and share the calls out."),
    Part("surveillance", "Surveillance team", "Ruth Bland", "What must we do first?",
         "Accept the most urgent alert, act, close it with its outcome."),
    Part("locality", "Locality team", "Piotr Nowak", "What is ours to do?",
         "Work your area's alerts, and change a setting for your locality."),
    Part("council", "Council", "Joan Riches", "Who needs our help?",
         "See only what your help needs, and tell the outcome."),
    Part("lead", "Programme lead", "Dr Helen Marsh", "Is anyone falling through?",
         "See who is overdue, silent or unreached, by locality and practice."),
    Part("clinical", "Clinical lead", "Dr Rosa Lind", "Whom would a changed rule find?",
         "Change a value of a rule: see who would join and leave, with examples."),
    Part("steward", "Records steward", "Nina Frost", "What waits to be taken in?",
         "See what an import would change, and settle the rows that were held back."),
    Part("governance", "Information governance", "Sam Whitlock", "May we, and until when?",
         "See each legal basis with its end, and who looked at whose record."),
)  # fmt: skip

STEPS = (
    ("three-hours", "3 hours on", timedelta(hours=3)),
    ("one-day", "1 day on", timedelta(days=1)),
)


@dataclass(frozen=True)
class Phone:
    """A text as it lies on somebody's phone, its link ready to be opened."""

    to: str
    before: str
    link: str
    after: str
    born: date | None
    sent_at: datetime | None
    status: str


@open_page
@demonstration_only
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Every role, the clock and the phone, on one page."""
    now = service_clock.now()
    shown = {"parts": PARTS, "steps": STEPS, "demo_clock": now, "now": now}
    return render(request, "demo/start.jinja", shown)


@open_page
@demonstration_only
@require_POST
def be(request: HttpRequest, login: str) -> HttpResponse:
    """Become one of the cast. The database refuses where it is no demonstration."""
    try:
        token = accounts.sign_in_to_demonstration(login)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("demo:start")
    response = redirect("home")
    keep_token(response, STAFF_COOKIE, token, hours=HOURS)
    return response


@open_page
@demonstration_only
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Let time pass: what it makes due is done at once."""
    lengths = {name: length for name, _, length in STEPS}
    length = lengths.get(request.POST.get("by", ""))
    if length is None:
        messages.error(request, "Choose how far the clock should move.")
        return redirect("demo:start")
    move_demo_clock(by=length)
    go_round.configure(queueing_lock=None).defer(timestamp=0)
    moved = service_clock.now().astimezone(LOCAL)
    messages.success(request, f"The clock now says {moved:%A %H:%M}. What is due follows at once.")
    return redirect("demo:start")


@open_page
@demonstration_only
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The texts that went out, newest first, as they lie on people's phones."""
    try:
        texts = sent_messages(settings.OPENPROTECT, limit=50)
        trouble = ""
    except TryLater:
        texts, trouble = [], "The stand-in for the text provider does not answer."
    shown = {
        "texts": [_on_the_phone(each.to, each.body, each.sent_at, each.status) for each in texts],
        "trouble": trouble,
        "now": service_clock.now(),
    }
    return render(request, "demo/outbox.jinja", shown)


def _on_the_phone(to: str, body: str, sent_at: datetime | None, status: str) -> Phone:
    parts = LINK.split(body, maxsplit=1)
    before, link, after = parts if len(parts) == 3 else (body, "", "")
    born = demonstration_birth_date(link.rsplit("/", 1)[-1]) if link else None
    return Phone(to, before, link, after, born, sent_at, status)
