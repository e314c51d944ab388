"""A check-in that was delivered and not answered: a reminder, or the next way, as the pack says."""

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from openprotect.checkins.models import Checkin
from openprotect.messages.actions import make_due
from openprotect.messages.models import Message
from openprotect.messages.queries import way_to, ways_tried
from openprotect.messages.rules import CALL
from openprotect.packs.channels import NOTHING, REMIND
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes, pack_of

ARRIVED = [Message.Status.SENT, Message.Status.DELIVERED]


def remind_unread(*, at: datetime, limit: int = 1000) -> int:
    """Whoever was written to and has not answered after so long is reminded, once."""
    return sum(_remind(each, at=at, limit=limit) for each in live_programmes())


def _remind(programme: Programme, *, at: datetime, limit: int) -> int:
    plan = pack_of(programme).channels
    if plan.when_unread == NOTHING:
        return 0
    of_it = Message.objects.filter(subject_id=OuterRef("pk"))
    invited = of_it.filter(kind=Message.Kind.INVITE)
    waiting = Checkin.objects.filter(
        Exists(invited.filter(status__in=ARRIVED, sent_at__lte=at - plan.unread_after)),
        ~Exists(of_it.filter(kind=Message.Kind.REMINDER)),
        # The next way is under way already, or was the last one.
        ~Exists(invited.filter(status__in=[Message.Status.DUE, Message.Status.SENDING])),
        programme=programme,
        status=Checkin.Status.OPEN,
        closes_at__gt=at,
        opens_at__lte=at - plan.unread_after,
    )
    found = list(waiting.order_by("opens_at", "id")[:limit])
    for checkin in found:
        _write_again(checkin, programme, is_reminder=plan.when_unread == REMIND, at=at)
    return len(found)


def _write_again(
    checkin: Checkin, programme: Programme, *, is_reminder: bool, at: datetime
) -> None:
    person = Person.objects.filter(pk=checkin.person_id).first()
    if person is None:
        return
    tried = ways_tried(checkin.pk, Message.Kind.INVITE)
    way = ""
    if not is_reminder:
        way = way_to(person, programme, tried=tried, carried=settings.OPENPROTECT.carried)
    is_new_way = bool(way) and way != CALL
    last = Message.objects.filter(subject_id=checkin.pk, kind=Message.Kind.INVITE)
    same = last.order_by("-made_at", "id").values_list("channel", flat=True).first()
    make_due(
        Message.Kind.INVITE if is_new_way else Message.Kind.REMINDER,
        person_id=checkin.person_id,
        programme_id=programme.pk,
        subject_id=checkin.pk,
        channel=way if is_new_way else str(same),
        at=at,
    )
