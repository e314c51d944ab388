"""The service on one page: after this event, do that.

A step reads the event and writes to our own database only; what leaves the house is a row that a
chore sends. A step's effects and the note that it was done commit together, so that following an
event twice has one effect. `python3 run.py docs` draws this table into docs/pathway.md.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from openprotect.events.models import Event
from openprotect.pathway.steps import (
    add_whom_the_practice_named,
    cancel_a_waiting_call,
    cancel_what_is_planned,
    confirm_a_reported_death,
    evaluate_the_response,
    evaluate_what_was_said_so_far,
    hand_alerts_to_where_they_live_now,
    hand_an_unreached_person_to_a_team,
    have_the_records_tended,
    invite_by_text,
    look_after_an_emergency,
    look_at_conflicting_answers,
    ring_the_locked_out,
    ring_the_silent,
    ring_the_unreached,
    stop_when_asked_by_phone,
    take_back_turns_of_partners,
    tell_the_person,
    weigh_what_was_told_by_phone,
)

Step = Callable[[Event, datetime], None]

PATHWAY: Mapping[str, Sequence[Step]] = {
    "places.imported": [],
    "import.staged": [],
    "import.matched": [],
    "import.shown": [],
    "import.outdated": [have_the_records_tended],
    "import.row_settled": [have_the_records_tended],
    "import.pair_decided": [have_the_records_tended],
    "import.approved": [],
    "import.committed": [],
    "import.refused": [],
    "import.undone": [],
    "pack.published": [],
    "programme.launched": [],
    "programme.adapted": [],
    "programme.adaptation_ended": [],
    "programme.sending_stopped": [],
    "programme.sending_resumed": [],
    "enrolment.found": [],
    "enrolment.found_again": [],
    "enrolment.no_longer_found": [],
    "enrolment.kept": [],
    "preview.reminded": [],
    "enrolment.asked_for": [add_whom_the_practice_named],
    "enrolment.activated": [],
    "enrolment.vetoed": [],
    "enrolment.left": [cancel_what_is_planned],
    "person.contact_stopped": [cancel_what_is_planned, take_back_turns_of_partners],
    "person.renumbered": [],
    "person.moved": [hand_alerts_to_where_they_live_now],
    "checkin.opened": [invite_by_text],
    "checkin.missed": [ring_the_silent],
    "checkin.cancelled": [],
    "checkin.red_flag": [evaluate_what_was_said_so_far],
    "link.locked": [ring_the_locked_out],
    "response.given": [evaluate_the_response, cancel_a_waiting_call],
    "response.conflict": [look_at_conflicting_answers],
    "message.sent": [],
    "message.delivered": [],
    "message.failed": [ring_the_unreached],
    "message.cancelled": [ring_the_unreached],
    "message.unknown": [ring_the_unreached],
    "call.due": [],
    "call.claimed": [],
    "call.put_back": [],
    "call.put_off": [],
    "call.not_reached": [weigh_what_was_told_by_phone],
    "call.done": [
        weigh_what_was_told_by_phone,
        look_after_an_emergency,
        stop_when_asked_by_phone,
    ],
    "call.cancelled": [],
    "call.handed_on": [
        weigh_what_was_told_by_phone,
        hand_an_unreached_person_to_a_team,
        confirm_a_reported_death,
    ],
    "alert.raised": [],
    "alert.accepted": [],
    "alert.handed_on": [],
    "alert.closed": [tell_the_person],
}
