"""One import from files to changeset: read, decide, write beside the lake, then commit or hold."""

import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from openprotect.base.refusals import Refused
from openprotect.records import lake, queries
from openprotect.records.actions import reading
from openprotect.records.actions.staging import Stage, Staged
from openprotect.records.models import Changeset, ChangesetCount, ChangesetProblem
from openprotect.records.readers import incoming
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import Extract
from openprotect.records.readers.limits import Limits
from openprotect.records.readers.reading import Reading
from openprotect.records.readers.sources import Caps
from openprotect.records.rules import stops
from openprotect.records.rules.identity import Practice
from openprotect.records.rules.values import Kind, Outcome

ONE_IMPORT_AT_A_TIME = 0x1A4E
MOST_PROBLEMS = 10_000
Problem = tuple[str, str, int, str, str]


class ImportUnderWay(Refused):
    """Another import has not finished."""


class LakeMoved(Refused):
    """The lake is no longer the one this import was compared with."""


class NeedsAnother(Refused):
    """A held import is let through by somebody other than who ran it."""


@dataclass(frozen=True)
class Options:
    """What an import is told besides its files.

    People without a number are given made-up identities when `practices` are named. `permitted`
    are the kinds of events that need a legal basis of their own, and have one here.
    """

    source: str = ""
    declared: Declared = field(default_factory=Declared)
    synthetic: bool = False
    practices: Sequence[Practice] = ()
    permitted: frozenset[str] = frozenset()
    caps: Caps = field(default_factory=Caps)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Taken:
    """What became of an import, in numbers; `refused` names the bundles not taken, and why."""

    changeset: Changeset
    counts: Sequence[ChangesetCount]
    refused: Sequence[str]


def take_in(
    paths: Sequence[Path], options: Options, *, folder: Path, today: date, by: str, at: datetime
) -> Taken:
    """Import these files: all of it, or, when the whole looks wrong, none until approved.

    Files are written first. The lake changes at the commit of one transaction, and not before:
    killed anywhere, an import leaves either the old lake or the new one.
    """
    with _alone():
        name = uuid.uuid4()
        staged_folder = lake.folder_of(folder, name)
        read_as = Reading(paths, today=today, folder=staged_folder, **vars(options))
        try:
            staged_folder.mkdir(mode=0o700, parents=True)
            return _import(read_as, name, folder, by=by, at=at)
        except Exception:
            shutil.rmtree(staged_folder, ignore_errors=True)
            raise


def _import(read_as: Reading, name: UUID, folder: Path, *, by: str, at: datetime) -> Taken:
    base = queries.present_generation()
    present = lake.open_generation(folder, base) if base else None
    place = lake.folder_of(folder, name)
    extract = reading.read(read_as)
    stage = Stage(place, present, extract)
    try:
        staged = stage.decide()
        problems = stage.problems(staged, MOST_PROBLEMS)
        stage.write_held(staged)
        if staged.changes:
            stage.write(staged)
    finally:
        stage.close()
    incoming.clear(place)
    lake.seal_onto(place, name, present, source=extract.source)
    changeset = _changeset(extract, staged, name, base, by=by, at=at)
    counts = _counts(changeset, staged)
    commit(changeset, counts, problems)
    return Taken(changeset, counts, [str(why) for why in extract.refused])


@transaction.atomic
def commit(
    changeset: Changeset, counts: Sequence[ChangesetCount], problems: Sequence[Problem]
) -> None:
    """The one moment at which an import is taken: before it nothing points to its files."""
    newest = Changeset.objects.select_for_update().newest_first().first()
    if changeset.base != queries.present_generation():
        raise LakeMoved("Another import was taken meanwhile: import these files again.")
    changeset.number = newest.number + 1 if newest else 1
    changeset.save(force_insert=True)
    ChangesetCount.objects.bulk_create(counts)
    ChangesetProblem.objects.bulk_create(
        [
            ChangesetProblem(
                changeset=changeset, kind=kind, file=file, row=row, outcome=outcome, reason=reason
            )
            for kind, file, row, outcome, reason in problems
        ],
        batch_size=2000,
    )


@transaction.atomic
def approve(changeset: Changeset, *, folder: Path, by: str, at: datetime) -> Changeset:
    """A second person lets a held import through. Approving it again changes nothing."""
    held = Changeset.objects.select_for_update().get(pk=changeset.pk)
    if held.status == Changeset.Status.COMMITTED:
        return held
    if held.by == by:
        raise NeedsAnother("Whoever ran an import may not approve it: ask a second person.")
    if held.base != queries.present_generation():
        raise LakeMoved("The records have changed since: import these files again.")
    if held.staged:
        lake.open_generation(folder, held.staged)
    last = Changeset.objects.aggregate(last=Max("number"))["last"]
    held.status, held.generation = Changeset.Status.COMMITTED, held.staged or held.base
    held.number, held.approved_by, held.settled_at = last + 1, by, at
    held.save()
    return held


def _changeset(
    extract: Extract, staged: Staged, name: UUID, base: UUID | None, *, by: str, at: datetime
) -> Changeset:
    held_for = stops.reasons(_in_numbers(extract, staged))
    made = name if staged.changes else None
    return Changeset(
        id=name,
        source=extract.source,
        status=Changeset.Status.HELD if held_for else Changeset.Status.COMMITTED,
        generation=None if held_for else (made or base),
        staged=made,
        base=base,
        extract_on=extract.extract_on,
        newest_event_on=staged.newest_event_on,
        is_whole=extract.is_whole,
        stops=held_for,
        reasons=dict(staged.reasons),
        left_out=dict(extract.left_out),
        notes=dict(extract.notes),
        bundles_read=extract.bundles_read,
        bundles_refused=len(extract.refused),
        started_at=at,
        settled_at=None if held_for else at,
        by=by,
    )


def _in_numbers(extract: Extract, staged: Staged) -> stops.Extract:
    return stops.Extract(
        rows=list(extract.rows_by_file.values()),
        misshapen=extract.misshapen,
        people=len(staged.decisions.taken),
        people_before=staged.people_before,
        practices_missing=staged.practices_missing,
        extract_on=extract.extract_on,
        last_extract_on=queries.last_extract_on(extract.source),
        is_whole=extract.is_whole,
    )


def _counts(changeset: Changeset, staged: Staged) -> list[ChangesetCount]:
    return [
        ChangesetCount(
            changeset=changeset,
            kind=kind,
            rows=sum(counts.values()),
            removed=staged.removed if kind == Kind.EVENTS else 0,
            **{outcome.value: counts[outcome.value] for outcome in Outcome},
        )
        for kind, counts in staged.counts.items()
    ]


@contextmanager
def _alone() -> Iterator[None]:
    """Two imports at once would each be compared with a lake that the other changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        if not cursor.fetchone()[0]:
            raise ImportUnderWay("Another import is under way: wait until it has finished.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_IMPORT_AT_A_TIME])
