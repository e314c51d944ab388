"""A second process of background work in a season: it draws and sends documents meanwhile."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event

from django.db import connections

from openprotect.base import clock
from openprotect.pathway.rounds import tend_documents
from openprotect.pathway.work import as_worker

PAUSE = 0.3  # seconds between two looks


@contextmanager
def documents_sent_beside() -> Iterator[None]:
    """Meanwhile another process tends the documents, as a second worker does.

    What a season counts does not depend on when that is: nothing follows a document. To be entered
    before ids follow from a seed, and under no session: the processes share no connection.
    """
    connections.close_all()
    forking = multiprocessing.get_context("fork")
    over = forking.Event()
    beside = forking.Process(target=_tend_until, args=(over,))
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def _tend_until(over: Event) -> None:
    """Until the season is over, and then until none is left."""
    while _tend() or not over.wait(PAUSE):
        pass


def _tend() -> bool:
    with as_worker():
        return any(tend_documents(at=clock.now()).values())
