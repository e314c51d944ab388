"""The words of a message, made at the moment of sending from the pack version in force."""

from datetime import datetime, timedelta

from django.conf import settings

from openprotect.alerts.models import Alert
from openprotect.checkins.actions import issue_code, issue_link
from openprotect.checkins.models import Checkin
from openprotect.gateways.letters import letter_of
from openprotect.messages.chores import NotWanted, Text
from openprotect.messages.models import Message
from openprotect.messages.queries import OF_A_CHECKIN, address_of
from openprotect.messages.rules import CALL, LETTER
from openprotect.packs.messages import Message as Wording
from openprotect.packs.pack import Pack
from openprotect.packs.written import reply, split
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of

KEPT_LINK, KEPT_CODE = "[personal link]", "[personal code]"


def compose(message: Message, at: datetime) -> Text | NotWanted:
    """The message as it goes out, and the copy we keep, in which link and code are left out.

    It is in the person's language where the pack is written in it, else in English, as whoever
    opens their call or alert is told.
    """
    if message.channel == CALL:
        return Text("", "")
    person = Person.objects.get(pk=message.person_id)
    if message.kind in OF_A_CHECKIN:
        return _invitation(message, person, at)
    pack = _pack_behind(message)
    if message.kind in (Message.Kind.HELP, Message.Kind.STARTED):
        words = reply(pack, message.kind.lower())
        return Text(words, words)
    wording = _wording(pack, message, person)
    return _text(message, person, pack, wording, {}, {})


def _pack_behind(message: Message) -> Pack:
    """The pack of the alert it tells of, else the one the programme goes by now."""
    alert = Alert.objects.filter(pk=message.subject_id).first()
    return pack_of(alert or Programme.objects.get(pk=message.programme_id))


def _wording(pack: Pack, message: Message, person: Person) -> Wording:
    return pack.message(
        message.kind.lower(), language=person.language, channel=message.channel.lower()
    )


def _invitation(message: Message, person: Person, at: datetime) -> Text | NotWanted:
    checkin = Checkin.objects.get(pk=message.subject_id)
    if checkin.status != Checkin.Status.OPEN or at >= checkin.closes_at:
        return NotWanted("the check-in is no longer open")
    pack = pack_of(checkin)
    valid_for = timedelta(days=int(str(pack.settings["link_valid_days"].default)))
    site = settings.OPENPROTECT.public_url
    always = {"real_page": f"{site}/real"}
    if message.channel == LETTER:
        code = issue_code(checkin, valid_for=max(valid_for, checkin.closes_at - at), at=at)
        given, kept = {"code": code, "page": f"{site}/code"}, {"code": KEPT_CODE}
    else:
        token = issue_link(checkin, valid_for=valid_for, at=at)
        given, kept = {"link": f"{site}/c/{token}"}, {"link": KEPT_LINK}
    given |= {"stop_link": given.get("link", ""), **always}
    kept = {**given, **kept, "stop_link": KEPT_LINK}
    return _text(message, person, pack, _wording(pack, message, person), given, kept)


def _text(
    message: Message,
    person: Person,
    pack: Pack,
    wording: Wording,
    given: dict[str, str],
    kept: dict[str, str],
) -> Text:
    words, copy = wording.render(given), wording.render(kept)
    if message.channel == Message.Channel.TEXT:
        return Text(words, copy)
    subject, body = split(words)
    if message.channel != LETTER:
        return Text(body, copy, subject)
    draw = letter_of(
        person, address_of(person, LETTER), subject, body, pack=pack, language=wording.language
    )
    return Text(body, copy, subject, draw)


def task_address(token: str) -> str:
    """Where a partner opens its one task."""
    return f"{settings.OPENPROTECT.public_url}/task/{token}/"
