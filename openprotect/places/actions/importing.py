"""Bringing the open organisation files into the tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.places.actions.writing import (
    Became,
    write_organisations,
    write_relationships,
    write_teams,
)
from openprotect.places.models import Organisation
from openprotect.places.rules import (
    FILES,
    WORKED_OUT,
    Plan,
    Rejected,
    StatedOrganisation,
    StatedRelationship,
    StatedTeam,
    Tally,
    UnreadableFile,
    plan,
)

IMPORT_LOCK = 0x706C61636573  # "places"; PostgreSQL wants a number


class ImportUnderWay(Refused):
    """Two imports at once would each see half of the other."""


@dataclass(frozen=True)
class Imported:
    """What an import did: an equation for each file, the rows it left out, what it noticed."""

    tallies: tuple[Tally, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]

    @property
    def balances(self) -> bool:
        return all(tally.balances for tally in self.tallies)

    @property
    def added(self) -> int:
        return sum(tally.added for tally in self.tallies)

    @property
    def changed(self) -> int:
        return sum(tally.changed for tally in self.tallies)


@transaction.atomic
def import_places(
    folder: Path, *, at: datetime, by: UUID | None = None, demo: bool = False
) -> Imported:
    """Make the tables say what the folder's files say; doing it again changes nothing.

    All or nothing. Nothing is deleted: a place that a newer file leaves out stays as it is.
    """
    stated = plan(_texts(folder), demo=demo)
    _one_at_a_time()
    became = Counter(
        chain(
            write_organisations(stated.organisations),
            write_relationships(stated.relationships),
            write_teams(stated.teams),
        )
    )
    imported = Imported(_tallies(stated, became), stated.rejected, stated.notes)
    if imported.added or imported.changed:
        system = Organisation.objects.filter(kind=Organisation.Kind.SYSTEM).earliest("opened_on")
        record(
            "places.imported",
            system.pk,
            at=at,
            by=by,
            added=imported.added,
            changed=imported.changed,
        )
    return imported


def _texts(folder: Path) -> Mapping[str, str]:
    texts = {}
    for name in FILES:
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise UnreadableFile(f"{name} is missing from {folder}.") from None
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"{name} is not UTF-8 text (byte {error.start}).") from None
    return texts


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [IMPORT_LOCK])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise ImportUnderWay("Places are being imported already; wait until that has ended.")


def _tallies(stated: Plan, became: Mapping[Became, int]) -> tuple[Tally, ...]:
    rejected = Counter(each.source for each in stated.rejected)
    facts: list[StatedOrganisation | StatedRelationship | StatedTeam] = []
    facts += [*stated.organisations, *stated.relationships, *stated.teams]
    derived = sum(each.source == WORKED_OUT for each in facts)
    return tuple(
        Tally(
            source,
            rows,
            became[source, "added"],
            became[source, "changed"],
            became[source, "unchanged"],
            rejected[source],
        )
        for source, rows in {**stated.rows, WORKED_OUT: derived}.items()
    )
