"""Steps done for many events at once: what a step does alone, in a few statements for all.

Each is given ids of events, and gives those for which all is done that its step would do. The
others are followed one by one, so that what is rare is written in one place only: in the step.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings as installation
from django.db import connection

from openprotect.alerts.actions.together import evaluate_calm
from openprotect.calls.actions.together import ask_for_calls, cancel_waiting
from openprotect.calls.models import Call
from openprotect.messages.actions.together import Owed, make_many_due
from openprotect.messages.models import Message
from openprotect.messages.rules import TAKEN_BACK
from openprotect.packs.channels import LETTER_NEEDS_HOURS
from openprotect.pathway import finding, reaching, ringing, steps
from openprotect.pathway.table import Step
from openprotect.people.rules import CALL, TEXT
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of, settings

Together = Callable[[Sequence[int], datetime], set[int]]

# Looked up first, whatever the planner thinks: from the people it would go through everybody.
HAPPENED = "(SELECT id, subject_id, person_id FROM events_event WHERE id = ANY (%s) OFFSET 0)"
RUNG = """
EXISTS (SELECT FROM calls_call k WHERE k.person_id = c.person_id
         AND k.programme_id = c.programme_id AND k.status IN ('WAITING', 'CLAIMED'))
"""
# The last so many askings of each, newest first, that were answered or missed; how many of them
# were missed before one was answered. A call that is open already makes another one needless.
SILENT = f"""
SELECT v.id, c.id, n.practice_id, c.programme_id,
       CASE WHEN {RUNG} THEN NULL ELSE (SELECT count(*) FROM (
            SELECT bool_and(l.status = 'MISSED') OVER (ORDER BY l.due_on DESC, l.id) AS silent
              FROM (SELECT s.status, s.due_on, s.id FROM checkins_checkin s
                     WHERE s.enrolment_id = c.enrolment_id
                       AND s.status IN ('MISSED', 'ANSWERED', 'PARTLY')
                     ORDER BY s.due_on DESC, s.id LIMIT %s) l) n WHERE n.silent) END
  FROM {HAPPENED} v JOIN checkins_checkin c ON c.id = v.subject_id
  JOIN enrolments_enrolment n ON n.id = c.enrolment_id
"""  # noqa: S608 - a statement of our own
# Check-ins of a programme that have opened, of people who never said a word of how they are
# reached, each with the first of the ways that leads to them.
FIRST_WAY = f"""
SELECT v.id, c.id, c.person_id, c.programme_id, coalesce((
       SELECT w.way FROM unnest(%s::text[]) WITH ORDINALITY AS w (way, turn)
        WHERE CASE w.way WHEN 'TEXT' THEN p.mobile <> '' WHEN 'EMAIL' THEN p.email <> ''
                         WHEN 'LETTER' THEN (p.address <> '' OR p.postcode <> '')
                                            AND c.closes_at >= %s
                         ELSE p.mobile <> '' OR p.landline <> '' END
        ORDER BY w.turn LIMIT 1), 'TEXT')
  FROM {HAPPENED} v JOIN checkins_checkin c ON c.id = v.subject_id
 CROSS JOIN LATERAL (SELECT * FROM people_person q WHERE q.id = c.person_id OFFSET 0) p
 WHERE c.programme_id = %s
   AND NOT EXISTS (SELECT FROM people_choice o WHERE o.person_id = p.id AND o.ended_at IS NULL)
 ORDER BY v.id
"""  # noqa: S608 - a statement of our own
# Messages that did not arrive, of those to whom no other way but a call can lead: whether one is
# open already, and the check-in a new one is about.
NOT_REACHED = f"""
SELECT v.id, c.id, CASE
       WHEN m.kind <> 'INVITE' OR c.status NOT IN ('OPEN', 'MISSED')
            OR (m.status = 'CANCELLED' AND NOT m.ended_because = ANY (%s)) THEN 'NOTHING'
       WHEN c.programme_id = ANY (%s) AND NOT EXISTS (SELECT FROM people_choice o
            WHERE o.person_id = c.person_id AND o.ended_at IS NULL)
       THEN CASE WHEN {RUNG} THEN 'NOTHING' ELSE 'RING' END
       ELSE 'ALONE' END
  FROM {HAPPENED} v JOIN messages_message m ON m.id = v.subject_id
  LEFT JOIN checkins_checkin c ON c.id = m.subject_id AND m.kind IN ('INVITE', 'REMINDER')
"""  # noqa: S608 - a statement of our own
# Whoever can be rung, may not be contacted, is looked for already or left needs no ladder.
NO_LADDER = f"""
SELECT v.id FROM {HAPPENED} v JOIN messages_message m ON m.id = v.subject_id
  LEFT JOIN people_person p ON p.id = m.person_id
 WHERE (p.id IS NULL OR p.mobile <> '' OR p.landline <> '' OR p.died_on IS NOT NULL
        OR p.is_restricted OR p.has_stopped_contact
        OR EXISTS (SELECT FROM contacts_unreached u WHERE u.person_id = m.person_id
                    AND u.programme_id = m.programme_id AND u.status = 'OPEN')
        OR NOT EXISTS (SELECT FROM enrolments_enrolment e WHERE e.person_id = m.person_id
                        AND e.programme_id = m.programme_id AND e.status = 'ACTIVE'))
"""  # noqa: S608 - a statement of our own
ON_NO_LADDER = """
SELECT v.id FROM events_event v WHERE v.id = ANY (%s) AND v.person_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM contacts_unreached u
                    WHERE u.person_id = v.person_id AND u.status = 'OPEN')
"""
# Calls that ended with the last answer given, and so with a response of their own.
GONE_THROUGH = f"""
SELECT v.id FROM {HAPPENED} v JOIN calls_call k ON k.id = v.subject_id
  JOIN checkins_checkin c ON c.id = k.checkin_id
 WHERE c.status = 'ANSWERED'
"""  # noqa: S608 - a statement of our own
# Calls that ended in another way than the one that a step is there for.
ENDED_OTHERWISE = """
SELECT id FROM events_event
 WHERE id = ANY (%s) AND coalesce(detail ->> 'outcome', '') <> ALL (%s)
"""
RANK_ANEW = """
UPDATE calls_call SET ranked_at = NULL
 WHERE status = 'WAITING' AND ranked_at IS NOT NULL
   AND person_id IN (SELECT person_id FROM events_event WHERE id = ANY (%s))
"""
# Of whoever has a mobile and never said a word of how they are reached: a text tells them.
CLOSED = f"""
SELECT v.id, a.person_id, a.programme_id, a.id FROM {HAPPENED} v
  JOIN alerts_alert a ON a.id = v.subject_id JOIN people_person p ON p.id = a.person_id
 WHERE a.programme_id = ANY (%s) AND p.mobile <> ''
   AND NOT EXISTS (SELECT FROM people_choice o WHERE o.person_id = p.id AND o.ended_at IS NULL)
 ORDER BY v.id
"""  # noqa: S608 - a statement of our own
# What came back, and was no letter, or was taken back by ourselves.
NO_LETTER = f"""
SELECT v.id FROM {HAPPENED} v JOIN messages_message m ON m.id = v.subject_id
 WHERE (m.channel <> 'LETTER' OR m.ended_because = %s)
"""  # noqa: S608 - a statement of our own
# Ladders that ended with what asks nothing more of us.
NOTHING_TO_DO = f"""
SELECT v.id FROM {HAPPENED} v JOIN contacts_unreached u ON u.id = v.subject_id
 WHERE u.ended_as NOT IN ('DETAILS', 'DIED', 'MOVED')
"""  # noqa: S608 - a statement of our own
WHOSE = """
SELECT id, person_id, programme_id FROM events_event
 WHERE id = ANY (%s) AND person_id IS NOT NULL AND programme_id IS NOT NULL
"""
SUBJECTS = "SELECT id, subject_id FROM events_event WHERE id = ANY (%s)"
MOST_MISSES = 60  # as far back as anybody counts


def invite_many(events: Sequence[int], at: datetime) -> set[int]:
    """For each check-in that has opened, a message by the plan's first way that reaches them.

    Whoever ever chose how they are reached is looked at by themselves.
    """
    done: set[int] = set()
    for programme in live_programmes():
        ways, in_time = _open_ways(programme), at + timedelta(hours=LETTER_NEEDS_HOURS)
        found = _asked(FIRST_WAY, ways, in_time, list(events), programme.pk)
        done |= {event for event, *_ in found}
        owed = [Owed(who, which, what, way) for _, what, who, which, way in found]
        make_many_due(Message.Kind.INVITE, owed, at=at)
    return done


def _open_ways(programme: Programme) -> list[str]:
    """The ways of a programme's plan, in turn, that are open to whoever never spoke of them."""
    plan, carried = pack_of(programme).channels, installation.OPENPROTECT.carried
    return [
        each.upper()
        for each in plan.order
        if each not in plan.needs_agreement and (each.upper() == CALL or each.upper() in carried)
    ]


def ring_who_is_silent(events: Sequence[int], at: datetime) -> set[int]:
    """Too few misses for a call, or somebody is to ring already; for the others a call is due."""
    alike = [each for each in live_programmes() if not pack_of(each).bands]
    threshold = {each.pk: settings(each, "misses_before_call", at=at) for each in alike}
    most = max((each.most() for each in threshold.values()), default=MOST_MISSES)
    done, silent = set(), {}
    for event, checkin, practice, programme, misses in _asked(SILENT, most, list(events)):
        if misses is None:
            done.add(event)
        elif programme in threshold:
            if misses < threshold[programme].number(practice):
                done.add(event)
            else:
                silent[checkin] = event
    return done | _rung(silent, Call.Why.SILENT, at)


def _rung(events: Mapping[UUID, int], why: Call.Why, at: datetime) -> set[int]:
    settled = ask_for_calls(list(events), why, at=at) if events else set()
    return {events[checkin] for checkin in settled}


def ring_who_was_not_reached(events: Sequence[int], at: datetime) -> set[int]:
    """Where the plan leads from a text to a call only: one is open already, or is due now."""
    by_phone = [each.pk for each in live_programmes() if set(_open_ways(each)) <= {TEXT, CALL}]
    missed = sorted(reaching.MISSED_THEM)
    done, to_ring = set(), {}
    for event, checkin, then in _asked(NOT_REACHED, missed, by_phone, list(events)):
        if then == "NOTHING":
            done.add(event)
        elif then == "RING":
            to_ring[checkin] = event
    return done | _rung(to_ring, Call.Why.NOT_REACHED, at)


def leave_who_needs_no_ladder(events: Sequence[int], at: datetime) -> set[int]:
    """Somebody can ring them, or looks for them already."""
    return _ids(NO_LADDER, events)


def leave_who_is_on_no_ladder(events: Sequence[int], at: datetime) -> set[int]:
    """Nobody looks for them, so nobody has to be told that they were reached."""
    return _ids(ON_NO_LADDER, events)


def leave_what_was_no_letter(events: Sequence[int], at: datetime) -> set[int]:
    """A text that could not be delivered says nothing of an address."""
    return _ids(NO_LETTER, events, TAKEN_BACK)


def leave_what_ended_well(events: Sequence[int], at: datetime) -> set[int]:
    """They were reached or seen, or are not looked for any more."""
    return _ids(NOTHING_TO_DO, events)


def cancel_waiting_calls(events: Sequence[int], at: datetime) -> set[int]:
    """They have answered: nobody needs to ring."""
    whose = _asked(WHOSE, list(events))
    cancel_waiting([(who, which) for _, who, which in whose], because="answered", at=at)
    return {event for event, *_ in whose}


def evaluate_many(events: Sequence[int], at: datetime) -> set[int]:
    """Put the answers to the rules; what raises nothing is settled for all in one go."""
    of = {subject: event for event, subject in _asked(SUBJECTS, list(events))}
    return {of[response] for response in evaluate_calm(list(of), at=at)}


def leave_who_went_through(events: Sequence[int], at: datetime) -> set[int]:
    """What was answered by phone has been put to the rules with the rest."""
    return _ids(GONE_THROUGH, events)


def _unless(outcomes: Sequence[str]) -> Together:
    def leave(events: Sequence[int], at: datetime) -> set[int]:
        return {event for (event,) in _asked(ENDED_OTHERWISE, list(events), list(outcomes))}

    return leave


def rank_their_calls_anew(events: Sequence[int], at: datetime) -> set[int]:
    """The waiting calls of all of these people are ranked anew."""
    with connection.cursor() as cursor:
        cursor.execute(RANK_ANEW, [list(events)])
    return set(events)


def tell_many(events: Sequence[int], at: datetime) -> set[int]:
    """Everybody hears that something was done: by text, where that is the plan's first way."""
    by_text = [each.pk for each in live_programmes() if _open_ways(each)[:1] == [TEXT]]
    found = _asked(CLOSED, list(events), by_text)
    owed = [Owed(who, which, alert) for _, who, which, alert in found]
    make_many_due(Message.Kind.CLOSED, owed, at=at)
    return {event for event, *_ in found}


def _ids(statement: str, events: Sequence[int], *more: str) -> set[int]:
    return {event for (event,) in _asked(statement, list(events), *more)}


def _asked(statement: str, *values: object) -> Iterable[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]
        return list(cursor.fetchall())


TOGETHER: Mapping[Step, Together] = {
    reaching.invite: invite_many,
    reaching.reach_another_way: ring_who_was_not_reached,
    steps.evaluate_the_response: evaluate_many,
    steps.ring_the_silent: ring_who_is_silent,
    steps.cancel_a_waiting_call: cancel_waiting_calls,
    steps.weigh_what_was_told_by_phone: leave_who_went_through,
    ringing.look_after_an_emergency: _unless(ringing.EMERGENCY),
    ringing.raise_a_safeguarding_concern: _unless(ringing.HARM),
    ringing.stop_when_asked_by_phone: _unless(ringing.ASKED_TO_STOP),
    ringing.confirm_a_reported_death: _unless(ringing.REPORTED_DEAD),
    ringing.rank_their_call_anew: rank_their_calls_anew,
    steps.tell_the_person: tell_many,
    steps.end_the_ladder: leave_who_is_on_no_ladder,
    steps.start_the_ladder_without_phone: leave_who_needs_no_ladder,
    finding.start_the_ladder_of_a_returned_letter: leave_what_was_no_letter,
    finding.act_on_what_was_found: leave_what_ended_well,
}
