"""When a team that is behind is reminded, how, and in whose words; never more than it needs."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openprotect.base.notes import cautions
from openprotect.base.refusals import Refused

LOCAL = ZoneInfo("Europe/London")
REVIEWS, ALERTS, REFERRALS = "reviews", "alerts", "referrals"
# What may wait for a team: one of it, several, and how long before a first word is due.
THINGS: Mapping[str, tuple[str, str, timedelta]] = {
    REVIEWS: ("review is", "reviews are", timedelta(days=2)),
    ALERTS: ("alert is", "alerts are", timedelta(days=1)),
    REFERRALS: ("referral is", "referrals are", timedelta(days=1)),
}
REMINDER, COMPARISON, ESCALATION = "REMINDER", "COMPARISON", "ESCALATION"
# Nobody gets a second word about the same thing sooner than this.
COOLING_OFF = timedelta(days=2)
# A comparison with fewer others would tell who they are.
LEAST_PEERS = 5
LONGEST_WORDS = 600
LONGEST_FEEDBACK = 1000

WORDINGS: Mapping[str, str] = {
    REMINDER: (
        "{waiting} waiting since {since}. Only your team sees this. If something is in the way,"
        " say so by the link at the foot of any page: we will try to move it."
    ),
    COMPARISON: (
        "{waiting} still waiting since {since}. {peers} teams like yours have nothing waiting this"
        " long. Only your team sees this. What would help you?"
    ),
    ESCALATION: (
        "{team}: {waiting} waiting since {since}, after two private notes to them. Please speak"
        " with them: perhaps they need a hand, or somebody else can take some of it."
    ),
}
NEEDS: Mapping[str, frozenset[str]] = {
    REMINDER: frozenset({"waiting", "since"}),
    COMPARISON: frozenset({"waiting", "since", "peers"}),
    ESCALATION: frozenset({"waiting", "since", "team"}),
}


class TooSoon(Refused):
    """Nobody is reminded again before some days have passed."""


@dataclass(frozen=True)
class Last:
    """The last word to a team about what still waits."""

    step: str
    at: datetime


@dataclass(frozen=True)
class Wait:
    """What waits for a team: how many, and since when the oldest does."""

    about: str
    count: int
    since: datetime
    peers: int = 0
    peers_clear: int = 0


def next_step(wait: Wait, last: Last | None, *, at: datetime) -> str:
    """The next word to a team, if one is due: gentle first, and days apart; empty when none is."""
    if not wait.count or at - wait.since < THINGS[wait.about][2]:
        return ""
    if last is None:
        return REMINDER
    if at - last.at < COOLING_OFF or last.step == ESCALATION:
        return ""
    return COMPARISON if last.step == REMINDER and may_compare(wait) else ESCALATION


def may_compare(wait: Wait) -> bool:
    """Only with enough others that none is known by it, and when most of them do better."""
    return wait.peers >= LEAST_PEERS and wait.peers_clear * 2 > wait.peers


def is_working_time(at: datetime) -> bool:
    """Monday to Friday, nine to five: nobody is reminded in the night.

    The first quarter of each hour is enough for what is days apart, and costs a round little.
    """
    local = at.astimezone(LOCAL)
    return local.isoweekday() <= 5 and 9 <= local.hour < 17 and local.minute < 15


def fill(words: str, wait: Wait, *, team: str, at: datetime) -> str:
    """A wording with what it is about."""
    one, many, _ = THINGS[wait.about]
    return words.format(
        waiting=f"{wait.count} {one if wait.count == 1 else many}",
        since=since_in_words(wait.since, at),
        team=team,
        peers=f"{wait.peers_clear} of {wait.peers}",
    )


def since_in_words(since: datetime, at: datetime) -> str:
    """A weekday within the week; a date before."""
    local = since.astimezone(LOCAL)
    if (at.astimezone(LOCAL).date() - local.date()).days < 7:
        return f"{local:%A}"
    return f"{local.day} {local:%B}"


def check_wording(step: str, words: str) -> None:
    """A wording says what it must, in holes that we can fill, and names nobody."""
    if step not in WORDINGS:
        raise Refused("There is no such note.")
    try:
        parts = list(string.Formatter().parse(words))
    except ValueError:
        raise Refused("A curly bracket is not closed.") from None
    plain = {name for _, name, how, to in parts if name is not None and not (how or to)}
    if any(how or to for _, name, how, to in parts if name is not None) or plain - {
        "waiting", "since", "team", "peers",
    }:  # fmt: skip
        raise Refused("Only {waiting}, {since}, {peers} and {team} can be filled in.")
    if missing := sorted(NEEDS[step] - plain):
        raise Refused(f"Say {' and '.join('{' + each + '}' for each in missing)} too.")
    if step != ESCALATION and "team" in plain:
        raise Refused("A private note needs no name: the team knows who it is.")
    check_words(words, LONGEST_WORDS)


def check_words(words: str, longest: int) -> None:
    """What colleagues read holds nothing of a patient, as far as that can be seen."""
    if not words.strip():
        raise Refused("Write something.")
    if len(words) > longest:
        raise Refused(f"Up to {longest} characters, please.")
    if found := cautions(words):
        raise Refused(f"{found[0]} Take it out: nothing here may be about a patient.")
