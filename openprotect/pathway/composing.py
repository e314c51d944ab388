"""The words of a message, made at the moment of sending from the pack version in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from openprotect.alerts.models import Alert
from openprotect.checkins.actions import issue_code, issue_link
from openprotect.checkins.actions.together import issue_links
from openprotect.checkins.models import Checkin
from openprotect.gateways.letters import letter_of
from openprotect.messages.chores import NotWanted, Text, ToWrite
from openprotect.messages.models import Message
from openprotect.messages.queries import OF_A_CHECKIN, address_of
from openprotect.messages.rules import CALL, LETTER, TEXT
from openprotect.packs.messages import Message as Wording
from openprotect.packs.pack import Pack
from openprotect.packs.written import reply, split
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of, pack_version

KEPT_LINK, KEPT_CODE = "[personal link]", "[personal code]"
Composed = Text | NotWanted


def compose(wanted: Sequence[ToWrite], at: datetime) -> list[Composed]:
    """Each message as it goes out, and the copy we keep, in which link and code are left out.

    It is in the person's language where the pack is written in it, else in English, as whoever
    opens their call or alert is told.
    """
    messages = {each.message.pk: each.message for each in wanted}
    language = {each.message.pk: each.language for each in wanted}
    asked = Checkin.objects.in_bulk(
        [each.subject_id for each in messages.values() if each.kind in OF_A_CHECKIN]
    )
    by_link: dict[UUID, _ByLink] = {}
    done: dict[UUID, Composed] = {}
    for each in messages.values():
        checkin = asked.get(each.subject_id) if each.kind in OF_A_CHECKIN else None
        if each.channel == CALL:
            done[each.pk] = Text("", "")
        elif each.kind in OF_A_CHECKIN and not _is_open(checkin, at):
            done[each.pk] = NotWanted("the check-in is no longer open")
        elif checkin and each.channel == TEXT:
            by_link[each.pk] = _by_link(checkin, each, language[each.pk])
        else:
            done[each.pk] = _alone(each, checkin, at)
    done |= _with_links(by_link, at)
    return [done[each] for each in messages]


def _is_open(checkin: Checkin | None, at: datetime) -> bool:
    return checkin is not None and checkin.status == Checkin.Status.OPEN and at < checkin.closes_at


@dataclass(frozen=True, slots=True)
class _ByLink:
    """A text that wants a personal link: about which check-in, and in which words."""

    checkin: Checkin
    wording: "_Worded"


@dataclass(frozen=True, slots=True)
class _Worded:
    """Words that many people get, all but the link: `body` has a mark in its place."""

    body: str
    copy: str
    valid_for: timedelta


MARK = "\N{LINK SYMBOL}"


def _by_link(checkin: Checkin, message: Message, language: str) -> _ByLink:
    site = settings.OPENPROTECT.public_url
    return _ByLink(checkin, _worded(checkin.pack_id, message.kind, language, site))


@lru_cache(maxsize=64)
def _worded(pack_id: UUID, kind: str, language: str, site: str) -> _Worded:
    """What a kind of text says in a language, worked out once for everybody who gets it."""
    pack = pack_version(pack_id)
    wording = pack.message(kind.lower(), language=language, channel="text")
    given = {
        "link": f"{site}/c/{MARK}",
        "stop_link": f"{site}/c/{MARK}",
        "real_page": f"{site}/real",
    }
    kept = given | {"link": KEPT_LINK, "stop_link": KEPT_LINK}
    return _Worded(wording.render(given), wording.render(kept), _valid_for(pack))


def _valid_for(pack: Pack) -> timedelta:
    return timedelta(days=int(str(pack.settings["link_valid_days"].default)))


def _with_links(texts: Mapping[UUID, _ByLink], at: datetime) -> dict[UUID, Composed]:
    links = issue_links([(e.checkin, at + e.wording.valid_for) for e in texts.values()], at=at)
    return {
        message_id: Text(each.wording.body.replace(MARK, token), each.wording.copy)
        for (message_id, each), token in zip(texts.items(), links, strict=True)
    }


def _alone(message: Message, checkin: Checkin | None, at: datetime) -> Text:
    """A message that is unlike others: an e-mail, a letter, an answer, an outcome told back."""
    person = Person.objects.get(pk=message.person_id)
    if checkin:
        return _invitation(message, person, checkin, at)
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


def _invitation(message: Message, person: Person, checkin: Checkin, at: datetime) -> Text:
    pack = pack_of(checkin)
    valid_for = _valid_for(pack)
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
