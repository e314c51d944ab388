"""Sending what is due: claim briefly under a lease, post outside any transaction, then record."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from openprotect.base.refusals import Refused
from openprotect.messages.actions import note_receipt, pause, provider_answers, settle
from openprotect.messages.actions.together import note_sent
from openprotect.messages.chores.claiming import Claimed, Compose, claim
from openprotect.messages.models import Message
from openprotect.messages.queries import held_back, sent_within, still_wanted
from openprotect.messages.rules import (
    CALL,
    EMAIL,
    LETTER,
    MINUTE,
    MOST_ATTEMPTS,
    NotWanted,
    Postbox,
    Receipt,
    Text,
    TooFast,
    TryLater,
    Undeliverable,
    wait_before,
)

# So many are taken under one lease: with a patient provider a lease must outlast all of them.
AT_ONCE = 1000
# For so many seconds it holds that nobody said stop and that the lease is ours: then both are asked
# again. As long may something be sent and not noted yet.
FRESH_FOR = 0.02
# A look that took longer was looked up before something stopped us, and is asked again.
LONGEST_LOOK = 0.5


class End(Enum):
    """How one try to post ended, as far as it tells of the provider."""

    TAKEN = "answered"
    NO_ANSWER = "gave no answer"
    TOO_FAST = "takes no more for a while"
    LEFT = "not asked"


def send_due(
    *,
    at: datetime,
    postbox: Postbox,
    compose: Compose,
    limit: int = 50,
    a_minute: int | None = None,
) -> int:
    """Send the messages that are due, each once, or say why not.

    Not more than `a_minute`, where the provider has such a limit, whoever else sends beside us.
    """
    done, ends = 0, set[End]()
    if a_minute is not None:
        limit = min(limit, max(0, a_minute - sent_within(at, MINUTE)))
    while done < limit:
        # Asked anew each time: what has been sent, and a provider that takes no more, hold back.
        held, most = held_back(at, most=min(AT_ONCE, limit - done))
        taken = _claim(at=at, compose=compose, held=held, limit=most)
        if not taken:
            break
        done += len(taken)
        ends |= _post_all(taken, at=at, postbox=postbox)
    if ends & {End.TAKEN, End.NO_ANSWER}:
        provider_answers(does_it=End.TAKEN in ends, at=at)
    return done


def _claim(*, at: datetime, compose: Compose, held: Q, limit: int) -> list[Claimed]:
    """The next ones; when one of them cannot be written, only the first, so that it is alone."""
    try:
        return claim(at=at, compose=compose, held=held, limit=limit)
    except Refused:
        if limit == 1:
            raise
        return claim(at=at, compose=compose, held=held, limit=1)


def _post_all(taken: Sequence[Claimed], *, at: datetime, postbox: Postbox) -> set[End]:
    """Hand over what was claimed; withdraw what is not wanted any more and may have got through."""
    to_send, ends = [], set[End]()
    for each in taken:
        if isinstance(each.text, Text) and each.message.channel != CALL:
            to_send.append(each)
        elif isinstance(each.text, NotWanted) and each.message.attempts:
            _withdraw(each.message, each.text, at=at, postbox=postbox)
    batch = _Batch(to_send, at, postbox)
    while batch.goes_on:
        ends.add(batch.send_next())
    batch.note()
    return ends


@dataclass
class _Batch:
    """Messages under one lease on their way out, and what the provider has that is not noted yet.

    1. Just before any leaves: who of them is still ours, and has nobody said stop? Asked for all
       that are left, and anew once the answer is older than `FRESH_FOR`: a worker that was stopped
       for a minute wakes here.
    2. Each is posted under our own id; an earlier try that got through is found, not repeated.
    3. What the provider took is noted for all at once, before the next look. A worker that dies
       meanwhile leaves it to the lease: the next one asks the provider by our id.
    """

    left: list[Claimed]
    at: datetime
    postbox: Postbox

    def __post_init__(self) -> None:
        self.left.reverse()
        self._wanted: set[UUID] = set()
        self._looked = float("-inf")
        self._taken: list[tuple[UUID, str]] = []

    @property
    def goes_on(self) -> bool:
        return bool(self.left)

    def send_next(self) -> End:
        each = self.left.pop()
        try:
            found = self._found(each.message)
            if found is None and not self._is_still_wanted(each):
                return End.LEFT
            receipt = found or _post(each, postbox=self.postbox)
        except TooFast as why:
            return self._too_fast(each.message, why)
        except TryLater:
            _put_off(each.message, at=self.at)
            return End.NO_ANSWER
        except Undeliverable as why:
            settle(each.message, Message.Status.FAILED, at=self.at, because=str(why)[:60])
            return End.TAKEN
        if receipt.status in ("delivered", "failed"):
            note_receipt(each.message, receipt, at=self.at)
        else:
            self._taken.append((each.message.pk, receipt.provider_id))
        return End.TAKEN

    def note(self) -> None:
        if self._taken:
            note_sent(self._taken, at=self.at)
            self._taken = []

    def _found(self, message: Message) -> Receipt | None:
        return self.postbox.find(message.pk, message.channel) if message.attempts > 1 else None

    def _is_still_wanted(self, each: Claimed) -> bool:
        if time.monotonic() - self._looked > FRESH_FOR:
            self.note()
            self._look([each.message, *(other.message for other in self.left)])
        return each.message.pk in self._wanted

    def _look(self, messages: Sequence[Message]) -> None:
        began = time.monotonic()
        self._wanted = still_wanted(messages)
        self._looked = time.monotonic()
        if self._looked - began > LONGEST_LOOK and len(messages) > 1:
            self._look(messages[:1])

    def _too_fast(self, message: Message, why: TooFast) -> End:
        """Its way waits, and so do all that are left of it: none of them was tried."""
        same_way = [each for each in self.left if each.message.channel == message.channel]
        self.left = [each for each in self.left if each not in same_way]
        waiting = [message, *(each.message for each in same_way)]
        pause(waiting, wait_for=why.wait_for, at=self.at)
        return End.TOO_FAST


def _post(each: Claimed, *, postbox: Postbox) -> Receipt:
    message, text = each.message, each.text
    if not isinstance(text, Text):
        raise TypeError("only words can be posted")
    if message.channel == EMAIL:
        return postbox.post_email(message.pk, each.to, text.subject, text.body)
    if message.channel == LETTER and text.letter:
        return postbox.post_letter(message.pk, text.letter())
    return postbox.post_text(message.pk, each.to, text.body)


def _withdraw(message: Message, why: NotWanted, *, at: datetime, postbox: Postbox) -> None:
    """Not wanted any more, but tried before: one that got through is sent, not cancelled."""
    try:
        receipt = postbox.find(message.pk, message.channel)
    except TryLater:
        _put_off(message, at=at)
        return
    if receipt:
        note_receipt(message, receipt, at=at)
    else:
        settle(message, Message.Status.CANCELLED, at=at, because=why.because)


@transaction.atomic
def _put_off(message: Message, *, at: datetime) -> None:
    """The provider gave no final answer. Try again later; after the last try a person looks."""
    if message.attempts >= MOST_ATTEMPTS:
        settle(message, Message.Status.UNKNOWN, at=at, because="the provider gave no answer")
        return
    Message.objects.filter(pk=message.pk, attempts=message.attempts).update(
        leased_until=at + wait_before(message.attempts)
    )
