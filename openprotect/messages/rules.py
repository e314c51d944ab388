"""What a gateway that carries texts promises, and when a send is worth trying again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=1)


class TryLater(Exception):
    """The provider could not be asked, or gave no final answer: the text may or may not be sent."""


class Undeliverable(Exception):
    """The provider will never take this text; the message says why, without personal details."""


@dataclass(frozen=True)
class Receipt:
    """The provider's word on a message: its own id, and sending, delivered, failed or unknown."""

    provider_id: str
    status: str


class Postbox(Protocol):
    """Something that carries texts and can be asked about one by our own reference."""

    def find(self, reference: UUID) -> Receipt | None:
        """What the provider knows of our reference; None if it never had it. Raises TryLater."""

    def post_text(self, reference: UUID, to: str, body: str) -> Receipt:
        """Hand a text over under our reference. Raises TryLater or Undeliverable."""


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the next attempt: doubling from half a minute, an hour at most."""
    doubled: timedelta = timedelta(seconds=30) * (1 << attempt)
    return min(doubled, LONGEST_WAIT)
