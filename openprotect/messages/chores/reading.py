"""What providers posted is read: receipts applied once, forward only; texts acted on or shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.messages.actions import make_due, note_receipt
from openprotect.messages.models import Message, Notice, Reply
from openprotect.messages.rules import Receipt, digest_of
from openprotect.messages.rules.replies import meaning_of
from openprotect.people.actions import choosing
from openprotect.people.models import Choice, Person, Via
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes

SETTLED = frozenset({"delivered", "failed"})
LONGEST = 1000
A_DAY = timedelta(days=1)
Meaning = Reply.Meaning


@dataclass(frozen=True)
class Told:
    """A receipt as a gateway understands it; `status` as in `Receipt`, `to` empty when not said."""

    reference: str
    to: str
    receipt: Receipt


@dataclass(frozen=True)
class Said:
    """A text as a gateway understands it."""

    from_number: str
    words: str


class NotUnderstood(Exception):
    """A post has not the shape that its provider describes."""


Understand = Callable[[str, str], Told | Said]


def read_notices(*, at: datetime, understand: Understand, limit: int = 1000) -> int:
    """Read what waits, oldest first; what cannot be read stands alone and hinders nothing."""
    read = 0
    while read < limit and _read_next(at=at, understand=understand):
        read += 1
    return read


@transaction.atomic
def _read_next(*, at: datetime, understand: Understand) -> bool:
    waiting = Notice.objects.filter(status=Notice.Status.WAITING).order_by("received_at", "id")
    notice = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if notice is None:
        return False
    try:
        told = understand(notice.kind, notice.body)
    except NotUnderstood:
        notice.status = Notice.Status.UNREADABLE
    else:
        notice.status = (
            _apply(told, notice, at) if isinstance(told, Told) else _hear(told, notice, at)
        )
    notice.looked_at = at
    notice.save(update_fields=["status", "looked_at", "message", "person"])
    if notice.status not in (Notice.Status.APPLIED, Notice.Status.NO_NEWS):
        record("notice.odd", notice.pk, at=at, status=notice.status, kind=notice.kind)
    return True


def _make_of(told: Told | Said, notice: Notice, at: datetime) -> Notice.Status:
    return _apply(told, notice, at) if isinstance(told, Told) else _hear(told, notice, at)


def _apply(told: Told, notice: Notice, at: datetime) -> Notice.Status:
    """Applied to its message, whatever its age, and only forward; else listed with the reason."""
    message = _message(told.reference)
    if message is None:
        return Notice.Status.STRANGE_ID
    notice.message, notice.person_id = message, message.person_id
    known = bytes(message.to_digest)
    if told.to and known and digest_of(message.pk, told.to) != known:
        return Notice.Status.OTHER_NUMBER
    if told.receipt.status == "unknown":
        return Notice.Status.STRANGE_WORD
    before = message.status
    note_receipt(message, told.receipt, at=at)
    after = Message.objects.values_list("status", flat=True).get(pk=message.pk)
    return Notice.Status.NO_NEWS if after == before else Notice.Status.APPLIED


def _message(reference: str) -> Message | None:
    try:
        return Message.objects.filter(pk=UUID(reference)).first()
    except ValueError:
        return None


def _hear(said: Said, notice: Notice, at: datetime) -> Notice.Status:
    """Do what one of our words asks for; everything else is shown to a person."""
    holders = list(Person.objects.filter(mobile=_international(said.from_number)).order_by("id"))
    meaning = Meaning(meaning_of(said.words))
    # A word of ours holds for the phone, whoever shares it. Other words are one person's, and
    # nobody guesses whose.
    person = holders[0] if len(holders) == 1 or (holders and meaning in OUR_WORDS) else None
    if person and person.has_stopped_contact and meaning == Meaning.START:
        meaning = Meaning.WORDS  # only a person takes back that they stopped everything
    programme = _programme_of(person) if person else None
    person = person if programme else None  # what no programme can look after, a person reads
    notice.person = person
    reply = Reply.objects.create(
        notice=notice,
        person=person,
        programme=programme,
        from_number=said.from_number[:20],
        words=said.words.replace("\x00", "")[:LONGEST],
        meaning=meaning,
        sent_at=at,
    )
    for each in holders if meaning in OUR_WORDS else ():
        _obey(each, reply, is_first=each == person, at=at)
    if meaning == Meaning.EMERGENCY and person:
        _say_who_we_are(person, reply, at=at)
    record(
        "reply.read",
        reply.pk,
        at=at,
        person_id=person.pk if person else None,
        programme_id=reply.programme_id,
        meaning=meaning,
    )
    return Notice.Status.APPLIED


OUR_WORDS = frozenset({Meaning.STOP, Meaning.START, Meaning.HELP})


def _obey(person: Person, reply: Reply, *, is_first: bool, at: datetime) -> None:
    """STOP ends texts to this phone from every programme, and is confirmed once."""
    text = Choice.Way.TEXT
    if reply.meaning == Meaning.STOP:
        refused = Choice.Answer.REFUSED
        said = Choice.objects.filter(person=person, way=text, answer=refused, ended_at=None)
        is_new = not said.exists()
        choosing.choose(person.pk, refused, way=text, via=Via.TEXT, at=at)
        if is_first and is_new:
            _answer(Message.Kind.STOPPED, person, reply, at=at)
    elif reply.meaning == Meaning.START:
        if choosing.take_back(person.pk, way=text, at=at) and is_first:
            _answer(Message.Kind.STARTED, person, reply, at=at)
    elif is_first:
        _say_who_we_are(person, reply, at=at)


def _say_who_we_are(person: Person, reply: Reply, *, at: datetime) -> None:
    """Once a day at most: nobody makes us text somebody again and again."""
    lately = Message.objects.filter(person=person, kind=Message.Kind.HELP, made_at__gt=at - A_DAY)
    if not lately.exists():
        _answer(Message.Kind.HELP, person, reply, at=at)


def _answer(kind: Message.Kind, person: Person, reply: Reply, *, at: datetime) -> None:
    if reply.programme_id:
        make_due(
            kind,
            person_id=person.pk,
            programme_id=reply.programme_id,
            subject_id=reply.pk,
            at=at,
        )


def _programme_of(person: Person) -> Programme | None:
    """The programme that wrote to them last, else the first they are in."""
    texts = Message.objects.filter(person=person, channel=Message.Channel.TEXT)
    last = texts.select_related("programme").order_by("-made_at", "id").first()
    if last:
        return last.programme
    enrolled = Enrolment.objects.filter(person=person, programme__in=live_programmes())
    first = enrolled.select_related("programme").order_by("found_at", "id").first()
    return first.programme if first else None


def _international(number: str) -> str:
    digits = "".join(each for each in number if each.isdigit())
    return "+44" + digits[1:] if digits.startswith("0") else f"+{digits}"
