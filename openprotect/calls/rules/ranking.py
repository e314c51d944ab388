"""Which waiting call is next, and why: points for what happened, by weights that a pack sets.

The same facts and weights always give the same rank. No score of a person's health enters: a band
is the programme's own word, everything else is what was said or done since.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time

from openprotect.packs.calling import CallingPlan

NOW, TODAY = 1, 2
MOST_NEEDS, MOST_DAYS = 4, 10
# What these reasons say comes from what somebody answered, or is why they are here: for a
# supervisor who plans the day, and never for the call handler who rings.
TELL_OF_HEALTH = frozenset({"now", "today", "week", "worse", "need", "band"})


@dataclass(frozen=True)
class Unmet:
    """What is still open about somebody: how urgent the gravest alert is, how many, if worse."""

    urgency: int | None = None
    needs: int = 0
    is_worse: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything that the rank of one call is made of."""

    why: str
    silent_days: int = 0
    waiting_days: int = 0
    attempts: int = 0
    agreed_at: datetime | None = None
    band: str = ""
    band_points: int = 0
    unmet: Unmet = Unmet()


@dataclass(frozen=True)
class Reason:
    """One thing that puts a call before others, or behind them, in points and in words."""

    factor: str
    points: int
    words: str

    @property
    def tells_of_health(self) -> bool:
        return self.factor in TELL_OF_HEALTH


@dataclass(frozen=True)
class Rank:
    """Where a call stands: the more points, the sooner; and what they are made of."""

    points: int
    reasons: tuple[Reason, ...]


def rank(facts: Facts, plan: CallingPlan, *, at: datetime) -> Rank:
    """The points of a call. Of two with equal points, the one that is due longer comes first."""
    reasons = tuple(sorted(_reasons(facts, plan, at), key=lambda each: (-each.points, each.factor)))
    return Rank(sum(each.points for each in reasons), reasons)


def _reasons(facts: Facts, plan: CallingPlan, at: datetime) -> Iterator[Reason]:
    weigh = plan.weights
    if facts.agreed_at and facts.agreed_at <= at:
        yield Reason("agreed", weigh["agreed"], "a time was agreed with them, and it has come")
    if facts.why == "ASKED":
        yield Reason("asked", weigh["asked"], "they asked us to ring")
    if facts.band_points:
        yield Reason("band", facts.band_points, f"the programme rings them sooner: {facts.band}")
    yield from _of_what_is_open(facts.unmet, plan)
    yield from _counted(facts, plan)


def _of_what_is_open(unmet: Unmet, plan: CallingPlan) -> Iterator[Reason]:
    weigh = plan.weights
    if unmet.urgency is not None:
        factor = {NOW: "now", TODAY: "today"}.get(unmet.urgency, "week")
        words = {"now": "that cannot wait", "today": "for today", "week": "for this week"}[factor]
        yield Reason(factor, weigh[factor], f"an alert {words} is open")
    if unmet.is_worse:
        yield Reason("worse", weigh["worse"], "worse at the last answer")
    if unmet.needs:
        points = weigh["need"] * min(unmet.needs, MOST_NEEDS)
        yield Reason("need", points, _many(unmet.needs, "open need", "open needs"))


def _counted(facts: Facts, plan: CallingPlan) -> Iterator[Reason]:
    weigh = plan.weights
    if facts.silent_days:
        points = weigh["silent_day"] * min(facts.silent_days, MOST_DAYS)
        yield Reason("silent_day", points, f"silent for {_many(facts.silent_days, 'day', 'days')}")
    if facts.waiting_days:
        points = weigh["waiting_day"] * min(facts.waiting_days, MOST_DAYS)
        words = f"the call waits for {_many(facts.waiting_days, 'day', 'days')}"
        yield Reason("waiting_day", points, words)
    if facts.attempts:
        words = f"rung {_many(facts.attempts, 'time', 'times')} already"
        yield Reason("attempt", -weigh["attempt"] * facts.attempts, words)


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


@dataclass(frozen=True)
class Hours:
    """Between which times of day somebody is rung, both included; None leaves it open."""

    rings_from: time | None = None
    rings_until: time | None = None

    def hold(self, clock: time) -> bool:
        return (
            self.rings_from is None
            or self.rings_until is None
            or (self.rings_from <= clock <= self.rings_until)
        )


def hours_for(plan: CallingPlan, liked: Hours) -> Hours:
    """The programme's hours, cut to those that somebody likes; the programme's where none is left.

    Whoever likes to be rung at night is still rung by day: liking never makes anybody unreachable.
    """
    if liked.rings_from is None or liked.rings_until is None:
        return Hours() if plan.always else Hours(plan.rings_from, plan.rings_until)
    from_ = max(plan.rings_from, liked.rings_from)
    until = min(plan.rings_until, liked.rings_until)
    return Hours(from_, until) if from_ < until else Hours(plan.rings_from, plan.rings_until)


LANGUAGE, INTERPRETER, TEXTPHONE, BSL, BEREAVEMENT = (
    "LANGUAGE", "INTERPRETER", "TEXTPHONE", "BSL", "BEREAVEMENT",
)  # fmt: skip
SKILLS = {
    INTERPRETER: "rings with the interpreter line",
    TEXTPHONE: "rings by textphone or Relay UK",
    BSL: "British Sign Language",
    BEREAVEMENT: "trained to speak with people in grief",
}
NEEDS_NO_LANGUAGE = frozenset({"", "en", "en-x-easy"})


@dataclass(frozen=True)
class Wanted:
    """What a call asks of whoever makes it: a language (empty for English), and skills."""

    language: str = ""
    skills: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        return not (self.language or self.skills)


def wanted(language: str, needs: Collection[tuple[str, str]], *, is_bereaved: bool) -> Wanted:
    """What somebody's language, their recorded needs (kind, language) and a bereavement ask for."""
    spoken = [each for kind, each in sorted(needs) if kind in ("INTERPRETER", "LANGUAGE") and each]
    theirs = spoken[0] if spoken else language
    skills = [each for each in (TEXTPHONE, BSL) if each in {kind for kind, _ in needs}]
    return Wanted(
        "" if theirs in NEEDS_NO_LANGUAGE or theirs.startswith("en-") else theirs,
        tuple([*skills, BEREAVEMENT] if is_bereaved else skills),
    )


@dataclass(frozen=True)
class Abilities:
    """What one call handler can do beyond ringing in English."""

    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()

    @property
    def any_language(self) -> bool:
        return INTERPRETER in self.skills

    def meet(self, wish: Wanted) -> bool:
        speaks = not wish.language or self.any_language or wish.language in self.languages
        return speaks and set(wish.skills) <= set(self.skills)


def abilities(codes: Collection[str]) -> Abilities:
    """From codes such as LANGUAGE:pl and TEXTPHONE."""
    spoken = [each.partition(":")[2] for each in codes if each.startswith(f"{LANGUAGE}:")]
    return Abilities(tuple(sorted(spoken)), tuple(sorted(each for each in codes if each in SKILLS)))


def beyond(waiting: int, left: int | None) -> int:
    """How many of the waiting calls today's staff cannot make; with no rota known, none."""
    return 0 if left is None else max(0, waiting - max(0, left))
