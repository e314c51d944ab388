"""Working in the background, under the worker's own session."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.db import close_old_connections

from openprotect.accounts.actions import WORKER, acting_as, sign_in_with_key
from openprotect.base.refusals import Refused

KEY_FILE = "worker.key"


@cache
def _token() -> str:
    """The session of this process: opened once, with the key that set-up left for workers."""
    path = settings.OPENPROTECT.home / KEY_FILE
    if not path.exists():
        raise Refused("There is no worker key yet: run `openprotect setup` first.")
    return sign_in_with_key(WORKER, bytes.fromhex(path.read_text().strip()))


@contextmanager
def as_worker() -> Iterator[None]:
    """Do what follows as the background worker."""
    close_old_connections()
    with acting_as(_token()):
        yield
