"""What a gateway promises, when a send is worth trying again, and which way comes next."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from openprotect.people.rules import CALL, EMAIL, LETTER, TEXT

LOCAL = ZoneInfo("Europe/London")
LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=1)
# What nobody knows after three days has not arrived: Notify itself gives up on a text by then.
UNKNOWN_FOR = timedelta(hours=72)
# Why a letter that had left us was not posted after all; no other way is tried then.
TAKEN_BACK = "taken back before it was posted"
WHEN_TOO_FAST = timedelta(seconds=60)
PRINT, LARGE_PRINT, BRAILLE, EASY_READ, AUDIO = (
    "PRINT", "LARGE_PRINT", "BRAILLE", "EASY_READ", "AUDIO",
)  # fmt: skip


class TryLater(Exception):
    """The provider could not be asked, or gave no final answer: it may or may not be sent."""


class TooFast(TryLater):
    """The provider takes no more for a while; what we asked was surely not sent."""

    def __init__(self, wait_for: timedelta = WHEN_TOO_FAST) -> None:
        super().__init__("the provider takes no more for a while")
        self.wait_for = wait_for


class Undeliverable(Exception):
    """The provider will never take this; the message says why, without personal details."""


@dataclass(frozen=True)
class Receipt:
    """The provider's word on a message: its own id, and sending, delivered, failed or unknown."""

    provider_id: str
    status: str


@dataclass(frozen=True)
class Letter:
    """A page ready to print, and the form in which its reader can read it."""

    to: str
    pdf: bytes
    form: str = PRINT


class Postbox(Protocol):
    """Something that carries messages and can be asked about one by our own reference."""

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        """What the provider knows of our reference; None if it never had it. Raises TryLater."""

    def post_text(self, reference: UUID, to: str, body: str) -> Receipt:
        """Hand a text over under our reference. Raises TryLater or Undeliverable."""

    def post_email(self, reference: UUID, to: str, subject: str, body: str) -> Receipt:
        """Hand an e-mail over under our reference. Raises TryLater or Undeliverable."""

    def post_letter(self, reference: UUID, letter: Letter) -> Receipt:
        """Hand a letter over under our reference. Raises TryLater or Undeliverable."""

    def recall(self, reference: UUID) -> bool:
        """Take back a letter that nobody has fetched yet; whether it could be."""


@dataclass(frozen=True)
class Text:
    """A message ready to go: the words, and the copy we keep, which holds no link and no code."""

    body: str
    copy: str
    subject: str = ""
    letter: Callable[[], Letter] | None = None


@dataclass(frozen=True)
class NotWanted:
    """Why a message is no longer wanted."""

    because: str


@dataclass(frozen=True)
class NotNow:
    """Why a message waits, and until when."""

    until: datetime
    because: str


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the next attempt: doubling from half a minute, an hour at most."""
    doubled: timedelta = timedelta(seconds=30) * (1 << attempt)
    return min(doubled, LONGEST_WAIT)


def next_way(order: Sequence[str], *, tried: Collection[str], closed: Collection[str]) -> str:
    """The first way of a plan that was not tried and is not closed; empty when none is left."""
    return next((way for way in order if way not in tried and way not in closed), "")


def next_opening(at: datetime, *, from_: time, until: time) -> datetime | None:
    """When writing to people may go on; None when it may go on now."""
    there = at.astimezone(LOCAL)
    if from_ <= there.time() <= until:
        return None
    day = there.date() if there.time() < from_ else there.date() + timedelta(days=1)
    return datetime.combine(day, from_, LOCAL)


def digest_of(reference: UUID, to: str) -> bytes:
    """To whom a message went, so that a receipt naming somebody else is noticed; no number kept."""
    return sha256(reference.bytes + _bare(to).encode()).digest()


def _bare(to: str) -> str:
    """One spelling for one number or address."""
    bare = "".join(to.split()).casefold()
    return "+44" + bare[1:] if bare.startswith("0") and "@" not in bare else bare


__all__ = [
    "AUDIO", "BRAILLE", "CALL", "EASY_READ", "EMAIL", "LARGE_PRINT", "LEASE", "LETTER", "LOCAL",
    "LONGEST_WAIT", "MINUTE", "MOST_ATTEMPTS", "PRINT", "TAKEN_BACK", "TEXT", "UNKNOWN_FOR",
    "Letter", "NotNow", "NotWanted", "Postbox", "Receipt", "Text", "TooFast", "TryLater",
    "Undeliverable",
    "digest_of", "next_opening", "next_way", "wait_before",
]  # fmt: skip
