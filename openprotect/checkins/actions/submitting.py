"""Taking in a finished check-in, once: almost always in one call to the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction

from openprotect.accounts.models import User
from openprotect.checkins.actions.holding import id_of, locked, must_be_open
from openprotect.checkins.actions.standing_in import by_whom
from openprotect.checkins.models import Channel, Checkin, Conflict, Response
from openprotect.checkins.queries import Asked, answers_so_far
from openprotect.checkins.rules import NotFinished, NumberTaken, Value, content_hash
from openprotect.events.actions import record
from openprotect.governance.actions import record_access
from openprotect.programmes.queries import pack_of

TAKE_IN = """
SELECT take_in_checkin(%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s)
"""
Noted = tuple[str, str]  # what is written into the access log, and why


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
    asked: Asked | None = None,
    noted: Noted | None = None,
    on_behalf: str = "",
) -> Stored:
    """Take in a finished check-in, once.

    The answers are those kept so far (as `asked` has read them), unless given. Sent again, however
    often, it stays one response; other answers after the first are refused and kept for a person to
    look at. Raises NotFinished when a required question has no answer, NoLongerOpen when nobody is
    asking. `noted` goes to the access log with it.
    """
    given, seen = _given(checkin, answers, asked)
    if given is not None:
        sent = _Sent(checkin, submission_id, given, channel, at, id_of(by))
        if response := _take_in(sent, seen, noted or ("", "")):
            return Stored(response, "stored")
    stored = _submit(
        checkin, submission_id, channel=channel, at=at, by=by, answers=answers, on_behalf=on_behalf
    )
    if noted:
        record_access([checkin.person_id], what=noted[0], why=noted[1])
    return stored


@dataclass(frozen=True)
class _Sent:
    """A finished check-in as it was sent, with answers to what was asked alone."""

    checkin: Checkin
    submission_id: UUID
    answers: Mapping[str, Any]
    channel: Channel
    at: datetime
    by: UUID | None


def _given(
    checkin: Checkin, answers: Mapping[str, Value] | None, asked: Asked | None
) -> tuple[Mapping[str, Any] | None, int | None]:
    """The answers to store, if they are whole, and the last of them that was seen."""
    if answers is None:
        return (asked.given, asked.last_answer) if asked and asked.is_whole else (None, None)
    form = pack_of(checkin).questionnaire
    given = form.prune(answers)
    return (None if form.missing(given) else given), None


def _take_in(sent: _Sent, seen: int | None, noted: Noted) -> Response | None:
    """Store it where nothing is out of the ordinary: open, sent once, by the person.

    None says that somebody has to look closer; nothing was stored then.
    """
    given: dict[str, Any] = {**sent.answers}
    response = Response(
        id=uuid4(),
        submission_id=sent.submission_id,
        checkin=sent.checkin,
        person_id=sent.checkin.person_id,
        programme_id=sent.checkin.programme_id,
        pack_id=sent.checkin.pack_id,
        answers=given,
        content_hash=content_hash(given),
        channel=sent.channel,
        by_id=sent.by,
        at=sent.at,
    )
    values = (
        *(sent.checkin.pk, response.pk, sent.submission_id, json.dumps(given)),
        *(response.content_hash, sent.channel, sent.by, sent.at, seen, *noted),
    )
    with connection.cursor() as cursor:
        cursor.execute(TAKE_IN, values)
        (is_stored,) = cursor.fetchone()
    response._state.adding = False
    return response if is_stored else None


def _submit(
    checkin: Checkin,
    submission_id: UUID,
    *,
    channel: Channel,
    at: datetime,
    by: User | UUID | None,
    answers: Mapping[str, Value] | None,
    on_behalf: str = "",
) -> Stored:
    checkin = locked(checkin)
    said: Mapping[str, Any] = answers if answers is not None else answers_so_far(checkin)
    given: dict[str, Value] = {**pack_of(checkin).questionnaire.prune(said)}  # type: ignore[dict-item]
    sent = Response.objects.filter(checkin=checkin).first()
    if sent:
        return _sent_before(sent, checkin, submission_id, given, channel=channel, at=at, by=by)
    must_be_open(checkin, channel, at=at)
    if missing := pack_of(checkin).questionnaire.missing(given):
        raise NotFinished(tuple(item.link_id for item in missing))
    stored = _store(
        checkin, submission_id, given, channel=channel, at=at, by=by, on_behalf=on_behalf
    )
    return Stored(stored, "stored")


def _store(
    checkin: Checkin,
    submission_id: UUID,
    answers: dict[str, Value],
    *,
    channel: Channel,
    at: datetime,
    by: User | UUID | None,
    on_behalf: str = "",
) -> Response:
    channel, by_link = by_whom(checkin, channel)
    response = Response(
        submission_id=submission_id,
        checkin=checkin,
        person_id=checkin.person_id,
        programme_id=checkin.programme_id,
        pack_id=checkin.pack_id,
        answers=answers,
        content_hash=content_hash(answers),
        channel=channel,
        by_id=id_of(by),
        on_behalf=on_behalf or by_link,
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
