"""Keeping what we know of a person true: details, registration, death, stopping contact."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from openprotect.events.actions import record
from openprotect.events.models import Event
from openprotect.governance.actions import record_access
from openprotect.people.actions.choosing import told_by_themselves
from openprotect.people.models import Person, Registration
from openprotect.places.models import Organisation


@dataclass(frozen=True)
class Details:
    """What a source says of a person, as it comes through the narrow door."""

    nhs_number: str
    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    mobile: str
    landline: str
    address: str
    postcode: str
    died_on: date | None = None
    is_restricted: bool = False
    language: str = "en"
    email: str = ""
    deprivation_fifth: int = 0


@transaction.atomic
def bring_in(details: Details, *, practice: Organisation, at: datetime) -> Person:
    """A person into the service half, or their newer details; a death is never undone here.

    Whoever may not be contacted any more, by what the records now say, has all plans cancelled.
    """
    known = Person.objects.select_for_update().filter(nhs_number=details.nhs_number).first()
    person = known or Person(nhs_number=details.nhs_number)
    might_be_contacted = known is not None and known.may_be_contacted
    told = told_by_themselves(person) if known else {}
    for name in FIELDS:
        setattr(person, name, told.get(name) or getattr(details, name))
    person.email = told.get("email") or details.email or person.email
    person.died_on = _death(person, details.died_on)
    person.deprivation_fifth = details.deprivation_fifth or person.deprivation_fifth
    person.is_restricted = person.is_restricted or details.is_restricted
    person.practice = practice
    person.known_at = at
    person.save(force_insert=known is None)
    _register(person, practice, at=at)
    record_access([person.pk], what="people.bring_in", why="found by a programme's rules")
    if might_be_contacted and not person.may_be_contacted:
        _say_stopped(person, because="died" if person.died_on else "restricted", at=at)
    return person


def _death(person: Person, told: date | None) -> date | None:
    """The day of death that holds: a known one stays, and one found to be a mistake is no news."""
    if person.died_on:
        return person.died_on
    return None if told and told == person.refuted_death_on else told


FIELDS = (
    "given_name",
    "family_name",
    "birth_date",
    "sex",
    "mobile",
    "landline",
    "address",
    "postcode",
    "language",
)


def _register(person: Person, practice: Organisation, *, at: datetime) -> None:
    now = Registration.objects.filter(person=person, to_on=None).first()
    if now and now.practice_id == practice.pk:
        return
    if now:
        now.to_on = max(now.from_on, at.date())
        now.save(update_fields=["to_on"])
        record("person.moved", person.pk, at=at, person_id=person.pk, practice=str(practice.pk))
    Registration.objects.create(person=person, practice=practice, from_on=at.date())


@transaction.atomic
def follow_number(person: Person, number: str, *, at: datetime) -> None:
    """The person's NHS number was replaced, or is again what it was: they and their story stay."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.nhs_number == number:
        return
    came_as = person.came_as or person.nhs_number
    person.came_as = "" if number == came_as else came_as
    person.nhs_number = number
    person.save(update_fields=["nhs_number", "came_as"])
    record_access([person.pk], what="people.follow_number", why="their NHS number was replaced")
    record("person.renumbered", person.pk, at=at, person_id=person.pk)


@transaction.atomic
def stop_contact(person: Person, *, because: str, at: datetime) -> None:
    """No message and no call to this person from now on; open work about them stays."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.has_stopped_contact:
        return
    person.has_stopped_contact = True
    person.save(update_fields=["has_stopped_contact"])
    _say_stopped(person, because=because, at=at)


def _say_stopped(person: Person, *, because: str, at: datetime) -> None:
    record("person.contact_stopped", person.pk, at=at, person_id=person.pk, because=because)


REPORTED_DEAD = ("reported dead by phone", "said to have died")


@transaction.atomic
def is_alive(person: Person, *, at: datetime) -> bool:
    """They were taken for dead by mistake: contact may go on, unless they themselves said stop.

    The day that was wrong is kept, so that a list which still has it does not bring it back.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    said = Event.objects.filter(name="person.contact_stopped", person_id=person.pk)
    last = said.order_by("-id").first()
    was_reported = bool(last and last.detail.get("because") in REPORTED_DEAD)
    if person.died_on is None and not (person.has_stopped_contact and was_reported):
        return False
    if person.died_on:
        person.refuted_death_on, person.died_on = person.died_on, None
    if was_reported:
        person.has_stopped_contact = False
    person.save(update_fields=["died_on", "refuted_death_on", "has_stopped_contact"])
    record_access([person.pk], what="people.is_alive", why="taken for dead by mistake")
    record("person.alive", person.pk, at=at, person_id=person.pk)
    return True
