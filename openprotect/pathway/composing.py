"""The words of a message, made at the moment of sending from the pack version in force."""

from datetime import datetime, timedelta

from django.conf import settings

from openprotect.alerts.models import Alert
from openprotect.checkins.actions import issue_link
from openprotect.checkins.models import Checkin
from openprotect.messages.chores import NotWanted, Text
from openprotect.messages.models import Message
from openprotect.people.models import Person
from openprotect.programmes.queries import pack_of

KEPT_LINK = "[personal link]"


def compose(message: Message, at: datetime) -> Text | NotWanted:
    """The text as it goes out, and the copy we keep, in which the link is left out.

    It is in the person's language where the pack is written in it, else in English, as whoever
    opens their call or alert is told.
    """
    language = Person.objects.values_list("language", flat=True).get(pk=message.person_id)
    if message.kind == Message.Kind.CLOSED:
        alert = Alert.objects.get(pk=message.subject_id)
        words = pack_of(alert).message("closed", language=language).render({})
        return Text(words, words)
    return _invitation(message, language, at)


def _invitation(message: Message, language: str, at: datetime) -> Text | NotWanted:
    checkin = Checkin.objects.get(pk=message.subject_id)
    if checkin.status != Checkin.Status.OPEN or at >= checkin.closes_at:
        return NotWanted("the check-in is no longer open")
    pack = pack_of(checkin)
    days = int(str(pack.settings["link_valid_days"].default))
    token = issue_link(checkin, valid_for=timedelta(days=days), at=at)
    template = pack.message("invite", language=language)
    link = f"{settings.OPENPROTECT.public_url}/c/{token}"
    return Text(template.render({"link": link}), template.render({"link": KEPT_LINK}))


def task_address(token: str) -> str:
    """Where a partner opens its one task."""
    return f"{settings.OPENPROTECT.public_url}/task/{token}/"
