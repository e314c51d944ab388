"""What a locality may change in a programme, and how far."""

import re
from dataclasses import dataclass
from typing import Final

from openprotect.base.refusals import Refused
from openprotect.packs.entry import Entry

LATITUDES: Final = ("locked", "bounded", "free")
KINDS: Final = ("integer", "time", "choice")
TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# What the core reads; a pack must say each, so that nothing rests on a hidden default.
NEEDED: Final = (
    "misses_before_call",
    "preview_days",
    "checkin_opens",
    "checkin_open_for_hours",
    "call_attempts",
    "link_valid_days",
)


# The two defaults of a practice's review: at its end we ask whoever it has not decided on, or we
# hold, which means that nobody is asked before the practice has looked.
ASK: Final = "ask"
HOLD: Final = "hold"

# Whether somebody may say "nothing has changed since last time" instead of answering each question.
NOTHING_CHANGED: Final = "nothing_changed"
OFFER: Final = "offer"
ASK_ALL: Final = "ask-all"
OPTIONS_OF: Final = {"preview_default": (ASK, HOLD), NOTHING_CHANGED: (OFFER, ASK_ALL)}


class NotAllowed(Refused):
    """A locality asked for a value the pack does not leave to it."""


@dataclass(frozen=True)
class Setting:
    """One thing about a programme that somebody decides; `latitude` says who."""

    key: str
    title: str
    kind: str
    default: int | str
    latitude: str
    low: int | None = None
    high: int | None = None
    options: tuple[str, ...] = ()

    def check(self, value: object) -> int | str:
        """The value, if a locality may choose it."""
        if self.latitude == "locked" and value != self.default:
            raise NotAllowed(f"{self.title}: {self.default} everywhere; no locality may change it.")
        if self.kind == "choice":
            if value not in self.options:
                raise NotAllowed(f"{self.title}: choose one of {', '.join(self.options)}.")
            return str(value)
        if self.kind == "time":
            if not isinstance(value, str) or not TIME.fullmatch(value):
                raise NotAllowed(f"{self.title}: give a time of day such as 09:00.")
            return value
        if not isinstance(value, int) or isinstance(value, bool):
            raise NotAllowed(f"{self.title}: give a whole number.")
        if self.low is not None and self.high is not None and not self.low <= value <= self.high:
            raise NotAllowed(f"{self.title}: choose from {self.low} to {self.high}.")
        return value


# The ladder for somebody who cannot be reached: which rungs, in which order, and how many days each
# may take before the next one.
LADDERS: Final = (
    "record letter practice visit welfare",
    "record practice letter visit welfare",
    "record practice visit welfare",
)


def _rung(key: str, title: str, days: int) -> Setting:
    words = f"Days before the next step for somebody not reached: {title}"
    return Setting(key=key, title=words, kind="integer", default=days, latitude="locked")


# What holds where a pack published before these settings existed does not say: as it was then.
SINCE_LATER: Final = {
    "preview_default": Setting(
        key="preview_default",
        title="When a practice has not decided by its deadline",
        kind="choice",
        default=ASK,
        latitude="locked",
        options=(ASK, HOLD),
    ),
    "reminder_days": Setting(
        key="reminder_days",
        title="Days before its deadline a practice is reminded",
        kind="integer",
        default=1,
        latitude="locked",
    ),
    NOTHING_CHANGED: Setting(
        key=NOTHING_CHANGED,
        title="Whether people may say that nothing has changed since last time",
        kind="choice",
        default=ASK_ALL,
        latitude="locked",
        options=(OFFER, ASK_ALL),
    ),
    "unreached_ladder": Setting(
        key="unreached_ladder",
        title="What is tried, in which order, for somebody who cannot be reached",
        kind="choice",
        default=LADDERS[0],
        latitude="locked",
        options=LADDERS,
    ),
    "unreached_record_days": _rung("unreached_record_days", "looking in the record", 1),
    "unreached_letter_days": _rung("unreached_letter_days", "a letter", 5),
    "unreached_practice_days": _rung("unreached_practice_days", "asking the practice", 2),
    "unreached_visit_days": _rung("unreached_visit_days", "a visit", 3),
    "unreached_welfare_days": _rung("unreached_welfare_days", "a welfare check", 1),
    "outage_grace_minutes": Setting(
        key="outage_grace_minutes",
        title="Minutes of an outage after which a missed check-in is excused",
        kind="integer",
        default=60,
        latitude="locked",
    ),
}


def read_settings(entry: Entry) -> dict[str, Setting]:
    for key in NEEDED:
        if not entry.has(key):
            entry.refuse(key, "this setting is missing; the service needs it.")
    return SINCE_LATER | {key: _setting(key, each) for key, each in entry.entries()}


def _setting(key: str, entry: Entry) -> Setting:
    entry.only(("title", "kind", "default", "latitude", "low", "high", "options"))
    kind = entry.one_of("kind", KINDS)
    latitude = entry.one_of("latitude", LATITUDES)
    bounded = latitude == "bounded"
    options = entry.texts("options")
    if (kind == "choice") != bool(options):
        entry.refuse("options", "a choice needs its options; nothing else has any.")
    setting = Setting(
        key=key,
        title=entry.text("title"),
        kind=kind,
        default=entry.whole("default", 0, 10_000) if kind == "integer" else entry.text("default"),
        latitude=latitude,
        low=entry.whole("low", 0, 10_000) if bounded else None,
        high=entry.whole("high", 0, 10_000) if bounded else None,
        options=options,
    )
    if (known := OPTIONS_OF.get(key, options)) != options:
        entry.refuse("options", f'must be ["{known[0]}", "{known[1]}"].')
    if key == NOTHING_CHANGED and latitude != "locked":
        entry.refuse("latitude", "must be locked: whoever signs the questions decides this.")
    if bounded and kind != "integer":
        entry.refuse("latitude", "only whole numbers can be bounded.")
    try:
        setting.check(setting.default)
    except NotAllowed as why:
        entry.refuse("default", str(why))
    return setting
