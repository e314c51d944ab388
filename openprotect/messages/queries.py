"""Reading messages: what was sent to a person, and why one may not go at this moment."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Q, QuerySet

from openprotect.messages.models import Message, Notice, Outage, Pause, Reply
from openprotect.messages.rules import (
    CALL,
    EMAIL,
    LETTER,
    TEXT,
    NotNow,
    NotWanted,
    next_opening,
    next_way,
)
from openprotect.packs.channels import ChannelPlan
from openprotect.people.models import Choice, Person
from openprotect.people.queries import said_by
from openprotect.people.rules import ALL, Said, as_preferred, has_agreed, refuses
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


def not_wanted(message: Message, person: Person | None) -> NotWanted | None:
    """Why this may never go: asked at the moment of sending, not when it was made due."""
    if person is None:
        return NotWanted(ENDED)
    if person.died_on:
        return NotWanted("the person has died")
    if person.is_restricted:
        return NotWanted("the person's record is restricted")
    if person.has_stopped_contact and message.kind not in ANSWERS_TO_THEM:
        return NotWanted("the person asked us to stop")
    if not address_of(person, message.channel):
        return NotWanted(MISSING[message.channel])
    if not is_running(message.programme):
        return NotWanted("the programme is not running")
    if message.kind not in ANSWERS_TO_THEM and _is_refused(message, person):
        return NotWanted(REFUSED_SO)
    return None


def _is_refused(message: Message, person: Person) -> bool:
    said = said_by(person.pk)
    return refuses(said, message.channel, message.programme_id)


def still_wanted(message: Message) -> bool:
    """Whether a claimed message is still ours to send, and nobody has said stop: one question."""
    ours = Message.objects.filter(
        pk=message.pk,
        status=Message.Status.SENDING,
        attempts=message.attempts,
        programme__status=Programme.Status.LIVE,
        programme__sending_stopped_at=None,
        person__died_on=None,
        person__is_restricted=False,
    )
    if message.kind not in ANSWERS_TO_THEM:
        refused = Choice.objects.filter(
            Q(programme_id=None) | Q(programme_id=message.programme_id),
            person_id=message.person_id,
            answer=Choice.Answer.REFUSED,
            way__in=[ALL, message.channel],
            ended_at=None,
        )
        ours = ours.filter(~Exists(refused), person__has_stopped_contact=False)
    return ours.exists()


def not_now(message: Message, at: datetime) -> NotNow | None:
    """Whether people sleep now. Who wrote to us a moment ago is awake, and a call has its own."""
    if message.kind in ANSWERS_TO_THEM or message.channel in (LETTER, CALL):
        return None
    plan = pack_of(message.programme).channels
    until = next_opening(at, from_=plan.send_from, until=plan.send_until)
    return NotNow(until, "outside the hours for writing") if until else None


def held_back(at: datetime) -> Q:
    """What waits now although it is due: a way that takes no more, a programme at its pace."""
    held = Q(programme__sending_stopped_at__isnull=False)
    held |= Q(
        channel__in=list(Pause.objects.filter(until__gt=at).values_list("channel", flat=True))
    )
    for programme in live_programmes():
        most = pack_of(programme).channels.invitations_an_hour
        if most is not None and _invited_lately(programme, at) >= most:
            held |= Q(programme=programme, kind=Message.Kind.INVITE)
    return held


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
