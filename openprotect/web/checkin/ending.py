"""What happens next, worked out from what was sent, the rules and the routes of its pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from openprotect.alerts.queries.promised import Promise, promises
from openprotect.checkins.queries import Asked
from openprotect.checkins.rules import LOCAL
from openprotect.forms.items import EmergencyText
from openprotect.web.checkin.surroundings import day, moment

if TYPE_CHECKING:
    from openprotect.checkins.models import Response

# Only about what, never why. What the rules could not read is about the answers.
ABOUT = {
    "clinical": "how you feel",
    "medication": "your medicines",
    "social": "food and help at home",
    "offer": "what we offered you",
}


@dataclass(frozen=True)
class Told:
    """One promise in words."""

    about: str
    look_by: str
    settle_by: str


def ending(asked: Asked, response: Response, at: datetime) -> dict[str, object]:
    """What the last page tells: the same however often it is opened."""
    promised = promises(response)
    return {
        "promises": [_told(each, at) for each in promised],
        "last_by": moment(max(each.settle_by for each in promised), at) if promised else "",
        "emergency": gravest(asked),
        "next_on": _next_on(asked, at),
        "receipt": _receipt(response.pk),
    }


def _told(promise: Promise, at: datetime) -> Told:
    about = ABOUT.get(promise.kind, "your answers")
    return Told(about, moment(promise.look_by, at), moment(promise.settle_by, at))


def gravest(asked: Asked) -> EmergencyText | None:
    """The emergency words once more, for somebody who went on past them."""
    form = asked.pack.questionnaire
    raised = (
        form.emergency(item, asked.answers.get(item.link_id))
        for item in form.visible(asked.answers)
    )
    return max((each for each in raised if each), key=lambda each: each.call, default=None)


def _next_on(asked: Asked, at: datetime) -> str:
    """The day of the next asking; empty when it is past, or nobody asks again."""
    next_on = asked.pack.cadence.next_after(asked.checkin.due_on)
    if next_on is None:
        return ""
    due = datetime.combine(next_on, time(12), LOCAL)
    return day(due, at) if due.date() > at.astimezone(LOCAL).date() else ""


def _receipt(response_id: UUID) -> str:
    """Short enough to read out on the phone; the same for every repeat of the sending."""
    text = response_id.hex[:8].upper()
    return f"{text[:4]} {text[4:]}"
