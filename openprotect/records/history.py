"""The lake as it was on an earlier day."""

from datetime import datetime
from uuid import UUID

from openprotect.records.models import Changeset
from openprotect.records.queries import NoRecords


def generation_at(moment: datetime) -> UUID:
    """The generation that was present at this moment. Raises NoRecords when there was none yet."""
    taken = Changeset.objects.committed().filter(generation__isnull=False, settled_at__lte=moment)
    last = taken.newest_first().first()
    if last is None or last.generation is None:
        raise NoRecords(f"No records had been imported by {moment:%d %B %Y}.")
    return last.generation
