"""Looking for somebody who is not reached; and what is done about what was found of them."""

from datetime import datetime
from uuid import UUID

from openprotect.alerts import actions as alerts
from openprotect.alerts.actions import Concern
from openprotect.alerts.rules import DATA
from openprotect.calls import actions as calls
from openprotect.calls.models import Call
from openprotect.checkins.actions import excusing
from openprotect.checkins.models import Checkin, Excuse
from openprotect.contacts.actions import reaching
from openprotect.contacts.models import Unreached
from openprotect.contacts.rules.reaching import Reach, has_a_safe_way
from openprotect.enrolments.actions.returning import come_back
from openprotect.enrolments.models import Enrolment
from openprotect.events.models import Event
from openprotect.messages.models import Message
from openprotect.messages.rules import LETTER, TAKEN_BACK
from openprotect.people import actions as people
from openprotect.people.models import Person, Wish

SAID = {
    "DIED": "Somebody who looked for them says that this person has died: please confirm",
    "MOVED": "Somebody who looked for them says that they live elsewhere: please check",
}


def start_the_ladder_as_told(event: Event, at: datetime) -> None:
    """Somebody on the staff said that a person cannot be reached, and why: the ladder begins."""
    enrolment = _active(event)
    if enrolment:
        reaching.open_ladder(enrolment, str(event.detail["why"]), at=at)


def start_the_ladder_of_a_returned_letter(event: Event, at: datetime) -> None:
    """A letter came back: their address is not what we hold, whatever else still reaches them."""
    message = Message.objects.get(pk=event.subject_id)
    if message.channel != LETTER or message.ended_because == TAKEN_BACK:
        return
    enrolment = _active(event)
    if enrolment:
        reaching.open_ladder(enrolment, "RETURNED", at=at)


def look_for_a_safe_way(event: Event, at: datetime) -> None:
    """What is to be minded may leave no way of ours that is safe: then one is looked for."""
    person = Person.objects.filter(pk=_person_of(event)).first()
    if person is None or not person.may_be_contacted:
        return
    if has_a_safe_way(_reach(person), reaching.closed_to(person.pk)):
        return
    for enrolment in Enrolment.objects.active().filter(person=person).order_by("id"):
        reaching.open_ladder(enrolment, "UNSAFE", at=at)


def _reach(person: Person) -> Reach:
    return Reach(
        has_mobile=bool(person.mobile),
        has_landline=bool(person.landline),
        has_address=bool(person.address),
    )


def act_on_what_was_found(event: Event, at: datetime) -> None:
    """The end of a ladder is the beginning of something: a call, or a record to put right."""
    found = Unreached.objects.select_related("enrolment__programme").get(pk=event.subject_id)
    if found.ended_as == "DETAILS":
        _ring(found.enrolment, at=at)
    elif found.ended_as in SAID:
        if found.ended_as == "DIED":
            person = Person.objects.get(pk=found.person_id)
            people.stop_contact(person, because="said to have died", at=at)
        alerts.raise_alert(
            found.enrolment,
            Concern(f"said-{found.ended_as.lower()}", DATA, "today", SAID[found.ended_as]),
            source_id=found.pk,
            pack_id=found.enrolment.programme.pack_id,
            at=at,
        )


def _ring(enrolment: Enrolment, *, at: datetime) -> None:
    """A call with what is known now, about the last time they were asked."""
    asked = Checkin.objects.filter(enrolment=enrolment).select_related("enrolment")
    if latest := asked.order_by("-due_on", "id").first():
        calls.ask_for_call(latest, Call.Why.NOT_REACHED, at=at)


def hand_the_search_to_where_they_live_now(event: Event, at: datetime) -> None:
    """Somebody has moved: who looks for them are the teams of their practice of today."""
    if event.person_id:
        reaching.follow_move(event.person_id, at=at)


def bring_back_whom_we_thought_dead(event: Event, at: datetime) -> None:
    """A death was a mistake: contact may go on, and they are in their programmes as before."""
    person = Person.objects.get(pk=_person_of(event))
    if people.is_alive(person, at=at):
        come_back(person, at=at)


def leave_them_in_peace_for_a_while(event: Event, at: datetime) -> None:
    """Somebody said at the front door that they are away or ill: they are not asked then."""
    wish = Wish.objects.get(pk=event.subject_id)
    if wish.kind not in (Wish.Kind.HOSPITAL, Wish.Kind.AWAY):
        return
    excusing.excuse(
        wish.person_id,
        Excuse.Why(wish.kind),
        from_on=wish.from_on or at.date(),
        to_on=wish.to_on,
        by=None,
        at=at,
    )


def _active(event: Event) -> Enrolment | None:
    if event.programme_id is None:
        return None
    theirs = Enrolment.objects.active().filter(
        person_id=_person_of(event), programme_id=event.programme_id
    )
    return theirs.first()


def _person_of(event: Event) -> UUID:
    if event.person_id is None:
        raise ValueError(f"event {event.pk} is about no person")
    return event.person_id
