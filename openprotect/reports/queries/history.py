"""What happened to one person in a programme, newest first, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from openprotect.events.models import Event

MOST = 50

# Every event that the pathway knows, as the reader of a history says it.
WORDS: Mapping[str, str] = {
    "places.imported": "Practices and teams were brought up to date",
    "import.staged": "Records were read, and nothing taken yet",
    "import.matched": "The rows were matched against the records",
    "import.shown": "Somebody looked at what it would change",
    "import.outdated": "The records changed: it must be matched again",
    "import.row_settled": "A held row was settled",
    "import.pair_decided": "Somebody decided whether two records are of one person",
    "import.approved": "The import was approved",
    "import.committed": "The import was taken",
    "import.refused": "The import was refused",
    "import.undone": "The import was undone",
    "pack.edited": "A draft of the programme was changed",
    "pack.rehearsal_asked": "A draft was put to the answers of the last days",
    "pack.checked": "A draft of the programme was checked",
    "pack.abandoned": "A draft of the programme was given up",
    "pack.signed": "A draft of the programme was signed",
    "pack.published": "A version of the programme was published",
    "programme.launched": "The programme was launched",
    "programme.paused": "The programme was paused",
    "programme.closed": "The programme was closed",
    "programme.restarted": "The programme goes on",
    "programme.adapted": "A locality changed a setting",
    "programme.adaptation_ended": "A locality went back to the central setting",
    "programme.sending_stopped": "Sending was stopped",
    "programme.sending_resumed": "Sending was resumed",
    "enrolment.found": "Found by the rules of the programme",
    "enrolment.found_again": "Found again by the rules of the programme",
    "enrolment.no_longer_found": "No longer found by the rules: the practice decides",
    "enrolment.kept": "No longer found, and kept by the practice",
    "preview.reminded": "The practice was reminded of its deadline",
    "enrolment.asked_for": "The practice asked to add a patient",
    "enrolment.activated": "Came into the programme",
    "enrolment.vetoed": "The practice decided: do not contact",
    "enrolment.left": "Left the programme",
    "person.contact_stopped": "All contact was stopped",
    "choice.made": "They said how they want to be reached, or not",
    "choice.ended": "They want to be reached this way again",
    "need.recorded": "What they need to understand us was recorded",
    "need.ended": "They do not need this any more",
    "need.reviewed": "Still needs the same to understand us",
    "wish.made": "They asked us for something",
    "outage.noted": "The service or its messages were down",
    "outage.ended": "Messages could be sent again",
    "person.renumbered": "Their NHS number was replaced by another one",
    "person.said_alive": "Somebody said that they are alive",
    "person.alive": "Alive: the death was a mistake",
    "enrolment.came_back": "Is in the programme again as before",
    "person.moved": "Moved to another practice",
    "checkin.opened": "A check-in opened",
    "checkin.partly": "The check-in was answered in part",
    "checkin.excused": "The check-in does not count",
    "person.excused": "Is not asked for a while",
    "person.back": "Can be asked again",
    "rhythm.chosen": "Is asked at other times than the others",
    "checkin.missed": "The check-in was not answered",
    "checkin.cancelled": "The check-in was cancelled",
    "checkin.red_flag": "Said something urgent",
    "link.locked": "Five wrong birth dates: the link was locked",
    "response.given": "Answered the check-in",
    "response.conflict": "Different answers came in a second time",
    "message.sent": "A message was sent",
    "message.turn_to_ring": "It was their turn to be rung",
    "message.delivered": "The message arrived",
    "message.failed": "The message could not be delivered",
    "message.cancelled": "The message was not sent",
    "message.unknown": "It is not known whether the message was sent",
    "notice.odd": "A provider posted something that fits nothing",
    "reply.read": "Somebody wrote back from their phone",
    "reply.dealt_with": "A text from an unknown number was dealt with",
    "call.due": "A call became due",
    "call.assigned": "A supervisor gave the call to a call handler",
    "call.spilled": "The call was beyond the day's staff, and a team owns it",
    "call.claimed": "A call handler took the call",
    "call.put_back": "The call went back to the queue",
    "call.put_off": "Not rung yet: another body was in contact",
    "call.not_reached": "Rung, and not reached",
    "call.agreed": "Spoken to, and rung again as agreed",
    "call.done": "Spoken to by phone",
    "call.cancelled": "The call was no longer needed",
    "call.handed_on": "The call was handed to a team",
    "unreached.reported": "Somebody said that they cannot be reached",
    "unreached.opened": "Could not be reached: somebody looks for another way",
    "unreached.climbed": "Still not reached: the next step was begun",
    "unreached.ended": "No longer looked for",
    "precaution.set": "What to mind before contact was written down",
    "precaution.reviewed": "What to mind before contact is still right",
    "precaution.ended": "Something need not be minded any more",
    "alert.raised": "An alert was raised",
    "alert.noted": "The need was found again, and noted on the open alert",
    "alert.not_said_again": "Answered again, without a word of the open need",
    "alert.worsened": "It is worse: the alert is more urgent, and was offered anew",
    "alert.accepted": "The alert was accepted",
    "alert.declined": "The alert was declined, and offered to the next team",
    "alert.offered_anew": "Whoever had accepted the alert has left: it was offered anew",
    "alert.climbed": "The alert is overdue, and was put before the next above",
    "alert.handed_on": "The alert was handed to another team",
    "alert.closed": "The alert was closed",
    "alert.help_answered": "Said whether what was done had helped",
    "alert.reopened": "The need was opened again",
    "alert.medicines_noted": "Who brings their medicines was noted",
    "procedure.written": "A locality wrote how it works a kind of alert",
    "referral.offered": "Another organisation was asked to help",
    "referral.accepted": "Another organisation takes it on",
    "referral.held": "Another organisation put it on hold",
    "referral.done": "Another organisation said what came of it",
    "referral.declined": "Another organisation cannot help",
    "referral.withdrawn": "What was asked of another organisation was taken back",
    "notice.sent": "Another organisation was told of its task",
    "notice.failed": "Another organisation could not be told of its task",
    "notice.cancelled": "Another organisation need not be told any more",
    "document.made": "A document for the practice was written",
    "document.sent": "The document was sent to the practice",
    "document.accepted": "The practice's system took the document in",
    "document.refused": "The practice's system refused the document",
    "document.failed": "The document could not be sent",
    "mailbox.set": "A team said where it is reached",
    "rota.set": "A team's rota was set",
    "ability.noted": "It was noted what a call handler can do",
    "queue.paused": "A call handler's queue was paused",
    "queue.resumed": "A call handler is given calls again",
    "loan.offered": "A call handler was offered to another organisation",
    "loan.accepted": "A call handler was taken on loan",
    "loan.declined": "A loan of a call handler was declined",
    "loan.withdrawn": "The offer of a call handler was taken back",
    "loan.returned": "A call handler was returned early",
    "shifts.brought": "Shifts of the call floor were planned",
    "call.coached": "A supervisor who listened in wrote to the call handler",
    "call.reviewed": "A supervisor looked at an ended call",
    "sheet.printed": "Calls were printed for a day without network",
    "sheet.given_back": "Calls of a printed sheet went back to the queue",
    "paper.conflict": "What was written on paper met a call that had gone on elsewhere",
    "paper.asked": "A team was asked to look at what was written on paper",
    "paper.looked_at": "Somebody looked at what was written on paper",
    "team.undertook": "A team said which needs it takes",
    "practice.paused": "A practice paused: its patients are not asked",
    "practice.went_on": "A practice's patients are asked again",
    "hours.set": "A team's hours were changed",
    "day.set": "A team said who is there on one day",
    "note.written": "A note was written to a team",
    "wording.changed": "The words of a reminder were changed",
    "feedback.given": "Somebody said what could be better",
    "feedback.answered": "What somebody said was answered",
}


@dataclass(frozen=True)
class Happened:
    """One thing that happened, when, and by whom if by someone."""

    at: datetime
    what: str
    by: str


@dataclass(frozen=True)
class History:
    """The latest of what happened, and how much more there is."""

    latest: tuple[Happened, ...]
    earlier: int


def history(person_id: UUID, programme_id: UUID) -> History:
    """What happened to a person in a programme, as far as the database shows it."""
    found = Event.objects.filter(
        Q(programme_id=programme_id) | Q(programme_id=None), person_id=person_id
    )
    rows = list(found.select_related("by").order_by("-id")[: MOST + 1])
    earlier = found.count() - MOST if len(rows) > MOST else 0
    return History(
        tuple(
            Happened(each.at, WORDS.get(each.name, each.name), each.by.name if each.by else "")
            for each in rows[:MOST]
        ),
        earlier,
    )
