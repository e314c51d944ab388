"""Reading messages: what was sent to a person, and why one may not go at this moment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from openprotect.base.planning import by_index
from openprotect.messages.models import Message, Notice, Outage, Pause, Reply
from openprotect.messages.rules import (
    CALL,
    EMAIL,
    LETTER,
    TEXT,
    NotNow,
    next_opening,
    next_way,
)
from openprotect.packs.channels import ChannelPlan
from openprotect.people.models import Person
from openprotect.people.queries import said_by
from openprotect.people.rules import Said, as_preferred, has_agreed, refuses
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of

WAITING = [Message.Status.DUE, Message.Status.SENDING]
MISSING = {
    TEXT: "no mobile number",
    EMAIL: "no e-mail address",
    LETTER: "no postal address",
    CALL: "no phone number",
}
# What somebody asked for a moment ago: that we stopped, that we start again, who we are.
ANSWERS_TO_THEM = frozenset({Message.Kind.STOPPED, Message.Kind.STARTED, Message.Kind.HELP})
OF_A_CHECKIN = frozenset({Message.Kind.INVITE, Message.Kind.REMINDER})
ENDED = "the legal basis has ended"
REFUSED_SO = "the person does not want it this way"


def of_person(person_id: UUID) -> QuerySet[Message]:
    return Message.objects.filter(person_id=person_id).order_by("-made_at", "id")


def address_of(person: Person, way: str) -> str:
    """Where a way reaches a person; empty when they have no such thing."""
    if way == TEXT:
        return person.mobile
    if way == EMAIL:
        return person.email
    if way == LETTER:
        return "\n".join(each for each in (person.address, person.postcode) if each)
    return person.mobile or person.landline


def is_running(programme: Programme) -> bool:
    return programme.status == Programme.Status.LIVE and programme.sending_stopped_at is None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a message stands at the moment of sending: whose it is, where to, and why it may not go.

    `because` is empty when nothing stands against it; `language` is the one they read.
    """

    nhs_number: str
    to: str
    language: str
    because: str


# A refusal of theirs that holds for this way and this programme.
REFUSED = """
EXISTS (SELECT FROM people_choice o
         WHERE o.person_id = m.person_id AND o.answer = 'REFUSED' AND o.ended_at IS NULL
           AND o.way IN ('', m.channel)
           AND (o.programme_id IS NULL OR o.programme_id = m.programme_id))
"""
STANDINGS = f"""
SELECT s.id, coalesce(s.nhs_number, ''), coalesce(s.address, ''), coalesce(s.language, ''), CASE
       WHEN s.nhs_number IS NULL THEN %(ended)s
       WHEN s.died_on IS NOT NULL THEN 'the person has died'
       WHEN s.is_restricted THEN 'the person''s record is restricted'
       WHEN s.has_stopped_contact AND NOT s.answers_them THEN 'the person asked us to stop'
       WHEN s.address = '' THEN %(missing)s::jsonb ->> s.channel
       WHEN NOT s.is_running THEN 'the programme is not running'
       WHEN NOT s.answers_them AND s.is_refused THEN %(refused)s
       ELSE '' END
  FROM (SELECT m.id, m.channel, p.nhs_number, p.language, p.died_on, p.is_restricted,
               p.has_stopped_contact, m.kind = ANY (%(answers)s) AS answers_them,
               {REFUSED} AS is_refused,
               g.status = 'LIVE' AND g.sending_stopped_at IS NULL AS is_running,
               CASE m.channel WHEN 'TEXT' THEN p.mobile WHEN 'EMAIL' THEN p.email
                    WHEN 'LETTER' THEN concat_ws(E'\n', nullif(p.address, ''),
                                                 nullif(p.postcode, ''))
                    ELSE coalesce(nullif(p.mobile, ''), p.landline) END AS address
          FROM messages_message m JOIN programmes_programme g ON g.id = m.programme_id
          LEFT JOIN LATERAL (
               SELECT * FROM people_person q WHERE q.id = m.person_id OFFSET 0) p ON true
         WHERE m.id = ANY (%(ids)s)) s
"""  # noqa: S608 - a statement of our own


def standings(messages: Sequence[Message]) -> dict[UUID, Standing]:
    """Why each of these may never go: asked at the moment of sending, not when it was made due."""
    if not messages:
        return {}
    asked: dict[str, Any] = {
        "ids": [each.pk for each in messages],
        "answers": list(ANSWERS_TO_THEM),
        "missing": json.dumps(MISSING),
        "ended": ENDED,
        "refused": REFUSED_SO,
    }
    with connection.cursor() as cursor:
        cursor.execute(STANDINGS, asked)
        return {message_id: Standing(*rest) for message_id, *rest in cursor.fetchall()}


STILL_WANTED = f"""
SELECT m.id FROM messages_message m
  JOIN programmes_programme g ON g.id = m.programme_id AND g.status = 'LIVE'
   AND g.sending_stopped_at IS NULL
 CROSS JOIN LATERAL (SELECT * FROM people_person q WHERE q.id = m.person_id OFFSET 0) p
 WHERE m.id = ANY (%(ids)s) AND m.status = 'SENDING'
   AND p.died_on IS NULL AND NOT p.is_restricted
   AND m.attempts = (%(attempts)s::jsonb ->> m.id::text)::int
   AND (m.kind = ANY (%(answers)s) OR NOT (p.has_stopped_contact OR {REFUSED}))
"""  # noqa: S608 - a statement of our own


def still_wanted(messages: Sequence[Message]) -> set[UUID]:
    """Which claimed messages are still ours to send, and nobody has said stop: one question.

    A worker that was stopped for a minute asks here. What it no longer holds another one has; what
    is no longer wanted stays under its lease, and is looked at again when that ends.
    """
    asked: dict[str, Any] = {
        "ids": [each.pk for each in messages],
        "attempts": json.dumps({str(each.pk): each.attempts for each in messages}),
        "answers": list(ANSWERS_TO_THEM),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        by_index()
        cursor.execute(STILL_WANTED, asked)
        return {message_id for (message_id,) in cursor.fetchall()}


def not_now(message: Message, at: datetime) -> NotNow | None:
    """Whether people sleep now. Who wrote to us a moment ago is awake, and a call has its own."""
    if message.kind in ANSWERS_TO_THEM or message.channel in (LETTER, CALL):
        return None
    plan = pack_of(message.programme).channels
    until = next_opening(at, from_=plan.send_from, until=plan.send_until)
    return NotNow(until, "outside the hours for writing") if until else None


def held_back(at: datetime, *, most: int) -> tuple[Q, int]:
    """What waits now although it is due, and how many of the rest may be taken at once.

    A way that takes no more waits, and a programme that has invited as many as calls can follow.
    """
    held = Q(programme__sending_stopped_at__isnull=False)
    held |= Q(
        channel__in=list(Pause.objects.filter(until__gt=at).values_list("channel", flat=True))
    )
    for programme in live_programmes():
        an_hour = pack_of(programme).channels.invitations_an_hour
        if an_hour is None:
            continue
        left = an_hour - _invited_lately(programme, at)
        if left > 0:
            most = min(most, left)
        else:
            held |= Q(programme=programme, kind=Message.Kind.INVITE)
    return held, most


def _invited_lately(programme: Programme, at: datetime) -> int:
    lately = Message.objects.filter(
        programme=programme, kind=Message.Kind.INVITE, sent_at__gt=at - timedelta(hours=1)
    )
    return lately.count()


def sent_within(at: datetime, span: timedelta) -> int:
    """How many went to providers in a span of time, for keeping to their limits."""
    sent = Message.objects.filter(sent_at__gt=at - span).exclude(channel=CALL)
    return sent.count()


def way_to(
    person: Person, programme: Programme, *, tried: frozenset[str], carried: frozenset[str]
) -> str:
    """The next way to a person by the programme's plan and their own choices; empty for none.

    A way is closed when they refused it or have no address for it, when it needs an agreement that
    they did not give, and when this installation does not carry it.
    """
    plan, said = pack_of(programme).channels, said_by(person.pk)
    order = as_preferred([each.upper() for each in plan.order], said, programme.pk)
    closed = {way for way in order if _is_closed(way, person, programme, plan, said, carried)}
    return next_way(order, tried=tried, closed=closed)


def _is_closed(
    way: str,
    person: Person,
    programme: Programme,
    plan: ChannelPlan,
    said: tuple[Said, ...],
    carried: frozenset[str],
) -> bool:
    if way != CALL and way not in carried:
        return True
    if refuses(said, way, programme.pk) or not address_of(person, way):
        return True
    return way.lower() in plan.needs_agreement and not has_agreed(said, way, programme.pk)


def ways_tried(subject_id: UUID, kind: Message.Kind) -> frozenset[str]:
    """By which ways something was tried already."""
    tried = Message.objects.filter(subject_id=subject_id, kind=kind)
    return frozenset(tried.values_list("channel", flat=True))


def outages_between(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """When we could not be reached or could not reach people, as far as it falls in a span."""
    touching = Outage.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=start), began_at__lt=end
    ).order_by("began_at", "id")
    return [(max(each.began_at, start), min(each.ended_at or end, end)) for each in touching]


def latest_outages(limit: int = 20) -> QuerySet[Outage]:
    return Outage.objects.order_by("-began_at", "id")[:limit]


def replies_of(person_id: UUID) -> QuerySet[Reply]:
    """What a person wrote back, newest first."""
    return Reply.objects.filter(person_id=person_id).order_by("-sent_at", "id")


def replies_of_nobody() -> QuerySet[Reply]:
    """Texts from numbers that nobody, or more than one person, has: each waits for a person."""
    return Reply.objects.filter(person=None, dealt_with_at=None).order_by("sent_at", "id")


def odd_notices() -> QuerySet[Notice]:
    """What providers posted that fits nothing: listed, never dropped."""
    odd = [
        Notice.Status.STRANGE_ID,
        Notice.Status.OTHER_NUMBER,
        Notice.Status.STRANGE_WORD,
        Notice.Status.UNREADABLE,
    ]
    return Notice.objects.filter(status__in=odd).order_by("-received_at", "id")
