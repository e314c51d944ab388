"""One import at a time, and one change of what the lake points to at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from openprotect.base.refusals import Refused

ONE_IMPORT_AT_A_TIME = 0x1A4E
ONE_POINTER = 0x1A4F


class ImportUnderWay(Refused):
    """Another import has not finished."""


@contextmanager
def alone() -> Iterator[None]:
    """Two imports at once would each be compared with a lake that the other changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        row = cursor.fetchone()
        if not (row and row[0]):
            raise ImportUnderWay("Another import is under way: wait until it has finished.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_IMPORT_AT_A_TIME])


def hold_the_pointer() -> None:
    """Until the transaction ends, nobody else takes or undoes an import."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_POINTER])
