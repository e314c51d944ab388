"""Chance that is the same each time: every draw follows from the seed and what is drawn about."""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import TypeVar
from unittest.mock import patch

Thing = TypeVar("Thing")


class Dice:
    """Draws that depend on the seed and on what they are about, never on when they are made."""

    def __init__(self, seed: int) -> None:
        self._seed = f"{seed}/".encode()

    def chance(self, *about: object) -> float:
        """A number from 0 up to 1, the same whenever it is asked about the same."""
        drawn = blake2b(self._seed + repr(about).encode(), digest_size=7).digest()
        return int.from_bytes(drawn, "big") / (1 << 56)

    def happens(self, share: float, *about: object) -> bool:
        return self.chance(*about) < share

    def one_of(self, things: Sequence[Thing], *about: object) -> Thing:
        return things[int(self.chance(*about) * len(things))]


@contextmanager
def seeded_ids(seed: int) -> Iterator[None]:
    """Ids made meanwhile follow from the seed, so that what is ordered by id comes the same twice.

    For a process that simulates, and for nothing else: tokens and ids can be foretold.
    """
    drawn = random.Random(seed)  # noqa: S311 - foretelling is the purpose
    with patch.object(os, "urandom", drawn.randbytes):
        yield
