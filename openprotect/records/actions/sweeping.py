"""Clearing away what killed imports left beside the lake."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from openprotect.records.models import Changeset

LEFT_ALONE_FOR = timedelta(hours=24)


def sweep(folder: Path, *, at: datetime) -> int:
    """Remove folders that no changeset points to and that nobody has written to for a day."""
    removed = 0
    for place in folder.iterdir() if folder.is_dir() else ():
        if _is_old(place, at) and not _is_pointed_to(place.name):
            shutil.rmtree(place)
            removed += 1
    return removed


def _is_old(place: Path, at: datetime) -> bool:
    return (
        place.is_dir() and at.timestamp() - place.stat().st_mtime > LEFT_ALONE_FOR.total_seconds()
    )


def _is_pointed_to(name: str) -> bool:
    try:
        return Changeset.objects.filter(pk=UUID(name)).exists()
    except ValueError:
        return True
