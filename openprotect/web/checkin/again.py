"""Is all of this still so? Last time's answers on one page, sent with one word."""

from dataclasses import replace
from uuid import uuid4

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openprotect.checkins.actions.again import NotAsSeen, give_again
from openprotect.checkins.queries import ONLINE, Asked, offered_again
from openprotect.checkins.rules import NoLongerOpen, NumberTaken
from openprotect.governance.actions import record_access
from openprotect.web.access import PersonRequest
from openprotect.web.checkin.asked import around, for_the_asked
from openprotect.web.checkin.helping import after_sending
from openprotect.web.checkin.pages import address_of
from openprotect.web.checkin.sending import lines, number
from openprotect.web.neutral import neutral


@for_the_asked
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    """Offered before the first answer of the day, and never after one that called for help."""
    if request.method == "POST":
        return _send(request, asked)
    at = request.answering.at
    answers = None if asked.is_sent or asked.answers else offered_again(asked.checkin, at=at)
    if answers is None:
        return redirect("checkin:home")
    first = asked.pack.questionnaire.first({})
    shown = replace(asked, answers=answers)
    record_access([asked.checkin.person_id], what="checkin.again", why="their own answers")
    said = {
        **around(asked, at),
        "lines": [each for each in lines(shown) if each.is_answered],
        "submission": uuid4(),
        "seen": shown.fingerprint,
        "onward": address_of(first) if first else reverse("checkin:answers"),
    }
    return render(request, "checkin/again.jinja", said)


def _send(request: PersonRequest, asked: Asked) -> HttpResponseBase:
    try:
        give_again(
            asked.checkin,
            number(request.POST.get("submission", "")),
            seen=request.POST.get("seen", ""),
            channel=ONLINE,
            at=request.answering.at,
        )
    except (NotAsSeen, NumberTaken):
        first = asked.pack.questionnaire.first({})
        return redirect(address_of(first)) if first else redirect("checkin:home")
    except NoLongerOpen:
        return neutral(request)
    record_access(
        [asked.checkin.person_id], what="checkin.sent", why="answering their own check-in"
    )
    return redirect(after_sending(asked, at=request.answering.at))
