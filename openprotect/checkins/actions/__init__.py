"""Asking, keeping each answer as it is given, and taking in a finished check-in once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from openprotect.accounts.models import User
from openprotect.accounts.rules import digest
from openprotect.checkins.actions.standing_in import by_whom
from openprotect.checkins.models import Answer, Channel, Checkin, Conflict, Link, Response
from openprotect.checkins.queries import answers_so_far
from openprotect.checkins.rules import (
    CODE_LENGTH,
    CODE_SIGNS,
    NoLongerOpen,
    NotFinished,
    NumberTaken,
    Slot,
    Value,
    content_hash,
    shown_code,
)
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.programmes.queries import pack_of

ONLINE = frozenset({Channel.WEB, Channel.CARER})


@transaction.atomic
def plan(enrolment: Enrolment, slot: Slot) -> Checkin:
    """Put one asking of one person in the diary; planned again, it is the same one."""
    return Checkin.objects.get_or_create(
        enrolment=enrolment,
        due_on=slot.due_on,
        defaults={
            "person_id": enrolment.person_id,
            "programme_id": enrolment.programme_id,
            "pack_id": enrolment.programme.pack_id,
            "opens_at": slot.opens_at,
            "closes_at": slot.closes_at,
        },
    )[0]


@transaction.atomic
def open_now(checkin: Checkin, *, at: datetime) -> None:
    """Start waiting for an answer."""
    _move(checkin, "checkin.opened", Checkin.Status.DUE, Checkin.Status.OPEN, at=at)


@transaction.atomic
def miss(checkin: Checkin, *, at: datetime) -> None:
    """Nobody answered in time. Silence is a state, and leads somewhere."""
    _move(checkin, "checkin.missed", Checkin.Status.OPEN, Checkin.Status.MISSED, at=at)


@transaction.atomic
def part(checkin: Checkin, *, at: datetime) -> None:
    """It was begun and not finished in time: what was said counts."""
    _move(checkin, "checkin.partly", Checkin.Status.OPEN, Checkin.Status.PARTLY, at=at)


def _move(
    checkin: Checkin, event: str, start: Checkin.Status, end: Checkin.Status, *, at: datetime
) -> None:
    """From one state to the next; a check-in that is elsewhere by now stays as it is."""
    checkin = _locked(checkin)
    if checkin.status != start:
        return
    checkin.move_to(end)
    checkin.save(update_fields=["status"])
    _note(checkin, event, at=at)


@transaction.atomic
def cancel(checkin: Checkin, *, because: str, at: datetime) -> None:
    """No longer ask: the person left, or may not be contacted."""
    checkin = _locked(checkin)
    if not Checkin.MOVES.allows(checkin.status, Checkin.Status.CANCELLED):
        return
    checkin.move_to(Checkin.Status.CANCELLED)
    checkin.ended_because = because
    checkin.save(update_fields=["status", "ended_because"])
    _note(checkin, "checkin.cancelled", at=at)


def issue_link(checkin: Checkin, *, valid_for: timedelta, at: datetime) -> str:
    """A new personal link's token, 256 random bits; only its digest is stored."""
    token = secrets.token_urlsafe(32)
    Link.objects.create(
        checkin=checkin,
        person_id=checkin.person_id,
        token_digest=digest(token),
        issued_at=at,
        valid_until=at + valid_for,
    )
    return token


def issue_code(checkin: Checkin, *, valid_for: timedelta, at: datetime) -> str:
    """A code to type instead of a link: ten signs that nobody mistakes, 49 random bits.

    With the birth date asked beside it, and only as many codes as letters on their way, trying
    codes at a hundred a second finds nothing in years. Only its digest is stored.
    """
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    Link.objects.create(
        checkin=checkin,
        person_id=checkin.person_id,
        token_digest=digest(code),
        issued_at=at,
        valid_until=at + valid_for,
    )
    return shown_code(code)


Entry = Literal["open", "wrong", "unusable"]


def link_is_usable(token: str) -> bool:
    """Whether a link opens a check-in now. Asking changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT link_is_usable(%s)", [token])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def enter(token: str, *, born: date) -> tuple[Entry, str]:
    """Come in by a personal link with the birth date; the database compares it.

    Gives what happened and, when it opened, a session token. Five wrong dates end the link.
    """
    session = secrets.token_urlsafe(32)
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_link(%s, %s, %s)", [token, born, digest(session)])
        (entry,) = cursor.fetchone()
    return entry, session if entry == "open" else ""


@transaction.atomic
def answer(
    checkin: Checkin,
    link_id: str,
    value: Value,
    *,
    channel: Channel,
    at: datetime,
    by: User | UUID | None = None,
) -> None:
    """Keep one answer as it is given. A red flag is followed up even if nothing more comes."""
    checkin = _locked(checkin)
    _must_be_open(checkin, channel, at=at)
    if answers_so_far(checkin).get(link_id) == value:
        return
    Answer.objects.create(
        checkin=checkin,
        person_id=checkin.person_id,
        link_id=link_id,
        value=value,
        channel=by_whom(checkin, channel)[0],
        by_id=_id_of(by),
        at=at,
    )
    questionnaire = pack_of(checkin).questionnaire
    if questionnaire.emergency(questionnaire.item(link_id), value):
        _note(checkin, "checkin.red_flag", at=at, by=by)


def _must_be_open(checkin: Checkin, channel: Channel, *, at: datetime) -> None:
    """A call may still answer what was missed; online it ends when it closes, to the second."""
    if checkin.status == Checkin.Status.ANSWERED:
        raise NoLongerOpen("These answers have been sent in already.")
    may_be_answered = Checkin.MOVES.allows(checkin.status, Checkin.Status.ANSWERED)
    if not may_be_answered or (channel in ONLINE and at >= checkin.closes_at):
        raise NoLongerOpen("This check-in is closed.")


@dataclass(frozen=True)
class Stored:
    """What became of a submission: stored now, the same as before, or kept as a conflict."""

    response: Response
    outcome: Literal["stored", "same", "conflict"]


@transaction.atomic
def submit(
    checkin: Checkin,
    submission_id: UUID,
    *,
    channel: Channel,
    at: datetime,
    by: User | UUID | None = None,
    answers: Mapping[str, Value] | None = None,
) -> Stored:
    """Take in a finished check-in, once.

    The answers are those kept so far, unless given. Sent again, however often, it stays one
    response; other answers after the first are refused and kept for a person to look at. Raises
    NotFinished when a required question has no answer, NoLongerOpen when nobody is asking.
    """
    checkin = _locked(checkin)
    said: Mapping[str, Any] = answers if answers is not None else answers_so_far(checkin)
    given: dict[str, Value] = {**pack_of(checkin).questionnaire.prune(said)}  # type: ignore[dict-item]
    sent = Response.objects.filter(checkin=checkin).first()
    if sent:
        return _sent_before(sent, checkin, submission_id, given, channel=channel, at=at, by=by)
    _must_be_open(checkin, channel, at=at)
    if missing := pack_of(checkin).questionnaire.missing(given):
        raise NotFinished(tuple(item.link_id for item in missing))
    return Stored(_store(checkin, submission_id, given, channel=channel, at=at, by=by), "stored")


def _store(
    checkin: Checkin,
    submission_id: UUID,
    answers: dict[str, Value],
    *,
    channel: Channel,
    at: datetime,
    by: User | UUID | None,
) -> Response:
    channel, on_behalf = by_whom(checkin, channel)
    response = Response(
        submission_id=submission_id,
        checkin=checkin,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
        pack_id=checkin.pack_id,
        answers=answers,
        content_hash=content_hash(answers),
        channel=channel,
        by_id=_id_of(by),
        on_behalf=on_behalf,
        at=at,
    )
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError:
        # Under the lock this check-in has no response yet: the number was used for another one.
        raise NumberTaken("These answers were numbered wrongly. Please send them again.") from None
    _answered(checkin, response, at=at, by=by)
    return response


def _answered(
    checkin: Checkin, response: Response, *, at: datetime, by: User | UUID | None
) -> None:
    checkin.move_to(Checkin.Status.ANSWERED)
    checkin.answered_at, checkin.ended_because = at, ""
    checkin.save(update_fields=["status", "answered_at", "ended_because"])
    record(
        "response.given",
        response.pk,
        at=at,
        by=by,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
        channel=response.channel,
    )


def _sent_before(
    sent: Response,
    checkin: Checkin,
    submission_id: UUID,
    answers: dict[str, Value],
    *,
    channel: Channel,
    at: datetime,
    by: User | UUID | None,
) -> Stored:
    fingerprint = content_hash(answers)
    if fingerprint == sent.content_hash:
        return Stored(sent, "same")
    kept, is_new = Conflict.objects.get_or_create(
        checkin=checkin,
        content_hash=fingerprint,
        defaults={
            "response": sent,
            "person_id": checkin.person_id,
            "submission_id": submission_id,
            "answers": answers,
            "channel": channel,
            "at": at,
        },
    )
    if is_new:
        record(
            "response.conflict",
            kept.pk,
            at=at,
            by=by,
            person_id=checkin.person_id,
            programme_id=checkin.programme_id,
        )
    return Stored(sent, "conflict")


def _locked(checkin: Checkin) -> Checkin:
    return Checkin.objects.select_for_update(of=("self",)).get(pk=checkin.pk)


def _id_of(by: User | UUID | None) -> UUID | None:
    return by.pk if isinstance(by, User) else by


def _note(checkin: Checkin, name: str, *, at: datetime, by: User | UUID | None = None) -> None:
    record(
        name,
        checkin.pk,
        at=at,
        by=by,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
    )
