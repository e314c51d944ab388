"""One import from files to changeset: read, match, then taken at once or left to be looked at."""

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from openprotect.events.actions import record
from openprotect.records import lake, queries
from openprotect.records.actions import reading
from openprotect.records.actions.alone import alone, hold_the_pointer
from openprotect.records.actions.matching import INCOMING, Matched, match
from openprotect.records.actions.reviewing import LakeMoved, take
from openprotect.records.models import Changeset, ChangesetCount, ChangesetProblem
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import Extract
from openprotect.records.readers.limits import Limits as ReaderLimits
from openprotect.records.readers.reading import Reading
from openprotect.records.readers.sources import Caps
from openprotect.records.rules.identity import Practice
from openprotect.records.rules.limits import USUAL, Limits


@dataclass(frozen=True)
class Options:
    """What an import is told besides its files.

    People without a number are given made-up identities when `practices` are named. `permitted`
    are the kinds of events that need a legal basis of their own, and have one here. With `review`
    nothing is taken before somebody has looked at it; `stops` are the limits of this installation.
    """

    source: str = ""
    declared: Declared = field(default_factory=Declared)
    synthetic: bool = False
    practices: Sequence[Practice] = ()
    permitted: frozenset[str] = frozenset()
    caps: Caps = field(default_factory=Caps)
    limits: ReaderLimits = field(default_factory=ReaderLimits)
    review: bool = False
    stops: Limits = field(default_factory=lambda: USUAL)

    def reading(self, paths: Sequence[Path], *, today: date, folder: Path) -> Reading:
        return Reading(
            paths,
            source=self.source,
            declared=self.declared,
            today=today,
            synthetic=self.synthetic,
            folder=folder,
            practices=self.practices,
            permitted=self.permitted,
            caps=self.caps,
            limits=self.limits,
        )


@dataclass(frozen=True)
class Taken:
    """What became of an import, in numbers; `refused` names the bundles not taken, and why."""

    changeset: Changeset
    counts: Sequence[ChangesetCount]
    refused: Sequence[str]


def take_in(
    paths: Sequence[Path], options: Options, *, folder: Path, today: date, by: str, at: datetime
) -> Taken:
    """Import these files: all of it or nothing; or, where it must be looked at first, not yet.

    Files are written first. The lake changes at the commit of one transaction, and not before:
    killed anywhere, an import leaves either the old lake or the new one.
    """
    with alone():
        name = uuid.uuid4()
        place = lake.folder_of(folder, name)
        try:
            read_into = place / INCOMING
            read_into.mkdir(mode=0o700, parents=True)
            extract = reading.read(options.reading(paths, today=today, folder=read_into))
            matched = match(extract, name, folder=folder, today=today, limits=options.stops)
            changeset = changeset_of(extract, matched, by=by, at=at)
            waits = options.review or bool(matched.stops)
            keep(changeset, matched, folder=folder, waits=waits, by=by, at=at)
        except Exception:
            shutil.rmtree(place, ignore_errors=True)
            raise
    if not waits:
        shutil.rmtree(place / INCOMING)
    counts = list(changeset.counts.order_by("-kind"))
    return Taken(changeset, counts, [str(why) for why in extract.refused])


@transaction.atomic
def keep(
    changeset: Changeset, matched: Matched, *, folder: Path, waits: bool, by: str, at: datetime
) -> None:
    """The one moment at which an import is there: before it nothing points to its files."""
    hold_the_pointer()
    if changeset.base != queries.present_generation():
        raise LakeMoved("Another import was taken meanwhile: import these files again.")
    newest = Changeset.objects.newest_first().first()
    changeset.number = newest.number + 1 if newest else 1
    changeset.save(force_insert=True)
    ChangesetCount.objects.bulk_create(matched.count_rows(changeset))
    ChangesetProblem.objects.bulk_create(matched.problem_rows(changeset), batch_size=2000)
    rows = sum(sum(each.values()) for each in matched.staged.counts.values())
    record("import.staged", changeset.pk, at=at, by_name=by, number=changeset.number, rows=rows)
    matched.note_on(changeset, by=by, at=at)
    if not waits:
        take(changeset, folder=folder, by=by, user=None, at=at)


def changeset_of(extract: Extract, matched: Matched, *, by: str, at: datetime) -> Changeset:
    """The import as a row, matched and not kept yet."""
    changeset = Changeset(
        id=matched.place,
        source=extract.source,
        extract_on=extract.extract_on,
        is_whole=extract.is_whole,
        left_out=dict(extract.left_out),
        bundles_read=extract.bundles_read,
        bundles_refused=len(extract.refused),
        started_at=at,
        by=by,
    )
    matched.write_on(changeset)
    return changeset
