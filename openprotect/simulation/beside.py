"""Other processes of a season: one sends documents, others do a share of what people do."""

import json
import multiprocessing
import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import TypeVar

from django.db import connections

from openprotect.base import clock
from openprotect.pathway.rounds import tend_documents
from openprotect.pathway.work import as_worker
from openprotect.simulation.chance import seeded_ids

PAUSE = 0.3  # seconds between two looks
Thing = TypeVar("Thing")
Did = Counter[str]


@dataclass(frozen=True)
class Share:
    """Every so many-th of a list, beginning at one's own place."""

    turn: int = 0
    of: int = 1

    def take(self, things: Sequence[Thing]) -> Sequence[Thing]:
        return things[self.turn :: self.of]


def shared(act: Callable[[Share], Did], hands: int, *, seed: int) -> Did:
    """Each hand does its share of an act, all but ours in a process forked for it."""
    others = [_begin(act, Share(turn, hands), seed + turn) for turn in range(1, hands)]
    done = act(Share(0, hands))
    for each in others:
        done.update(_end(*each))
    return done


def _begin(act: Callable[[Share], Did], share: Share, seed: int) -> tuple[int, int]:
    """A process that does its share, and a pipe on which it says what it did."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child:
        os.close(theirs)
        return child, ours
    status = 1
    try:
        # The parent's connections are left to the parent.
        for each in connections.all(initialized_only=True):
            each.connection = None
        with seeded_ids(seed), as_worker():
            os.write(theirs, json.dumps(act(share)).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _end(child: int, ours: int) -> Did:
    with os.fdopen(ours) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("a process that does a share of the season has failed")
    return Counter(json.loads(said))


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
