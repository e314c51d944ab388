"""Waiting until background work has caught up with the clock."""

import time

from django.db import connection

from openprotect.cli.demonstration.browser import WalkFailed
from openprotect.pathway.work import as_worker

PATIENCE = 90.0
BUSY = """
SELECT (SELECT count(*) FROM events_event WHERE followed_up_at IS NULL AND attempts = 0)
     + (SELECT count(*) FROM messages_message WHERE status IN ('DUE', 'SENDING'))
     + (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
         AND task_name <> 'retry_stalled' AND scheduled_at IS NULL)
"""


def until_quiet() -> None:
    """No event waits, no message is due, no job is under way."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with as_worker(), connection.cursor() as cursor:
            cursor.execute(BUSY)
            (busy,) = cursor.fetchone()
        if not busy:
            return
        time.sleep(0.1)
    raise WalkFailed("background work did not catch up in a minute and a half")


def count(statement: str, *values: str) -> int:
    """One number, as the background worker may count it."""
    with as_worker(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        (number,) = cursor.fetchone()
    return int(number)
