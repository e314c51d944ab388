"""What people choose of the ways we contact them, what they need, and what they ask of us."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from openprotect.accounts.models import User
from openprotect.events.actions import record
from openprotect.people.models import Choice, Need, Person, Via, Wish
from openprotect.people.rules import REVIEW_NEEDS_AFTER

REFUSED, AGREED, PREFERRED = Choice.Answer.REFUSED, Choice.Answer.AGREED, Choice.Answer.PREFERRED
BY_LINK, BY_PHONE, BY_PRACTICE = Via.LINK, Via.PHONE, Via.PRACTICE
Kind = Wish.Kind
TO_BE_RUNG, NEW_DETAILS = Kind.CALL, Kind.DETAILS
IN_HOSPITAL, AWAY = Kind.HOSPITAL, Kind.AWAY
need, whose = Need.Kind, Need.Whose
# As the front door offers them, in words that need no explaining.
NEEDS = (
    ("LARGE_PRINT", "Large print"),
    ("BRAILLE", "Braille"),
    ("EASY_READ", "Easy read"),
    ("AUDIO", "Audio"),
    ("LANGUAGE", "Letters and texts in another language"),
    ("INTERPRETER", "An interpreter on the phone"),
    ("BSL", "British Sign Language"),
    ("TEXTPHONE", "A textphone or Relay UK"),
    ("NO_CALLS", "No phone calls: I cannot use the phone"),
)
# The languages most asked for in England's NHS; another one is written out.
LANGUAGES = (
    ("ar", "Arabic"), ("bn", "Bengali"), ("zh", "Chinese"), ("fa", "Farsi"), ("gu", "Gujarati"),
    ("lt", "Lithuanian"), ("pl", "Polish"), ("pt", "Portuguese"), ("pa", "Punjabi"),
    ("ro", "Romanian"), ("so", "Somali"), ("tr", "Turkish"), ("uk", "Ukrainian"), ("ur", "Urdu"),
)  # fmt: skip
NEEDS_A_LANGUAGE = frozenset({"LANGUAGE", "INTERPRETER"})


@transaction.atomic
def choose(
    person_id: UUID,
    answer: Choice.Answer,
    *,
    via: Via,
    at: datetime,
    way: str = "",
    programme_id: UUID | None = None,
) -> Choice:
    """Keep what somebody said of a way of contact; it holds from the moment this commits.

    Said again, it is the same choice; said otherwise, the earlier one has ended.
    """
    _one_at_a_time(person_id)
    open_one = Choice.objects.filter(
        person_id=person_id, way=way, programme_id=programme_id, ended_at=None
    ).first()
    if open_one and open_one.answer == answer:
        return open_one
    if open_one:
        _end(open_one, at=at)
    made = Choice.objects.create(
        person_id=person_id,
        way=way,
        programme_id=programme_id,
        answer=answer,
        via=via,
        said_at=at,
    )
    record(
        "choice.made",
        made.pk,
        at=at,
        person_id=person_id,
        programme_id=programme_id,
        way=way,
        answer=answer,
    )
    return made


@transaction.atomic
def take_back(person_id: UUID, *, way: str, at: datetime) -> int:
    """Refusals of a way end: somebody wants to hear from us by it again. How many there were."""
    _one_at_a_time(person_id)
    refused = Choice.objects.filter(
        person_id=person_id, way=way, answer=Choice.Answer.REFUSED, ended_at=None
    )
    for each in (found := list(refused.order_by("id"))):
        _end(each, at=at)
        record("choice.ended", each.pk, at=at, person_id=person_id, way=way)
    return len(found)


def _end(choice: Choice, *, at: datetime) -> None:
    choice.ended_at = max(at, choice.said_at)
    choice.save(update_fields=["ended_at"])


@transaction.atomic
def record_need(
    person_id: UUID,
    kind: Need.Kind,
    *,
    via: Via,
    at: datetime,
    whose: Need.Whose = Need.Whose.PERSON,
    language: str = "",
    by: User | UUID | None = None,
) -> Need:
    """Record what somebody needs to understand us, once; a year later it is looked at again."""
    _one_at_a_time(person_id)
    known = Need.objects.filter(
        person_id=person_id, kind=kind, whose=whose, language=language, ended_at=None
    ).first()
    if known:
        return known
    made = Need.objects.create(
        person_id=person_id,
        kind=kind,
        whose=whose,
        language=language,
        via=via,
        by_id=by.pk if isinstance(by, User) else by,
        recorded_at=at,
        review_on=(at + REVIEW_NEEDS_AFTER).date(),
    )
    record("need.recorded", made.pk, at=at, person_id=person_id, kind=kind, whose=whose)
    return made


@transaction.atomic
def still_right(need: Need, *, by: User | UUID, at: datetime) -> None:
    """Somebody asked again, and it is still needed: looked at anew in a year."""
    need.review_on = (at + REVIEW_NEEDS_AFTER).date()
    need.save(update_fields=["review_on"])
    record("need.reviewed", need.pk, at=at, by=by, person_id=need.person_id, kind=need.kind)


@transaction.atomic
def end_need(need: Need, *, at: datetime) -> None:
    """It is not needed any more."""
    if Need.objects.filter(pk=need.pk, ended_at=None).update(ended_at=at):
        record("need.ended", need.pk, at=at, person_id=need.person_id, kind=need.kind)


@transaction.atomic
def ask(
    person_id: UUID,
    kind: Wish.Kind,
    *,
    at: datetime,
    programme_id: UUID | None = None,
    mobile: str = "",
    email: str = "",
    words: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
) -> Wish:
    """Somebody asks something of us; asked twice while it waits, it is one wish."""
    _one_at_a_time(person_id)
    said = {"mobile": mobile, "email": email, "words": words, "from_on": from_on, "to_on": to_on}
    waiting = Wish.objects.filter(person_id=person_id, kind=kind, granted_at=None, **said).first()
    if waiting:
        return waiting
    made = Wish.objects.create(person_id=person_id, kind=kind, made_at=at, **said)
    record("wish.made", made.pk, at=at, person_id=person_id, programme_id=programme_id, kind=kind)
    return made


@transaction.atomic
def grant(wish: Wish, *, at: datetime) -> None:
    """Do what somebody asked. What they say of their own number and address counts before lists."""
    if not Wish.objects.filter(pk=wish.pk, granted_at=None).update(granted_at=at):
        return
    said = {name: value for name in ("mobile", "email") if (value := getattr(wish, name))}
    if said:
        Person.objects.filter(pk=wish.person_id).update(**said)


def told_by_themselves(person: Person) -> dict[str, str]:
    """What a person said themselves of how they are reached; the last word on each."""
    told: dict[str, str] = {}
    for wish in Wish.objects.filter(person=person, kind=Wish.Kind.DETAILS).order_by("made_at"):
        told |= {name: value for name in ("mobile", "email") if (value := getattr(wish, name))}
    return told


def _one_at_a_time(person_id: UUID) -> None:
    """What one person says is taken in one thing after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [person_id.hex])
