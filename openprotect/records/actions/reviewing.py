"""What becomes of an import that was matched: shown, approved and taken, refused, or undone."""

import shutil
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.records import lake, queries
from openprotect.records.actions.alone import alone, hold_the_pointer
from openprotect.records.actions.matching import INCOMING, Matched, match
from openprotect.records.models import Changeset, ChangesetCount, ChangesetProblem
from openprotect.records.readers import incoming
from openprotect.records.rules.limits import USUAL, Limits
from openprotect.records.rules.values import Outcome

Status = Changeset.Status


class LakeMoved(Refused):
    """The lake is no longer the one this import was compared with."""


class NeedsAnother(Refused):
    """A stopped import is let through by somebody other than who ran it."""


class StalePreview(Refused):
    """What is approved is not what there is to approve."""


class SettledAlready(Refused):
    """Somebody else was quicker."""


class LaterOnes(Refused):
    """Other imports stand on this one."""


class NoReason(Refused):
    """What is refused or undone needs a reason that a later reader understands."""


def _locked(changeset: Changeset) -> Changeset:
    hold_the_pointer()
    return Changeset.objects.select_for_update().get(pk=changeset.pk)


def _note(name: str, changeset: Changeset, *, by: str, user: UUID | None, at: datetime) -> None:
    number, preview = changeset.number, changeset.preview
    record(name, changeset.pk, at=at, by=user, by_name=by, number=number, preview=preview)


@transaction.atomic
def show(changeset: Changeset, *, by: str, user: UUID | None = None, at: datetime) -> Changeset:
    """Somebody looks at the preview. Only the first look at each preview is on record."""
    if changeset.status != Status.MATCHED:
        return changeset
    seen = _locked(changeset)
    if seen.status == Status.MATCHED:
        seen.move_to(Status.SHOWN)
        seen.save(update_fields=["status"])
        _note("import.shown", seen, by=by, user=user, at=at)
    return seen


@transaction.atomic
def approve(
    changeset: Changeset,
    *,
    folder: Path,
    by: str,
    at: datetime,
    user: UUID | None = None,
    preview: str = "",
) -> Changeset:
    """Let an import through: exactly the preview that was looked at, onto the lake it was made for.

    Where something about the whole looked wrong, a second person does. Asked for twice by the
    same person, it changes nothing; anybody else is told who was quicker.
    """
    found = _locked(changeset)
    if found.status == Status.COMMITTED and found.approved_by == by:
        return found
    _check_open(found)
    if found.stops and found.by == by:
        raise NeedsAnother("Whoever ran an import may not approve it: ask a second person.")
    if found.status == Status.STAGED or found.base != queries.present_generation():
        raise LakeMoved("The records have changed since: it is matched again, look at it anew.")
    if preview and preview != found.preview:
        raise StalePreview("The preview has changed since you looked at it: look at it again.")
    return take(found, folder=folder, by=by, user=user, at=at)


def _check_open(found: Changeset) -> None:
    if found.is_open:
        return
    who = found.ended_by or found.approved_by or found.by
    raise SettledAlready(
        f"Import {found.number} is {found.get_status_display()} already, by {who}."
    )


def take(
    changeset: Changeset, *, folder: Path, by: str, user: UUID | None, at: datetime
) -> Changeset:
    """Inside a transaction that holds the pointer: approved, and the lake points to it."""
    if changeset.staged:
        lake.open_generation(folder, changeset.staged)
    changeset.move_to(Status.APPROVED)
    changeset.approved_by = by if changeset.stops or by != changeset.by else ""
    _note("import.approved", changeset, by=by, user=user, at=at)
    changeset.move_to(Status.COMMITTED)
    last = Changeset.objects.aggregate(last=Max("taken_as"))["last"] or 0
    changeset.taken_as, changeset.settled_at = last + 1, at
    changeset.generation = changeset.staged or changeset.base
    changeset.save()
    _note("import.committed", changeset, by=by, user=user, at=at)
    if changeset.changes_the_lake:
        _outdate_others(at=at)
    return changeset


def _outdate_others(*, at: datetime) -> None:
    """The lake changed: what waits must be matched anew before anybody approves it."""
    waiting = Changeset.objects.select_for_update().filter(
        status__in=[Status.MATCHED, Status.SHOWN]
    )
    for each in waiting.order_by("number"):
        each.move_to(Status.STAGED)
        each.save(update_fields=["status"])
        record("import.outdated", each.pk, at=at, number=each.number)


@transaction.atomic
def refuse(
    changeset: Changeset,
    *,
    folder: Path,
    by: str,
    because: str,
    at: datetime,
    user: UUID | None = None,
) -> Changeset:
    """It is not taken, now or later; what was read of it is removed."""
    found = _locked(changeset)
    if found.status == Status.REFUSED and found.ended_by == by:
        return found
    _check_open(found)
    found.move_to(Status.REFUSED)
    found.settled_at, found.ended_by, found.because = at, by, _reason(because)
    found.save()
    _note("import.refused", found, by=by, user=user, at=at)
    transaction.on_commit(lambda: _remove(folder, found))
    return found


def _reason(because: str) -> str:
    if not because.strip():
        raise NoReason("Say why: whoever looks later has only this to go by.")
    return because.strip()[:300]


def _remove(folder: Path, changeset: Changeset) -> None:
    for name in {changeset.pk, changeset.place}:
        if name:
            shutil.rmtree(lake.folder_of(folder, name), ignore_errors=True)


@transaction.atomic
def undo(
    changeset: Changeset,
    *,
    folder: Path,
    by: str,
    because: str,
    at: datetime,
    user: UUID | None = None,
    with_later: bool = False,
) -> Sequence[Changeset]:
    """The lake is again what it was without this import: the same files, to the byte.

    What was taken after it was compared with it, and so goes first: newest first, when asked for.
    """
    found = _locked(changeset)
    if found.status == Status.UNDONE and found.ended_by == by:
        return []
    Changeset.MOVES.check(found.status, Status.UNDONE)
    later = list(
        Changeset.objects.committed().filter(taken_as__gt=found.taken_as).last_taken_first()
    )
    if later and not with_later:
        numbers = ", ".join(str(each.number) for each in later)
        raise LaterOnes(f"Taken after it, and built on it: import {numbers}. Undo those first.")
    if found.base:
        lake.open_generation(folder, found.base)
    for each in (*later, found):
        each.move_to(Status.UNDONE)
        each.undone_at, each.ended_by, each.because = at, by, _reason(because)
        each.save()
        _note("import.undone", each, by=by, user=user, at=at)
    _outdate_others(at=at)
    return [*later, found]


def match_again(
    changeset: Changeset, *, folder: Path, by: str, at: datetime, limits: Limits = USUAL
) -> Changeset:
    """The world changed between preview and approval: the same rows against the lake as it is now.

    What the earlier preview said is kept, so that the next one shows what differs.
    """
    with alone():
        found = Changeset.objects.get(pk=changeset.pk)
        if not found.is_open or not _is_outdated(found):
            return found
        extract = incoming.open_extract(lake.folder_of(folder, found.pk) / INCOMING)
        matched = match(extract, uuid.uuid4(), folder=folder, today=at.date(), limits=limits)
        return _matched_anew(found, matched, by=by, at=at)


def _is_outdated(changeset: Changeset) -> bool:
    return changeset.status == Status.STAGED or changeset.base != queries.present_generation()


@transaction.atomic
def _matched_anew(changeset: Changeset, matched: Matched, *, by: str, at: datetime) -> Changeset:
    found = _locked(changeset)
    _check_open(found)
    if matched.base != queries.present_generation():
        raise LakeMoved("Another import was taken meanwhile: have it matched again.")
    found.before = queries.said_of(found)
    if found.status != Status.STAGED:
        found.move_to(Status.STAGED)
    matched.write_on(found)
    for row in matched.count_rows(found):
        values = {outcome.value: getattr(row, outcome.value) for outcome in Outcome}
        ChangesetCount.objects.filter(changeset=found, kind=row.kind).update(
            rows=row.rows, removed=row.removed, **values
        )
    ChangesetProblem.objects.bulk_create(matched.problem_rows(found), batch_size=2000)
    matched.note_on(found, by=by, at=at)
    return found
