"""Sending documents to practices, and noting what their systems answer."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import F

from openprotect.events.actions import record
from openprotect.messages.rules import LEASE
from openprotect.referrals.models import Document

Status = Document.Status
MOST_ATTEMPTS = 5
TRY_AGAIN_AFTER = timedelta(minutes=10)
BECAME = {
    Status.SENT: "document.sent",
    Status.ACCEPTED: "document.accepted",
    Status.REFUSED: "document.refused",
    Status.FAILED: "document.failed",
}


class CannotSend(Exception):
    """This document cannot be sent, now or ever; the message says why, without details."""


class Answered(Protocol):
    """What a practice's system says of one document."""

    @property
    def letter_id(self) -> UUID: ...
    @property
    def is_accepted(self) -> bool: ...
    @property
    def because(self) -> str: ...


class Answers(Protocol):
    """Where answers come in."""

    def answers(self) -> Iterator[tuple[Path, Answered | None]]: ...
    def read(self, path: Path) -> None: ...


Post = Callable[[Document], None]


def send_documents(*, at: datetime, post: Post, limit: int = 50) -> int:
    """Send the documents that are due, each once. `post` hands one over, or raises CannotSend."""
    done = 0
    while done < limit and (document := _claim(at=at)):
        try:
            post(document)
        except CannotSend as why:
            _fail(document, str(why), at=at)
        else:
            _settle(document, Status.SENT, at=at)
        done += 1
    return done


@transaction.atomic
def _claim(*, at: datetime) -> Document | None:
    """Take the next due document under a lease; one replaced meanwhile is sent all the same."""
    due = Document.objects.filter(status__in=[Status.DUE, Status.SENDING], due_at__lte=at)
    lockable = due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id")
    document = lockable.select_related("alert__team__organisation", "practice").first()
    if document is None:
        return None
    Document.objects.filter(pk=document.pk).update(
        status=Status.SENDING, due_at=at + LEASE, attempts=F("attempts") + 1
    )
    document.refresh_from_db(fields=["status", "attempts"])
    return document


def _fail(document: Document, why: str, *, at: datetime) -> None:
    if document.attempts < MOST_ATTEMPTS:
        waiting = Document.objects.filter(pk=document.pk, status=Status.SENDING)
        waiting.update(due_at=at + TRY_AGAIN_AFTER)
        return
    _settle(document, Status.FAILED, at=at, because=why)


def take_in_answers(*, at: datetime, inbox: Answers) -> int:
    """Note every answer that came in, once; what is none of ours is left for whoever's it is."""
    noted = 0
    for path, answer in inbox.answers():
        if answer is None:
            continue
        document = Document.objects.filter(pk=answer.letter_id).first()
        if document:
            became = Status.ACCEPTED if answer.is_accepted else Status.REFUSED
            noted += _settle(document, became, at=at, because=answer.because)
        inbox.read(path)
    return noted


@transaction.atomic
def _settle(
    document: Document, status: Document.Status, *, at: datetime, because: str = ""
) -> bool:
    """Move a document forward, never back: a late or repeated answer changes nothing."""
    before = [Status.SENT] if status in (Status.ACCEPTED, Status.REFUSED) else [Status.SENDING]
    changed = Document.objects.filter(pk=document.pk, status__in=before).update(
        status=status, settled_at=at, because=because[:200]
    )
    if changed:
        record(
            BECAME[status],
            document.pk,
            at=at,
            person_id=document.person_id,
            programme_id=document.programme_id,
        )
    return bool(changed)
