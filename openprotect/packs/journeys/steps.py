"""One step of a journey: what happens at a moment, and what must be true right after."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from openprotect.forms.typed_in import NotAnAnswer, read
from openprotect.forms.values import Answer
from openprotect.packs.entry import Entry
from openprotect.packs.journeys.moments import LIKE, LOCAL, moment
from openprotect.packs.journeys.values import (
    BY,
    CALLS,
    CHECKINS,
    CONTACT,
    MESSAGES,
    RUNG,
    Raised,
    Step,
    Then,
)
from openprotect.packs.pack import Pack
from openprotect.packs.problems import not_one_of
from openprotect.packs.routing import FUNCTIONS
from openprotect.packs.triage import CONCERNS, IN_THEIR_OWN_WORDS, UNREADABLE, URGENCIES

HAPPENS: Final = ("answers", "rung", "accepts", "closes", "stops")
# What the service raises beside the rules of a pack.
OF_THE_SERVICE: Final = (UNREADABLE, IN_THEIR_OWN_WORDS, "not-reached", "emergency-call")


def read_moment(entry: Entry, key: str, first: date, *, default: str | None = None) -> datetime:
    words = entry.text(key, default=default)
    found = moment(words, first)
    if found is None:
        if words:
            entry.refuse(key, LIKE)
        return datetime(first.year, first.month, first.day, tzinfo=LOCAL)
    return found


def read_step(entry: Entry, pack: Pack, first: date) -> Step:
    entry.only(("at", *HAPPENS, "by", "sent", "then"))
    happens = [key for key in HAPPENS if entry.has(key)]
    if len(happens) > 1 and happens != ["answers", "rung"]:
        entry.refuse(happens[1], f"one thing a step: {happens[0]} happens already.")
    is_sent = entry.flag("sent", default=True)
    rules = [rule.name for rule in pack.triage.rules] + list(OF_THE_SERVICE)
    return Step(
        at=read_moment(entry, "at", first),
        row=(entry.place or (0, None))[0],
        answers=_answers(entry, pack, is_whole=is_sent and _must_be_whole(entry)),
        by=entry.one_of("by", BY, default="self"),
        sent=is_sent,
        rung=entry.one_of("rung", tuple(RUNG)) if entry.has("rung") else "",
        accepts=entry.one_of("accepts", rules) if entry.has("accepts") else "",
        closes=entry.one_of("closes", rules) if entry.has("closes") else "",
        stops=entry.flag("stops"),
        then=_then(entry.entry("then"), rules, first),
    )


def _must_be_whole(entry: Entry) -> bool:
    return entry.values.get("rung", "answered") == "answered"


def _answers(entry: Entry, pack: Pack, *, is_whole: bool) -> dict[str, Answer]:
    """Answers as a person would type them; those that nobody is asked are refused."""
    given = entry.entry("answers")
    read_in: dict[str, Answer] = {}
    for name, typed in given.values.items():
        item = pack.questionnaire.item(name)
        if item is None:
            given.refuse(name, not_one_of(name, [e.link_id for e in pack.questionnaire.questions]))
            continue
        try:
            value = read(item, _typed(typed))
        except NotAnAnswer as why:
            given.refuse(name, f"is not an answer to this question: {why}")
        else:
            if value is not None:
                read_in[name] = item.kept(value)
    _check_asked(entry, given, pack, read_in, is_whole=is_whole)
    return read_in


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _check_asked(
    entry: Entry, given: Entry, pack: Pack, answers: Mapping[str, Answer], *, is_whole: bool
) -> None:
    for name in answers.keys() - pack.questionnaire.prune(answers).keys():
        given.refuse(name, "nobody with these other answers is asked this question.")
    if is_whole and (answers or entry.values.get("rung") == "answered"):
        missing = [item.link_id for item in pack.questionnaire.missing(answers)]
        if missing:
            entry.refuse(
                "answers", f"leaves out {', '.join(missing)}: answer them, or say sent = false."
            )


def _then(entry: Entry, rules: list[str], first: date) -> Then:
    entry.only(("sent", "raised", "open", "checkin", "call", "contact"))
    return Then(
        sent=_sent(entry) if entry.has("sent") else None,
        raised=_concerns(entry, "raised", rules, first) if entry.has("raised") else None,
        open=_concerns(entry, "open", rules, first) if entry.has("open") else None,
        checkin=entry.one_of("checkin", CHECKINS) if entry.has("checkin") else None,
        call=entry.one_of("call", CALLS) if entry.has("call") else None,
        contact=entry.one_of("contact", CONTACT) if entry.has("contact") else None,
    )


def _sent(entry: Entry) -> tuple[str, ...]:
    sent = entry.texts("sent")
    for each in sent:
        if each not in MESSAGES:
            entry.refuse("sent", not_one_of(each, MESSAGES))
    return sent


def _concerns(entry: Entry, key: str, rules: list[str], first: date) -> tuple[Raised, ...]:
    value = entry.values.get(key)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        for each in value:
            if each not in rules:
                entry.refuse(key, not_one_of(each, rules))
        return tuple(Raised(str(each)) for each in value)
    return tuple(_concern(each, rules, first) for each in entry.listed(key))


def _concern(entry: Entry, rules: list[str], first: date) -> Raised:
    entry.only(("rule", "kind", "urgency", "owner", "accept_by", "resolve_by"))

    def said(key: str, allowed: tuple[str, ...]) -> str | None:
        return entry.one_of(key, allowed) if entry.has(key) else None

    def by(key: str) -> datetime | None:
        return read_moment(entry, key, first) if entry.has(key) else None

    return Raised(
        rule=entry.one_of("rule", rules),
        kind=said("kind", CONCERNS),
        urgency=said("urgency", URGENCIES),
        owner=said("owner", FUNCTIONS),
        accept_by=by("accept_by"),
        resolve_by=by("resolve_by"),
    )
