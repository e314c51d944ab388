"""Trouble on request: which send fails, and how."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

Trouble = Literal[
    "status",  # answer with this status, accept nothing
    "accepted_status",  # accept, then answer with this status
    "drop",  # cut the connection, accept nothing
    "accepted_drop",  # accept, then cut the connection
    "stall",  # say nothing for some seconds, then cut; accept nothing
    "accepted_stall",  # accept, say nothing for some seconds, then cut
    "slow",  # accept, and answer as usual after some seconds
    "error_as_success",  # answer 200 with an error inside, accept nothing
    "empty_success",  # accept, and answer 201 with an empty object
    "not_json",  # accept, and answer 201 with text that is no JSON
]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the n-th send from now, counted from 1; with every send if 0."""

    at: int
    trouble: Trouble
    status: int = 500
    seconds: float = 0.0
    retry_after: int | None = None

    @property
    def accepts(self) -> bool:
        return self.trouble.startswith("accepted_") or self.trouble in (
            "slow",
            "empty_success",
            "not_json",
        )


class Script:
    """The faults still to come, shared by every connection."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = Lock()
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        with self._lock:
            self._faults, self._sends = tuple(faults), 0

    def next(self) -> Fault | None:
        with self._lock:
            self._sends += 1
            return next((each for each in self._faults if each.at in (0, self._sends)), None)
