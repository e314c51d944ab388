"""What follows an event. Each step is repeatable: it makes rows whose keys allow one."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from openprotect.alerts import actions as alerts
from openprotect.alerts.actions import Concern, following, passing
from openprotect.alerts.models import Alert
from openprotect.alerts.rules import DATA
from openprotect.calls import actions as calls
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin, Conflict, Response
from openprotect.checkins.queries import answers_so_far, misses_in_a_row
from openprotect.contacts import actions as contacts
from openprotect.contacts.actions import reaching
from openprotect.enrolments.models import Enrolment, Request
from openprotect.events.models import Event
from openprotect.messages import actions as messages
from openprotect.messages.models import Message
from openprotect.messages.queries import way_to
from openprotect.pathway.contacting import UNANSWERED, cancel_planned, misses_before_call, ring
from openprotect.pathway.door import bring_in_asked_for
from openprotect.people.models import Person
from openprotect.people.rules import CALL, TEXT
from openprotect.programmes.queries import pack_of
from openprotect.referrals.actions import documents, linking
from openprotect.referrals.models import Referral

TEND_RECORDS = "tend_records"
REHEARSE = "rehearse"


def have_the_records_tended(event: Event, at: datetime) -> None:
    """Somebody decided about an import, or the records changed: the rest is done apart."""
    job = jobs.configure_task(TEND_RECORDS, queue="records", queueing_lock=TEND_RECORDS)
    try:
        with transaction.atomic():
            job.defer()
    except AlreadyEnqueued:
        return  # one that has not begun yet sees this too


def have_it_rehearsed(event: Event, at: datetime) -> None:
    """Somebody wants to know what a draft would have made of past answers: worked out apart."""
    jobs.configure_task(REHEARSE, queue="records").defer(rehearsal_id=str(event.subject_id))


def ring_the_silent(event: Event, at: datetime) -> None:
    """So many check-ins missed in a row, as the person's locality decided: somebody rings."""
    checkin = _checkin(event)
    if misses_in_a_row(checkin.enrolment_id) >= misses_before_call(checkin.enrolment, at=at):
        ring(checkin, Call.Why.SILENT, at=at)


def ring_the_locked_out(event: Event, at: datetime) -> None:
    """Five wrong birth dates: a call, instead of a silent lock, unless they got in after all."""
    checkin = _checkin(event)
    if checkin.status in UNANSWERED:
        ring(checkin, Call.Why.LINK_LOCKED, at=at)


def evaluate_the_response(event: Event, at: datetime) -> None:
    """Put the answers to the pack's rules; each rule that matches raises its alert."""
    alerts.evaluate(Response.objects.get(pk=event.subject_id), at=at)


def evaluate_what_was_said_so_far(event: Event, at: datetime) -> None:
    """A red flag was answered: what is urgent is raised even if the rest never comes."""
    checkin = _checkin(event)
    alerts.evaluate_unfinished(checkin, answers_so_far(checkin), at=at)


def weigh_what_was_begun(event: Event, at: datetime) -> None:
    """A check-in was begun and never sent: what was said in it counts all the same."""
    checkin = _checkin(event)
    if checkin.status == Checkin.Status.PARTLY:
        said = pack_of(checkin).questionnaire.prune(answers_so_far(checkin))
        alerts.evaluate_unfinished(checkin, said, only=None, at=at)


def weigh_what_was_told_by_phone(event: Event, at: datetime) -> None:
    """A call ended before the last question: what was said until then counts all the same."""
    call = Call.objects.select_related("checkin__enrolment").get(pk=event.subject_id)
    if call.checkin.status != Checkin.Status.ANSWERED:
        questionnaire = pack_of(call.checkin).questionnaire
        told = questionnaire.prune(answers_so_far(call.checkin))
        alerts.evaluate_unfinished(call.checkin, told, only=None, at=at)


def cancel_a_waiting_call(event: Event, at: datetime) -> None:
    """The person has answered: nobody needs to ring."""
    calls.cancel_open(_person_of(event), event.programme_id, because="answered", at=at)


def cancel_what_is_planned(event: Event, at: datetime) -> None:
    """No more askings and no call for someone who left or asked us to stop. Alerts stay open."""
    cancel_planned(_person_of(event), event.programme_id, at=at)


def take_back_turns_of_partners(event: Event, at: datetime) -> None:
    """Nobody may contact this person any more: what partners were told they may do is withdrawn."""
    if person := Person.objects.filter(pk=_person_of(event)).first():
        contacts.recall(person, at=at)


def start_the_ladder_without_phone(event: Event, at: datetime) -> None:
    """A text could not be sent because no number is known at all: nobody can ring either."""
    message = Message.objects.get(pk=event.subject_id)
    person = Person.objects.filter(pk=message.person_id).first()
    if person is None or not person.may_be_contacted or person.mobile or person.landline:
        return
    theirs = Enrolment.objects.active().filter(
        person_id=message.person_id, programme_id=message.programme_id
    )
    if enrolment := theirs.first():
        reaching.open_ladder(enrolment, "NO_PHONE", at=at)


def end_the_ladder(event: Event, at: datetime) -> None:
    """They answered, or spoke to us: they are reached, in whichever programme it was."""
    reaching.end_ladders(_person_of(event), None, "REACHED", at=at)


def end_the_ladder_of_no_contact(event: Event, at: datetime) -> None:
    """Whoever left, or may not be contacted any more, is not searched for."""
    found = "LEFT" if event.programme_id else "STOPPED"
    reaching.end_ladders(_person_of(event), event.programme_id, found, at=at)


def hand_alerts_to_where_they_live_now(event: Event, at: datetime) -> None:
    """Somebody has moved: open alerts go with them, to teams that can still see them."""
    if event.person_id:
        passing.follow_move(event.person_id, at=at)


def look_at_conflicting_answers(event: Event, at: datetime) -> None:
    """Other answers came after the first: a person looks at both."""
    kept = Conflict.objects.select_related("checkin__enrolment").get(pk=event.subject_id)
    alerts.raise_alert(
        kept.checkin.enrolment,
        Concern("conflicting-answers", DATA, "today", "Different answers came in a second time"),
        source_id=kept.pk,
        pack_id=kept.checkin.pack_id,
        at=at,
    )
    # What cannot wait is not left until somebody has compared the two.
    alerts.evaluate_unfinished(kept.checkin, kept.answers, at=at)


def tell_the_person(event: Event, at: datetime) -> None:
    """The person hears that something was done, in words that tell nobody else what.

    By the first way that reaches them; whoever has none but a call hears it when they are rung.
    """
    alert = Alert.objects.select_related("programme").get(pk=event.subject_id)
    person = Person.objects.filter(pk=alert.person_id).first()
    carried: frozenset[str] = settings.OPENPROTECT.carried
    way = way_to(person, alert.programme, tried=frozenset(), carried=carried) if person else ""
    messages.make_due(
        Message.Kind.CLOSED,
        person_id=alert.person_id,
        programme_id=alert.programme_id,
        subject_id=alert.pk,
        channel=way if way not in ("", CALL) else TEXT,
        at=at,
    )


def ask_whether_it_helped(event: Event, at: datetime) -> None:
    """Something was done: the next check-in asks whether it helped."""
    following.ask_next_time(Alert.objects.get(pk=event.subject_id), at=at)


def open_again_what_did_not_help(event: Event, at: datetime) -> None:
    """Somebody said that what was done did not help: the need is open again, with its history."""
    if event.detail.get("helped") == "NO":
        following.open_again(Alert.objects.get(pk=event.subject_id), at=at)


def prepare_the_link(event: Event, at: datetime) -> None:
    """Another organisation was asked by link: telling its mailbox is due."""
    linking.prepare_link(Referral.objects.get(pk=event.subject_id), at=at)


def write_to_the_practice(event: Event, at: datetime) -> None:
    """An alert was closed, or another organisation said what came of it: the practice is told."""
    alert_id = event.detail.get("alert", event.subject_id)
    documents.write_document(Alert.objects.get(pk=alert_id), at=at)


def add_whom_the_practice_named(event: Event, at: datetime) -> None:
    """A practice asked to add one of its patients: look them up and bring them in."""
    bring_in_asked_for(Request.objects.get(pk=event.subject_id), at=at)


def _person_of(event: Event) -> UUID:
    if event.person_id is None:
        raise ValueError(f"event {event.pk} is about no person")
    return event.person_id


def _checkin(event: Event) -> Checkin:
    found = Checkin.objects.select_related(
        "programme", "enrolment__practice", "enrolment__programme"
    )
    return found.get(pk=event.subject_id)
