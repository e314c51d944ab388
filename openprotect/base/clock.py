"""The service's time, told by the database: real time, but for a demonstration's moved clock."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """This instant, UTC. For pages, commands and worker loops only; domain code is given `at`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT openprotect_now()")
        (instant,) = cursor.fetchone()
    return datetime.fromtimestamp(instant.timestamp(), UTC)
