"""Clearing away what killed imports, and imports not taken, left beside the lake."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import Q

from openprotect.records.actions.matching import INCOMING
from openprotect.records.lake import folder_of
from openprotect.records.models import Changeset

LEFT_ALONE_FOR = timedelta(hours=24)


def sweep(folder: Path, *, at: datetime) -> int:
    """Remove folders that no changeset points to and that nobody has written to for a day."""
    removed = 0
    for settled in Changeset.objects.exclude(status__in=Changeset.OPEN).values_list(
        "pk", flat=True
    ):
        shutil.rmtree(folder_of(folder, settled) / INCOMING, ignore_errors=True)
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
        place = UUID(name)
    except ValueError:
        return True
    pointing = Q(pk=place) | Q(place=place) | Q(staged=place) | Q(generation=place) | Q(base=place)
    return Changeset.objects.exclude(status=Changeset.Status.REFUSED).filter(pointing).exists()
