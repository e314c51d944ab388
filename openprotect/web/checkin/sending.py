"""The answers looked over in words, and sent: once, however often the button is pressed."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openprotect.checkins import actions
from openprotect.checkins.queries import ONLINE, Asked
from openprotect.checkins.rules import NoLongerOpen, NotFinished, NumberTaken
from openprotect.web.access import PersonRequest
from openprotect.web.checkin.asked import around, for_the_asked
from openprotect.web.checkin.helping import after_sending
from openprotect.web.checkin.pages import address_of, kept_as_well
from openprotect.web.design.answered import Line as Answered
from openprotect.web.design.answered import Section, sections
from openprotect.web.design.phrases import phrases
from openprotect.web.neutral import neutral

CHANGED_ELSEWHERE = (
    "Some answers were changed in another window or on another phone since you saw this page."
    " Please check them again."
)


@dataclass(frozen=True)
class Line:
    """One question and its answer, as the person reads them over."""

    question: str
    answer: str
    change_url: str
    is_answered: bool


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    """Check your answers, and send them."""
    if request.method == "POST":
        return _send(request, asked)
    if asked.is_sent or asked.pack.questionnaire.missing(asked.answers):
        return redirect("checkin:home")
    said = {
        **around(asked, request.answering.at),
        "lines": lines(asked),
        "submission": uuid4(),
        "seen": asked.fingerprint,
        "back_url": address_of(asked.pack.questionnaire.visible(asked.answers)[-1]),
    }
    return render(request, "checkin/answers.jinja", said)


def lines(asked: Asked) -> list[Line]:
    """What is asked, with its answer; a question that is asked again says under which heading."""
    state = asked.pack.questionnaire.state(asked.answers)
    return [
        Line(_question(section, line), line.answer, _change(line.key), not line.is_empty)
        for section in sections(state, phrases(asked.pack.questionnaire.form.language))
        for line in section.lines
        if line.key
    ]


def _question(section: Section, line: Answered) -> str:
    is_again = "@" in line.key and section.heading
    return f"{section.heading}: {line.question}" if is_again else line.question


def _change(key: str) -> str:
    return reverse("checkin:question", args=[key]) + "?from=answers"


def _send(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    seen = request.POST.get("seen", "")
    if asked.is_whole and not asked.is_sent and seen != asked.fingerprint:
        messages.warning(request, CHANGED_ELSEWHERE)
        return redirect("checkin:answers")
    try:
        stored = actions.submit(
            asked.checkin,
            number(request.POST.get("submission", "")),
            channel=ONLINE,
            at=request.answering.at,
            asked=asked,
            noted=("checkin.sent", "answering their own check-in"),
        )
    except NotFinished as unfinished:
        first = asked.pack.questionnaire.item(unfinished.link_ids[0])
        return redirect(f"{address_of(first)}?needed=yes") if first else redirect("checkin:home")
    except NoLongerOpen:
        return neutral(request)
    except NumberTaken as refusal:
        messages.error(request, str(refusal))
        return redirect("checkin:answers")
    if stored.outcome == "conflict":
        return kept_as_well(request, asked)
    if seen != stored.response.content_hash:
        return render(request, "checkin/sent_before.jinja", around(asked, request.answering.at))
    return redirect(after_sending(asked, at=request.answering.at))


def number(text: str) -> UUID:
    """The number the form carries, so that a repeat is known; without one it is sent but once."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
