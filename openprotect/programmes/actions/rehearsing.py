"""Asking for a rehearsal of a draft, and keeping what it came to."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.programmes.models import Draft, Rehearsal, Rehearsed

MOST_DAYS = 400
AT_ONCE = 2_000


class Otherwise(NamedTuple):
    """One person who would have been judged otherwise, and how."""

    person_id: UUID
    kind: str
    was: str
    would_be: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@transaction.atomic
def ask(draft: Draft, *, days: int, viewer: Viewer, at: datetime) -> Rehearsal:
    """Have the draft put to the answers of the last days. Asked twice before it is done, once."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"Choose from 1 to {MOST_DAYS} days.")
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    same = {"draft": draft, "content_hash": draft.content_hash, "days": days, "done_at": None}
    waiting = Rehearsal.objects.filter(**same).first()
    if waiting:
        return waiting
    made = Rehearsal.objects.create(
        draft=draft,
        key=draft.key,
        title=draft.title,
        content_hash=draft.content_hash,
        days=days,
        asked_by_id=viewer.user_id,
        asked_at=at,
    )
    record("pack.rehearsal_asked", made.pk, by=viewer.user_id, at=at, version=draft.version)
    return made


@transaction.atomic
def keep(
    rehearsal: Rehearsal, found: Mapping[str, object], people: Iterable[Otherwise], *, at: datetime
) -> None:
    """What a rehearsal came to; kept once, however often it is worked out."""
    rehearsal = Rehearsal.objects.select_for_update(of=("self",)).get(pk=rehearsal.pk)
    if rehearsal.done_at:
        return
    rows = [Rehearsed(rehearsal=rehearsal, **each._asdict()) for each in people]
    Rehearsed.objects.bulk_create(rows, batch_size=AT_ONCE)
    rehearsal.found, rehearsal.done_at = dict(found), at
    rehearsal.save(update_fields=["found", "done_at"])


@transaction.atomic
def give_up(rehearsal: Rehearsal, trouble: str, *, at: datetime) -> None:
    """It cannot be worked out, and why."""
    Rehearsal.objects.filter(pk=rehearsal.pk, done_at=None).update(
        trouble=trouble[:200], done_at=at
    )
