"""By which ways a programme reaches people: in which order, at what hours, and what comes next."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from openprotect.packs.entry import Entry
from openprotect.packs.settings import TIME

WAYS: Final = ("text", "email", "letter", "call")
NEXT, CALL, NOTHING, REMIND = "next", "call", "nothing", "remind"
KEYS: Final = (
    "order", "when_missing", "when_undelivered", "when_unread", "unread_after_hours",
    "needs_agreement", "send_from", "send_until", "calls_an_hour", "calls_from_100_invitations",
)  # fmt: skip
# A letter comes on the second working day at best (Royal Mail first class, seen from a printer).
LETTER_NEEDS_HOURS: Final = 96


@dataclass(frozen=True)
class ChannelPlan:
    """What is tried first, and what follows when a way is missing, fails or brings no answer.

    `needs_agreement` are ways used only with people who said that they want them. The two call
    figures pace invitations: no more go out in an hour than the staffed calls can follow up.
    """

    order: tuple[str, ...] = ("text", "call")
    when_missing: str = NEXT
    when_undelivered: str = NEXT
    when_unread: str = NOTHING
    unread_after: timedelta = timedelta(hours=6)
    needs_agreement: tuple[str, ...] = ()
    send_from: time = time(0)
    send_until: time = time.max
    calls_an_hour: int = 0
    calls_from_100: int = 0

    @property
    def invitations_an_hour(self) -> int | None:
        """How many may go out in an hour so that calls can follow; None when nothing limits it."""
        if not (self.calls_an_hour and self.calls_from_100):
            return None
        return max(1, self.calls_an_hour * 100 // self.calls_from_100)

    @property
    def written(self) -> tuple[str, ...]:
        """The ways that need words of their own."""
        return tuple(each for each in self.order if each != CALL)


# A pack published before there were other ways: a text, and a call when it cannot arrive.
BY_TEXT: Final = ChannelPlan()


def read_channels(entry: Entry) -> ChannelPlan:
    """The plan of a pack; without one, texts and calls as they always were."""
    if not entry.values:
        return BY_TEXT
    entry.only(KEYS)
    order = _ways(entry, "order")
    if not order:
        entry.refuse("order", f"must name at least one of {', '.join(WAYS)}.")
    if CALL in order and order[-1] != CALL:
        entry.refuse("order", "must end with call: nothing comes after a person has rung.")
    from_, until = _time(entry, "send_from", "00:00"), _time(entry, "send_until", "23:59")
    if from_ >= until:
        entry.refuse("send_until", "must be later than send_from.")
    return ChannelPlan(
        order=order or BY_TEXT.order,
        when_missing=entry.one_of("when_missing", (NEXT, CALL), default=NEXT),
        when_undelivered=entry.one_of("when_undelivered", (NEXT, CALL), default=NEXT),
        when_unread=entry.one_of("when_unread", (NOTHING, REMIND, NEXT), default=NOTHING),
        unread_after=timedelta(hours=entry.whole("unread_after_hours", 1, 240, default=6)),
        needs_agreement=_ways(entry, "needs_agreement"),
        send_from=from_,
        send_until=until,
        calls_an_hour=entry.whole("calls_an_hour", 0, 10_000, default=0),
        calls_from_100=entry.whole("calls_from_100_invitations", 0, 100, default=0),
    )


def _ways(entry: Entry, key: str) -> tuple[str, ...]:
    found = entry.texts(key)
    for each in found:
        if each not in WAYS:
            entry.refuse(key, f"{each[:20]!r} is not one of {', '.join(WAYS)}.")
    if len(set(found)) < len(found):
        entry.refuse(key, "names a way twice.")
    return tuple(each for each in found if each in WAYS)


def _time(entry: Entry, key: str, default: str) -> time:
    value = entry.text(key, default=default)
    if not TIME.fullmatch(value):
        entry.refuse(key, "give a time of day such as 08:00.")
        return time(0)
    return time.fromisoformat(value)
