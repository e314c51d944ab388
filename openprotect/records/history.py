"""The records as they were on an earlier day."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Q

from openprotect.records.models import Changeset
from openprotect.records.queries import NoRecords
from openprotect.records.store import Store, ready_store


def generation_at(moment: datetime) -> UUID:
    """The generation that was present just before this moment. Raises NoRecords if none was.

    What was undone later was present then; what was undone by then was not.
    """
    taken = Changeset.objects.filter(taken_as__isnull=False, settled_at__lt=moment)
    stood = taken.filter(Q(undone_at=None) | Q(undone_at__gte=moment), generation__isnull=False)
    last = stood.last_taken_first().first()
    if last is None or last.generation is None:
        raise NoRecords(f"No records had been imported by {moment:%d %B %Y}.")
    return last.generation


def store_at(folder: Path, moment: datetime) -> Store:
    """The store of the records as they were then. Raises LakeDamaged when they are not kept."""
    return ready_store(folder, generation_at(moment), at=moment)
