"""A home of its own for a command that makes everything up: fresh, and gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openprotect.base.postgres import LocalPostgres

OURS = ("HOME", "MODE", "DATABASE_URL", "APP_URL", "OWNER_URL", "IMPORT_URL")


@contextmanager
def home(*, keep: bool) -> Iterator[None]:
    """A fresh home with an embedded database; an installation's own is never touched."""
    for name in OURS:
        os.environ.pop(f"OPENPROTECT_{name}", None)
    place = Path(tempfile.mkdtemp(prefix="openprotect-season-"))
    os.environ |= {"OPENPROTECT_HOME": str(place), "OPENPROTECT_MODE": "demo"}
    try:
        yield
    finally:
        if keep:
            print(f"kept: OPENPROTECT_MODE=demo OPENPROTECT_HOME={place}")
        else:
            LocalPostgres(place).destroy()
            shutil.rmtree(place, ignore_errors=True)
