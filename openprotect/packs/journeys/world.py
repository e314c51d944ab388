"""A small world for one person: what the service does by itself as time passes, and when acted on.

It stands on a pack's values alone. What it does is what the service does, which a test shows by
playing the same journeys in both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from openprotect.packs.journeys.moments import LOCAL
from openprotect.packs.journeys.values import Journey, Step
from openprotect.packs.known import Known, age_on
from openprotect.packs.pack import Decision, Pack
from openprotect.packs.routing import Route
from openprotect.packs.triage import URGENCIES

RING_AGAIN_AFTER: Final = timedelta(hours=3)
TAKES_OVER: Final = "surveillance"
ONE_NEED: Final = ("clinical", "medication", "social", "offer")
INSTEAD: Final = {"practice": ("locality",)}
UNREACHED: Final = ("wrong number", "died")
ENDS_CALL: Final = ("answered", "refused", "handed over", "stop")


@dataclass
class Asking:
    """One check-in of this person."""

    due_on: date
    opens_at: datetime
    closes_at: datetime
    status: str = "due"
    answers: dict[str, object] = field(default_factory=dict)
    raised: set[str] = field(default_factory=set)
    answered_at: datetime | None = None


@dataclass
class Call:
    """A call that waits for somebody to ring."""

    due_at: datetime
    attempts: int = 0


@dataclass
class Alert:
    """A concern with its owner and its times."""

    rule: str
    kind: str
    urgency: str
    owner: str
    raised_at: datetime
    accept_by: datetime
    resolve_by: datetime
    status: str = "raised"
    source: object = field(default=None, repr=False)
    passed: tuple[str, ...] = field(default=(), repr=False)

    @property
    def need(self) -> str:
        """How somebody feels is one need, whichever rule says so; others are each their own."""
        return self.kind if self.kind in ONE_NEED else f"{self.kind}:{self.rule}"


@dataclass(frozen=True)
class Mark:
    """How far things had come at a step: what is beyond it is new."""

    sent: int
    raised: int
    moments: int


@dataclass(frozen=True)
class Concern:
    """What a rule, or the service itself, finds of this person at a moment."""

    rule: str
    kind: str
    urgency: str
    route: Route
    is_worse: bool = False


def in_line(route: Route) -> tuple[str, ...]:
    """Who is offered a concern in turn."""
    beside = INSTEAD.get(route.function, ())
    return tuple(dict.fromkeys((route.function, *beside, route.fallback, TAKES_OVER)))


class CannotHappen(Exception):
    """The step cannot happen as things stand; the words say why."""


class World:
    """One person in one programme."""

    def __init__(self, pack: Pack, journey: Journey) -> None:
        self.pack = pack
        self.journey = journey
        self.person = journey.traveller
        self.now = self.person.joined
        self.may_contact = True
        self.askings: list[Asking] = []
        self.call: Call | None = None
        self.alerts: list[Alert] = []
        self.sent: list[str] = []
        self.moments: list[datetime] = []

    def mark(self) -> Mark:
        return Mark(len(self.sent), len(self.alerts), len(self.moments))

    # --- time ------------------------------------------------------------------------------------

    def run_until(self, at: datetime) -> None:
        """Let everything happen that time alone makes due."""
        while (due := self._next()) and due <= at:
            self.now = due
            self.moments.append(due)
            self._round()
        self.now = max(self.now, at)

    def _next(self) -> datetime | None:
        """The next moment at which something is due by time."""
        due = [each.closes_at for each in self.askings if each.status == "open"]
        due += [each.accept_by for each in self.alerts if self._may_be_taken_back(each)]
        if self.may_contact and (slot := self._next_slot()):
            due.append(slot.opens_at)
        return min(due, default=None)

    def _next_slot(self) -> Asking | None:
        """The first asking that is not in the diary yet; None when none ever follows."""
        cadence = self.pack.cadence
        first = self.person.joined.astimezone(LOCAL).date()
        due_on = cadence.next_after(self.askings[-1].due_on) if self.askings else first
        if due_on and not cadence.asks_on(due_on):
            due_on = cadence.next_after(due_on)
        while due_on and (slot := self._slot(due_on)):
            if slot.closes_at > self.now:
                return slot
            due_on = cadence.next_after(due_on)  # asked too late is not asked
        return None

    def _slot(self, due_on: date) -> Asking:
        """By the wall clock: both times stay at nine when the clocks change."""
        opens = datetime.combine(due_on, time.fromisoformat(str(self._set("checkin_opens"))), LOCAL)
        closes = opens + timedelta(hours=int(str(self._set("checkin_open_for_hours"))))
        joined = self.person.joined
        return Asking(due_on, max(opens, joined), max(closes, joined + timedelta(hours=1)))

    def _set(self, key: str) -> int | str:
        return self.journey.settings.get(key, self.pack.settings[key].default)

    def _round(self) -> None:
        """One round of background work, in the order in which the service does it."""
        missed = [e for e in self.askings if e.status == "open" and e.closes_at <= self.now]
        for asking in missed:
            asking.status = "missed"
        opened = self._open()
        if missed and self._misses() >= int(str(self._set("misses_before_call"))):
            self._ask_for_call()
        for alert in self.alerts:
            if self._may_be_taken_back(alert) and alert.accept_by <= self.now:
                self._offer_elsewhere(alert)
        if opened:
            self._invite()

    def _open(self) -> bool:
        if not self.may_contact:
            return False
        slot = self._next_slot()
        if slot is None or slot.opens_at > self.now:
            return False
        slot.status = "open"
        self.askings.append(slot)
        return True

    def _invite(self) -> None:
        """A text, or for somebody without a mobile a call at once."""
        if self.person.has_mobile:
            self.sent.append("invite")
        else:
            self._ask_for_call()

    def _misses(self) -> int:
        misses = 0
        for asking in reversed(self.askings):
            if asking.status == "answered":
                break
            misses += asking.status == "missed"
        return misses

    def _ask_for_call(self) -> None:
        if self.call is None and self.may_contact:
            self.call = Call(self.now)

    @staticmethod
    def _may_be_taken_back(alert: Alert) -> bool:
        return alert.status == "raised" and alert.owner != TAKES_OVER

    def _offer_elsewhere(self, alert: Alert) -> None:
        """Not accepted in time: the next in line, in the end surveillance."""
        route = self.pack.routing.route(alert.kind, alert.urgency)
        alert.passed = (*alert.passed, alert.owner)
        alert.owner = next(each for each in in_line(route) if each not in alert.passed)
        alert.accept_by = self.now + min(route.accept_within, route.resolve_within)

    # --- what people do --------------------------------------------------------------------------

    def act(self, step: Step) -> None:
        """What happens at a step; raises CannotHappen."""
        if step.rung:
            self._ring(step)
        elif step.answers:
            self._answer(step)
        elif step.accepts:
            self._open_alert(step.accepts).status = "accepted"
        elif step.closes:
            self._close(self._open_alert(step.closes))
        elif step.stops:
            self._stop_contact()

    def _answer(self, step: Step) -> None:
        asking = next((e for e in self.askings if e.status == "open"), None)
        if asking is None or self.now >= asking.closes_at:
            raise CannotHappen("no check-in is open: nobody is asked at this moment.")
        self._hear(asking, step.answers, by=step.by)
        if step.sent:
            self._submit(asking, by=step.by)

    def _hear(self, asking: Asking, answers: Mapping[str, object], *, by: str) -> None:
        """Each answer as it is given: a red flag is followed up even if nothing more comes."""
        asked = self.pack.questionnaire
        for name, value in answers.items():
            asking.answers[name] = value
        if any(asked.emergency(asked.item(name), value) for name, value in answers.items()):
            self._raise(asking, self._decide(asking, asking.answers, by), only=("now",))

    def _submit(self, asking: Asking, *, by: str) -> None:
        asking.answers = dict(self.pack.questionnaire.prune(asking.answers))
        decisions = self._decide(asking, asking.answers, by)
        asking.status, asking.answered_at = "answered", self.now
        self._raise(asking, decisions)
        self.call = None

    def _decide(
        self, asking: Asking, answers: Mapping[str, object], by: str
    ) -> tuple[Decision, ...]:
        last = self._last_before(asking)
        today = self.now.astimezone(LOCAL).date()
        last_on = last.answered_at.astimezone(LOCAL).date() if last and last.answered_at else None
        return self.pack.decide(
            answers,
            Known(
                age=age_on(self.person.born, today),
                days_silent=(today - last_on).days if last_on else None,
                answered_by=by,
                groups=self.person.groups,
                before=last.answers if last else None,
            ),
        )

    def _last_before(self, asking: Asking) -> Asking | None:
        """The asking that was answered last, other than this one."""
        earlier = [e for e in self.askings if e.answered_at and e is not asking]
        return max(earlier, key=lambda each: each.answered_at or self.now, default=None)

    def _raise(
        self, asking: Asking, decisions: Iterable[Decision], *, only: tuple[str, ...] = ()
    ) -> None:
        for each in decisions:
            outcome = each.outcome
            if outcome.rule in asking.raised or (only and outcome.urgency not in only):
                continue
            asking.raised.add(outcome.rule)
            is_worse = each.change == "worse" and self._last_before(asking) is not None
            self._say(
                Concern(outcome.rule, outcome.kind, outcome.urgency, each.route, is_worse), asking
            )

    def _say(self, concern: Concern, source: object) -> None:
        """A need that is open already is noted there; more urgent or worse, it is offered anew."""
        made = self._made(concern, source)
        known = next((e for e in self.alerts if e.need == made.need and e.status != "closed"), None)
        if known is None:
            self.alerts.append(made)
            return
        further = URGENCIES.index(made.urgency) - URGENCIES.index(known.urgency)
        if further < 0 or (further == 0 and concern.is_worse and known.source is not source):
            made.raised_at = known.raised_at
            made.resolve_by = min(known.resolve_by, made.resolve_by)
            self.alerts[self.alerts.index(known)] = made

    def _made(self, concern: Concern, source: object) -> Alert:
        route = concern.route
        return Alert(
            concern.rule,
            concern.kind,
            concern.urgency,
            route.function,
            self.now,
            self.now + min(route.accept_within, route.resolve_within),
            self.now + route.resolve_within,
            source=source,
        )

    def _raise_own(self, rule: str, kind: str, urgency: str, source: object) -> None:
        """What the service itself raises, by the pack's routes."""
        self._say(Concern(rule, kind, urgency, self.pack.routing.route(kind, urgency)), source)

    def _open_alert(self, rule: str) -> Alert:
        found = [each for each in self.alerts if each.rule == rule and each.status != "closed"]
        if not found:
            raise CannotHappen(f"there is no open alert of the rule {rule}.")
        return found[0]

    def _close(self, alert: Alert) -> None:
        alert.status = "closed"
        if self.person.has_mobile and self.may_contact:
            self.sent.append("closed")

    def _stop_contact(self) -> None:
        self.may_contact = False
        self.call = None
        for asking in self.askings:
            if asking.status == "open":
                asking.status = "stopped"

    # --- ringing ---------------------------------------------------------------------------------

    def _ring(self, step: Step) -> None:
        call = self.call
        if call is None or call.due_at > self.now:
            raise CannotHappen("no call is due at this moment.")
        asking = next((e for e in reversed(self.askings) if e.status in ("open", "missed")), None)
        if asking is None:
            raise CannotHappen("there is nothing that a call could still ask.")
        self._hear(asking, step.answers, by="caller")
        call.attempts += 1
        if step.rung == "answered":
            self._submit(asking, by="caller")
        else:
            told = self.pack.questionnaire.prune(asking.answers)
            self._raise(asking, self._decide(asking, told, "caller"))
        self._settle(step.rung, call, asking)

    def _settle(self, rung: str, call: Call, asking: Asking) -> None:
        most = int(str(self._set("call_attempts")))
        if rung in ENDS_CALL:
            self.call = None
            if rung == "handed over" and not self._has_now(asking):
                self._raise_own("emergency-call", "clinical", "now", call)
        elif rung in UNREACHED or call.attempts >= most:
            self.call = None
            kind = "data" if rung == "died" else "welfare"
            self._raise_own("not-reached", kind, "today", call)
        else:
            call.due_at = self.now + RING_AGAIN_AFTER
        if rung in ("stop", "died"):
            self._stop_contact()

    def _has_now(self, asking: Asking) -> bool:
        return any(each.source is asking and each.urgency == "now" for each in self.alerts)
