"""The ledger's judgement once more, in plain Python, from the words of docs/contacts.md.

It shares nothing with the database's: each ask is judged from the list of what happened before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

UNHEARD, REACHED = {"NO_ANSWER", "WRONG_DETAILS"}, {"SPOKE", "VISITED"}


@dataclass
class Asked:
    """One ask that was told yes, and what has become of it since."""

    body: str
    subject: str
    topic: str
    channel: str
    wanted_at: datetime
    until: datetime
    is_safety: bool = False
    status: str = "HELD"
    outcome: str = ""
    settled_at: datetime | None = None

    @property
    def bothered_at(self):
        """When this counts as a contact; None where it bothered nobody."""
        if self.status == "HELD":
            return self.wanted_at
        if self.status == "MADE" and self.outcome not in UNHEARD:
            return self.settled_at
        return None


@dataclass
class Ledger:
    """What is known of one person: asks told yes, the limits, and whether contact is stopped."""

    caps: dict
    windows: dict
    is_stopped: bool = False

    def __post_init__(self):
        self.asks = []

    def ask(self, body, subject, topic, channel, *, at, wish, hold, is_safety=False):
        """The answer as (word, until when, which body covers it)."""
        self.lapse(at)
        if self.is_stopped:
            return ("STOP", None, "")
        for each in self._held():
            mine = (each.body, each.subject, each.topic, each.channel)
            if mine == (body, subject, topic, channel):
                return ("YES", each.until, "")
        moment = max(wish, at)
        no = None if is_safety else self._no(body, topic, channel, moment)
        if no:
            return no
        made = Asked(body, subject, topic, channel, moment, moment + hold, is_safety)
        self.asks.append(made)
        return ("YES", made.until, "")

    def _no(self, body, topic, channel, moment):
        return (
            self._somebody_holds_it(body, topic)
            or self._somebody_spoke_lately(body, topic, moment)
            or self._often_enough("ANY", moment, [each.bothered_at for each in self.asks])
            or self._often_enough(
                channel, moment, [e.bothered_at for e in self.asks if e.channel == channel]
            )
        )

    def _somebody_holds_it(self, body, topic):
        for each in self._held():
            if each.topic == topic and not each.is_safety:
                mine = each.body == body
                return ("WAIT", each.until, "") if mine else ("COVERED", each.until, each.body)
        return None

    def _somebody_spoke_lately(self, body, topic, moment):
        rests = self.windows.get(topic)
        spoke = [
            each
            for each in self.asks
            if each.status == "MADE" and each.outcome in REACHED
            and each.topic == topic and each.body != body
        ]  # fmt: skip
        latest = max(spoke, key=lambda each: each.settled_at, default=None)
        if rests and latest and latest.settled_at > moment - rests:
            return ("COVERED", latest.settled_at + rests, latest.body)
        return None

    def _often_enough(self, what, moment, times):
        most, within = self.caps.get(what, (0, timedelta(0)))
        counted = sorted((each for each in times if each and each > moment - within), reverse=True)
        if most and len(counted) >= most:
            return ("WAIT", counted[most - 1] + within, "")
        return None

    def _held(self):
        return [each for each in self.asks if each.status == "HELD"]

    def lapse(self, at):
        for each in self._held():
            if each.until <= at:
                each.status, each.settled_at = "LAPSED", at

    def settle(self, asked, outcome, *, at):
        """Told what came of it: late is as good; without an outcome only what is held goes back."""
        if asked.status == "HELD" or (outcome and asked.status in ("LAPSED", "RECALLED")):
            asked.status = "MADE" if outcome else "RELEASED"
            asked.outcome, asked.settled_at = outcome, at
