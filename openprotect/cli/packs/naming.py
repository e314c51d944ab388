"""A pack as it is named on the command line: a folder, or KEY@VERSION of a published one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from openprotect.base.refusals import Refused
from openprotect.config import databases
from openprotect.packs.loading import load_cohort
from openprotect.packs.pack import Pack, Register

MEANT: Final = "a folder, or KEY@VERSION of a published pack"
PUBLISHED: Final = re.compile(r"([a-z][a-z0-9-]{1,39})@([0-9.]{5,11})")


def named_pack(words: str) -> Pack | Register:
    """The pack; the database is only started when one is named that lies in it."""
    if (folder := Path(words)).is_dir():
        return load_cohort(folder, settings.OPENPROTECT.codelists)
    found = PUBLISHED.fullmatch(words)
    if found is None:
        raise Refused(f"{words} is neither a folder nor KEY@VERSION of a published pack.")
    with database_at_hand():
        return published(*found.groups())


def published(key: str, version: str) -> Pack:
    from openprotect.programmes.queries import pack_version, version_of

    known = version_of(key, version)
    if known is None:
        raise Refused(f"There is no published version {version} of {key}.")
    return pack_version(known)


@contextmanager
def database_at_hand() -> Iterator[None]:
    """The database up and ready, read under the session of the background worker."""
    from openprotect.cli.ready import make_ready
    from openprotect.pathway.work import as_worker

    with databases.running():
        make_ready()
        with as_worker():
            yield
