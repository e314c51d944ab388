"""Several callers at the same moment, each with a connection and a session of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from tests import given


def at_once(*acts, as_who=given.as_worker):
    """What each act gave, or the exception it ended with, in the order given."""
    start = Barrier(len(acts))

    def run(act):
        try:
            with as_who():
                start.wait(timeout=20)
                return act()
        except Exception as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
