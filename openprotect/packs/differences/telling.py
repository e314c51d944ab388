"""Texts, settings and headings side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Final

from openprotect.packs.differences.difference import Difference, added, from_to, shared, told
from openprotect.packs.languages import ENGLISH
from openprotect.packs.manifest import Heading
from openprotect.packs.messages import Message
from openprotect.packs.pack import Pack
from openprotect.packs.settings import Setting

HEADINGS: Final = {
    "title": "the title",
    "version": "the version",
    "purpose": "the purpose",
    "legal_basis_kind": "the kind of legal basis",
    "sponsor": "the sponsor",
    "clinical_owner": "the clinical owner",
    "review_on": "the day of its review",
    "sender": "who writes to people",
    "phone": "the number to ring",
    "languages": "the languages",
    "awaiting_translation": "languages that await professional translation",
    "link_domains": "the domains that links may lead to",
    "cadence": "how often people are asked",
}
PARTS_OF_SETTING: Final = {
    "title": "title",
    "default": "what holds if nobody chose",
    "latitude": "who may change it",
    "low": "the least",
    "high": "the most",
    "options": "the choices",
}


def of_headings(old: Heading, new: Heading) -> Iterator[Difference]:
    for name, words in HEADINGS.items():
        one, other = getattr(old, name, None), getattr(new, name, None)
        if one != other:
            yield Difference("pack", f"{words} {from_to(one, other)}")


def of_ways(old: Pack, new: Pack) -> Iterator[Difference]:
    """By which ways people are reached, and who is asked more often or rung sooner."""
    for each in fields(old.channels):
        one, other = getattr(old.channels, each.name), getattr(new.channels, each.name)
        if one != other:
            words = each.name.replace("_", " ")
            yield Difference("pack", f"ways of reaching people: {words} {from_to(one, other)}")
    was, now = ({each.name: each for each in pack.bands} for pack in (old, new))
    for name in dict.fromkeys((*was, *now)):
        if name not in now:
            yield Difference("pack", f"the band {name} is gone", is_grave=True)
        elif was.get(name) != now[name]:
            yield Difference("pack", f"the band {name} is {'other' if name in was else 'new'}")


def of_messages(old: Sequence[Message], new: Sequence[Message]) -> Iterator[Difference]:
    """Every text, e-mail and letter, language by language."""
    was = {(each.language, _named(each)): each.body for each in old}
    now = {(each.language, _named(each)): each.body for each in new}
    for language, name in shared(was, now):
        one, other = was[language, name], now[language, name]
        if one != other:
            yield _of_message(language, f"{name} in {language} {from_to(one, other)}")
    for language, name in added(was, now):
        yield _of_message(language, f"{name} in {language} is new: {told(now[language, name])}")
    for language, name in added(now, was):
        yield _of_message(language, f"{name} in {language} is gone")


def _named(message: Message) -> str:
    return message.name if message.channel == "text" else f"{message.name} by {message.channel}"


def _of_message(language: str, words: str) -> Difference:
    return Difference("messages", words, language=language)


def of_settings(old: Mapping[str, Setting], new: Mapping[str, Setting]) -> Iterator[Difference]:
    for key in shared(old, new):
        for name, words in PARTS_OF_SETTING.items():
            one, other = getattr(old[key], name), getattr(new[key], name)
            if one != other:
                yield Difference("settings", f"{key}: {words} {from_to(one, other)}")
    for key in added(old, new):
        yield Difference("settings", f"{key} is new: {new[key].title}, {told(new[key].default)}")
    for key in added(new, old):
        yield Difference("settings", f"{key} is gone")


def of_prose(old: Pack, new: Pack) -> Iterator[Difference]:
    """The call script in each language and the practice card, passage by passage."""
    yield from _of_text("practice card", old.practice_card.text, new.practice_card.text)
    for language in dict.fromkeys((*old.call_scripts, *new.call_scripts)):
        one, other = (
            each.call_scripts[language].text if language in each.call_scripts else ""
            for each in (old, new)
        )
        yield from _of_text("call script", one, other, language=language)


def _of_text(part: str, one: str, other: str, *, language: str = ENGLISH) -> Iterator[Difference]:
    def different(words: str) -> Difference:
        return Difference(part, words, language=language)

    was, now = one.splitlines(), other.splitlines()
    gone = [line for line in was if line.strip() and line not in now]
    fresh = [line for line in now if line.strip() and line not in was]
    yield from (different(f"gone: {told(each)}") for each in gone)
    yield from (different(f"new: {told(each)}") for each in fresh)
    if was != now and not gone and not fresh:
        yield different("the same lines in another order")


def of_cards(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Difference]:
    was, now = ({n: c for n, c in each.items() if n.startswith("examples/")} for each in (old, new))
    for name in dict.fromkeys((*was, *now)):
        if was.get(name) != now.get(name):
            one, other = (each.get(name, b"").splitlines() for each in (was, now))
            gone, fresh = (
                len([e for e in a if e not in b]) for a, b in ((one, other), (other, one))
            )
            yield Difference("cards", f"{name}: {gone} lines gone, {fresh} lines new")
