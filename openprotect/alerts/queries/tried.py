"""What was tried for a person until now, newest first, with the notes of those who tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from openprotect.alerts.models import Alert, Handover
from openprotect.calls.models import Attempt
from openprotect.events.models import Event
from openprotect.messages.models import Message
from openprotect.places.models import Team

MOST = 40


@dataclass(frozen=True)
class Happening:
    """One thing that was done or came in: when, what, what was noted, by whom."""

    at: datetime
    what: str
    text: str
    by: str


OF_THE_PERSON = {
    "checkin.missed": "Did not answer the check-in",
    "link.locked": "Could not get into their check-in: five wrong birth dates",
    "person.contact_stopped": "All contact was stopped",
    "person.moved": "Moved to another practice",
    "enrolment.left": "Left the programme",
}
ANSWERED = {"WEB": "Answered online", "PHONE": "Answered by phone"}
TEXTS = {"INVITE": "Text with a check-in", "CLOSED": "Text that something was done"}


def what_was_done(alert: Alert) -> tuple[Happening, ...]:
    """What befell this alert alone; all that somebody may know who only meets the need."""
    found = Event.objects.filter(subject_id=alert.pk).select_related("by").order_by("-id")
    happened = list(found[:MOST])
    in_words = _of_alert(alert, {str(e.detail["team"]) for e in happened if "team" in e.detail})
    return tuple(in_words(each) for each in happened)


def what_was_tried(alert: Alert) -> tuple[Happening, ...]:
    """All that was tried: the alert's own path, check-ins, calls with their notes, and texts."""
    found = [*what_was_done(alert), *_events(alert), *_calls(alert), *_texts(alert)]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:MOST])


def _of_alert(alert: Alert, named: set[str]) -> Callable[[Event], Happening]:
    handovers = {str(each.pk): each.because for each in Handover.objects.filter(alert=alert)}
    teams = {str(each.pk): each.name for each in Team.objects.filter(pk__in=named)}

    def in_words(event: Event) -> Happening:
        detail = {key: str(value) for key, value in event.detail.items()}
        team = teams.get(detail.get("team", ""), "a team")
        what, text = {
            "alert.raised": (f"Alert raised for {team}", ""),
            "alert.accepted": ("Accepted", ""),
            "alert.noted": (STANDS.get(detail.get("standing", ""), "Said again"), ""),
            "alert.not_said_again": ("Answered again, without a word of this", ""),
            "alert.worsened": (f"Worse: offered anew to {team}", ""),
            "alert.declined": (
                f"Declined: offered to {team}",
                handovers.get(detail.get("handover", ""), ""),
            ),
            "alert.offered_anew": ("Whoever accepted it has left: offered anew", ""),
            "alert.climbed": (f"Overdue: put before {_rung(detail)}", ""),
            "alert.reopened": ("Opened again", ""),
            "alert.medicines_noted": ("Who brings their medicines was noted", ""),
            "alert.handed_on": (
                f"Handed to {team}",
                handovers.get(detail.get("handover", ""), detail.get("because", "")),
            ),
            "alert.closed": (f"Closed: {alert.get_outcome_display()}", alert.note),
        }.get(event.name, (event.name, ""))
        return Happening(event.at, what, text, event.by.name if event.by else "")

    return in_words


STANDS = {"ALSO": "Found at the same time", "SAME": "Said again", "BETTER": "Better than before"}


def _rung(detail: Mapping[str, str]) -> str:
    return str(Alert.Rung(int(detail.get("rung", "1"))).label)


def _events(alert: Alert) -> list[Happening]:
    names = [*OF_THE_PERSON, "response.given"]
    found = Event.objects.filter(person_id=alert.person_id, name__in=names).select_related("by")
    return [
        Happening(
            each.at,
            OF_THE_PERSON.get(each.name)
            or ANSWERED.get(str(each.detail.get("channel")), "Answered"),
            "",
            each.by.name if each.by else "",
        )
        for each in found.order_by("-id")[:MOST]
    ]


def _calls(alert: Alert) -> list[Happening]:
    rung = Attempt.objects.filter(person_id=alert.person_id).select_related("by")
    return [
        Happening(each.at, f"Rung: {each.get_outcome_display()}", each.note, each.by.name)
        for each in rung.order_by("-at", "id")[:MOST]
    ]


def _texts(alert: Alert) -> list[Happening]:
    texts = Message.objects.filter(person_id=alert.person_id).order_by("-made_at", "id")
    return [
        Happening(
            each.sent_at or each.made_at,
            f"{TEXTS.get(each.kind, 'Text')}: {each.get_status_display()}",
            each.ended_because,
            "",
        )
        for each in texts[:MOST]
    ]
