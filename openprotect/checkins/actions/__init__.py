"""Asking, keeping each answer as it is given, and taking in a finished check-in once."""

import secrets
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import connection, transaction

from openprotect.accounts.models import User
from openprotect.accounts.rules import digest
from openprotect.checkins.actions.holding import ONLINE, id_of, locked, must_be_open, note
from openprotect.checkins.actions.standing_in import by_whom
from openprotect.checkins.actions.submitting import Stored, submit
from openprotect.checkins.models import Answer, Channel, Checkin, Link
from openprotect.checkins.queries import answers_so_far
from openprotect.checkins.rules import CODE_LENGTH, CODE_SIGNS, Slot, Value, shown_code
from openprotect.enrolments.models import Enrolment
from openprotect.programmes.queries import pack_of


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
    checkin = locked(checkin)
    if checkin.status != start:
        return
    checkin.move_to(end)
    checkin.save(update_fields=["status"])
    note(checkin, event, at=at)


@transaction.atomic
def cancel(checkin: Checkin, *, because: str, at: datetime) -> None:
    """No longer ask: the person left, or may not be contacted."""
    checkin = locked(checkin)
    if not Checkin.MOVES.allows(checkin.status, Checkin.Status.CANCELLED):
        return
    checkin.move_to(Checkin.Status.CANCELLED)
    checkin.ended_because = because
    checkin.save(update_fields=["status", "ended_because"])
    note(checkin, "checkin.cancelled", at=at)


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
    checkin = locked(checkin)
    must_be_open(checkin, channel, at=at)
    if answers_so_far(checkin).get(link_id) == value:
        return
    Answer.objects.create(
        checkin=checkin,
        person_id=checkin.person_id,
        link_id=link_id,
        value=value,
        channel=by_whom(checkin, channel)[0],
        by_id=id_of(by),
        at=at,
    )
    questionnaire = pack_of(checkin).questionnaire
    if questionnaire.emergency(questionnaire.item(link_id), value):
        note(checkin, "checkin.red_flag", at=at, by=by)


__all__ = [
    "ONLINE",
    "Channel",
    "Entry",
    "Stored",
    "answer",
    "cancel",
    "enter",
    "issue_code",
    "issue_link",
    "link_is_usable",
    "miss",
    "open_now",
    "part",
    "plan",
    "submit",
]
