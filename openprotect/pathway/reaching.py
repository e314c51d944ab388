"""By which way a person is reached: the plan's first, what comes after it, and what they chose."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from openprotect.alerts import actions as alerts
from openprotect.alerts.actions import Concern
from openprotect.alerts.rules import DATA
from openprotect.calls import actions as calls
from openprotect.calls.models import Call
from openprotect.checkins.chores import excuse_past
from openprotect.checkins.models import Checkin
from openprotect.checkins.queries import misses_in_a_row
from openprotect.contacts.rules import UNSAFE
from openprotect.enrolments.models import Enrolment
from openprotect.events.models import Event
from openprotect.messages import actions as messages
from openprotect.messages.models import Message, Reply
from openprotect.messages.queries import MISSING, REFUSED_SO, way_to, ways_tried
from openprotect.messages.rules import TAKEN_BACK
from openprotect.packs.channels import LETTER_NEEDS_HOURS, NEXT
from openprotect.pathway.contacting import (
    UNANSWERED,
    cancel_planned,
    misses_before_call,
    ring,
)
from openprotect.people import actions as people
from openprotect.people.actions import choosing
from openprotect.people.models import Choice, Need, Person, Wish
from openprotect.people.rules import ALL, CALL, LETTER, TEXT
from openprotect.programmes.queries import pack_of

# Being told later that a message was not wanted any more is no reason to try another way.
MISSED_THEM = frozenset({*MISSING.values(), REFUSED_SO, UNSAFE})


def invite(event: Event, at: datetime) -> None:
    """A check-in has opened: by the first way that reaches this person, an invitation is due."""
    checkin = _checkin(event)
    person = Person.objects.filter(pk=checkin.person_id).first()
    way = _next_way(checkin, person, tried=frozenset(), at=at) if person else ""
    _make_due(Message.Kind.INVITE, checkin, way or TEXT, at)


def reach_another_way(event: Event, at: datetime) -> None:
    """An invitation that did not arrive goes the next way of the plan; the last one is a call."""
    message = Message.objects.get(pk=event.subject_id)
    if message.kind != Message.Kind.INVITE or message.ended_because == TAKEN_BACK:
        return
    is_cancelled = message.status == Message.Status.CANCELLED
    if is_cancelled and message.ended_because not in MISSED_THEM:
        return
    checkin = _checkin_of(message.subject_id)
    person = Person.objects.filter(pk=checkin.person_id).first()
    if checkin.status not in UNANSWERED or person is None:
        return
    plan = pack_of(checkin.programme).channels
    then = plan.when_missing if is_cancelled else plan.when_undelivered
    tried = ways_tried(checkin.pk, Message.Kind.INVITE)
    way = _next_way(checkin, person, tried=tried, at=at) if then == NEXT else CALL
    if way and way != CALL and checkin.status == Checkin.Status.OPEN:
        _make_due(Message.Kind.INVITE, checkin, way, at)
    else:
        ring(checkin, Call.Why.NOT_REACHED, at=at)


def ring_when_it_is_the_turn(event: Event, at: datetime) -> None:
    """For somebody who is asked by phone, what was due was a call."""
    if event.detail.get("channel") == CALL:
        checkin = _checkin_of(Message.objects.get(pk=event.subject_id).subject_id)
        if checkin.status in UNANSWERED:
            ring(checkin, Call.Why.BY_PHONE, at=at)


def follow_their_choice(event: Event, at: datetime) -> None:
    """What somebody refused is not planned any more. Open alerts, and what they need, stay."""
    choice = Choice.objects.get(pk=event.subject_id)
    if choice.answer != Choice.Answer.REFUSED:
        return
    if choice.way == ALL and choice.programme_id is None:
        person = Person.objects.get(pk=choice.person_id)
        people.stop_contact(person, because=f"asked {choice.get_via_display()}", at=at)
    elif choice.way == ALL:
        cancel_planned(choice.person_id, choice.programme_id, at=at)
    elif choice.way == CALL:
        because = "refused calls"
        calls.cancel_open(choice.person_id, choice.programme_id, because=because, at=at)


def excuse_what_an_outage_explains(event: Event, at: datetime) -> None:
    """What was missed while we were down does not count, and whom we would ring for it, we do not.

    Whoever has been silent for longer than that is rung all the same.
    """
    for enrolment_id in set(excuse_past(event.subject_id, at=at)):
        enrolment = Enrolment.objects.select_related("programme", "practice").get(pk=enrolment_id)
        if misses_in_a_row(enrolment_id) < misses_before_call(enrolment, at=at):
            calls.cancel_open(
                enrolment.person_id,
                enrolment.programme_id,
                because="our outage",
                only=Call.Why.SILENT,
                at=at,
            )


def grant_the_wish(event: Event, at: datetime) -> None:
    """Somebody asked to be rung, or told us a new number: that is done."""
    wish = Wish.objects.get(pk=event.subject_id)
    choosing.grant(wish, at=at)
    if wish.kind != Wish.Kind.CALL:
        return
    asked = Checkin.objects.filter(person_id=wish.person_id)
    if event.programme_id:
        asked = asked.filter(programme_id=event.programme_id)
    latest = asked.select_related("enrolment").order_by("-due_on", "id").first()
    if latest:
        calls.ask_for_call(latest, Call.Why.ASKED, at=at)


def write_in_their_language(event: Event, at: datetime) -> None:
    """Somebody asked for another language: from now on we write in it, where the pack can."""
    need = Need.objects.get(pk=event.subject_id)
    if need.kind == Need.Kind.LANGUAGE:
        Person.objects.filter(pk=need.person_id).update(language=need.language)


def look_at_what_they_wrote(event: Event, at: datetime) -> None:
    """Words by text are a concern that a person reads: at once where they sound like an emergency.

    Who holds the phone is not known, so the alert says no more than that.
    """
    reply = Reply.objects.get(pk=event.subject_id)
    if not (reply.person_id and reply.programme_id) or reply.meaning not in FOR_A_PERSON:
        return
    enrolled = Enrolment.objects.filter(person_id=reply.person_id, programme_id=reply.programme_id)
    enrolment = enrolled.select_related("programme").order_by("id").first()
    if enrolment is None:
        return
    is_urgent = reply.meaning == Reply.Meaning.EMERGENCY
    alerts.raise_alert(
        enrolment,
        Concern(
            "text-reply",
            CLINICAL if is_urgent else DATA,
            "now" if is_urgent else "today",
            f"From their phone somebody wrote to us: “{reply.words}”"[:300],
        ),
        source_id=reply.pk,
        pack_id=enrolment.programme.pack_id,
        at=at,
    )


FOR_A_PERSON = frozenset({Reply.Meaning.EMERGENCY, Reply.Meaning.WORDS})
CLINICAL = "clinical"


def _next_way(checkin: Checkin, person: Person, *, tried: frozenset[str], at: datetime) -> str:
    """The next way of the plan; a letter only where it can be answered before the asking ends."""
    carried: frozenset[str] = settings.OPENPROTECT.carried
    if checkin.closes_at - at < timedelta(hours=LETTER_NEEDS_HOURS):
        tried = tried | {LETTER}
    return way_to(person, checkin.programme, tried=tried, carried=carried)


def _make_due(kind: Message.Kind, checkin: Checkin, way: str, at: datetime) -> None:
    messages.make_due(
        kind,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
        subject_id=checkin.pk,
        channel=way,
        at=at,
    )


def _checkin(event: Event) -> Checkin:
    return _checkin_of(event.subject_id)


def _checkin_of(checkin_id: UUID) -> Checkin:
    found = Checkin.objects.select_related("programme", "enrolment__practice")
    return found.get(pk=checkin_id)
