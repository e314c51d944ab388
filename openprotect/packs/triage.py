"""Triage: every rule that matches raises its finding; what cannot be computed goes to a person."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from openprotect.forms.items import Item
from openprotect.packs.cel import MOST_IN_A_MASK, Mask, NotComputed, Test, masked
from openprotect.packs.facts import KNOWN_OF_THE_PERSON, Laid, lay_out
from openprotect.packs.known import NOTHING_KNOWN, Known
from openprotect.packs.sight import SEES_NOTHING, Sight

Urgency = Literal["now", "today", "week"]
URGENCIES: Final[tuple[Urgency, ...]] = ("now", "today", "week")
CONCERNS: Final = ("clinical", "medication", "social", "offer", "welfare", "data")

UNREADABLE: Final = "unreadable-answer"
IN_THEIR_OWN_WORDS: Final = "own-words"


@dataclass(frozen=True)
class Finding:
    """A concern that a person must look at, raised by one rule."""

    rule: str
    kind: str
    urgency: Urgency
    reason: str


@dataclass(frozen=True)
class CouldNotEvaluate:
    """A rule had no answer for this person, so a person must judge instead.

    It is as urgent as the rule that could not be computed, and never later than today
    (promise P4, hazard H06).
    """

    rule: str
    reason: str
    urgency: Urgency = "today"
    kind: str = "data"


Outcome = Finding | CouldNotEvaluate


@dataclass(frozen=True)
class Cell:
    """One filled cell: as its author wrote it, and as a test of one fact."""

    text: str
    test: Test


@dataclass(frozen=True)
class Rule:
    """One row of the table: it fires when all its filled cells hold."""

    name: str
    kind: str
    urgency: Urgency
    reason: str
    source: str
    row: int
    cells: Mapping[str, Cell]
    test: Test

    @cached_property
    def finding(self) -> Finding:
        return Finding(self.name, self.kind, self.urgency, self.reason)

    def outcome(self, facts: Laid) -> Outcome | None:
        unreadable = facts.unreadable & self.cells.keys()
        try:
            if unreadable:
                return self._unless_ruled_out(facts, unreadable)
            if self.test.holds(facts.ready):
                return self.finding
        except NotComputed:
            return self._could_not("it failed")
        return None

    def _unless_ruled_out(self, facts: Laid, unreadable: Set[str]) -> CouldNotEvaluate | None:
        """A readable cell that does not hold rules the row out, whatever the others would say."""
        readable = (cell for name, cell in self.cells.items() if name not in unreadable)
        if not all(cell.test.holds(facts.ready) for cell in readable):
            return None
        return self._could_not(f"the answer to {', '.join(sorted(unreadable))} cannot be read")

    def _could_not(self, why: str) -> CouldNotEvaluate:
        reason = f"Rule {self.name} could not be worked out: {why}."
        return CouldNotEvaluate(self.name, reason, "now" if self.urgency == "now" else "today")


@dataclass(frozen=True)
class TriageTable:
    """All rules of a pack over one questionnaire. Adding a rule can only add findings."""

    rules: tuple[Rule, ...]
    items: tuple[Item, ...]
    sight: Sight = SEES_NOTHING

    @cached_property
    def asked(self) -> Mapping[str, Item]:
        """The questions, by their ids."""
        return {item.link_id: item for item in self.items}

    @cached_property
    def facts(self) -> Mapping[str, Item]:
        """All that a rule may look at, by the name of its column."""
        return {**self.asked, **{item.link_id: item for item in self.beside}}

    @cached_property
    def beside(self) -> tuple[Item, ...]:
        """What is known beside the answers."""
        return (*KNOWN_OF_THE_PERSON, *self.sight.columns(self.asked))

    def judge(
        self, answers: Mapping[str, object], known: Known = NOTHING_KNOWN
    ) -> tuple[Outcome, ...]:
        """Every concern that these answers of this person raise, most urgent first."""
        return self.evaluate(answers, self.sight.facts(self.asked, answers, known))

    def looks_at(self, rule: str) -> tuple[str, ...]:
        """The questions behind a rule; for what no row raises, the words that people write."""
        return self._behind.get(rule, ())

    @cached_property
    def _behind(self) -> Mapping[str, tuple[str, ...]]:
        behind = {e.name: self.sight.behind(tuple(e.cells), self.asked) for e in self.rules}
        words = tuple(item.link_id for item in self._words_without_rule)
        return {IN_THEIR_OWN_WORDS: words} | behind

    def evaluate(
        self, answers: Mapping[str, object], facts: Mapping[str, object]
    ) -> tuple[Outcome, ...]:
        """Every concern these answers raise, most urgent first. It never raises, never is silent.

        Give only answers to questions still shown: what is given is judged.
        """
        return self.outcomes(lay_out(self.asked, self.beside, answers, facts))

    def lay(self, answers: Mapping[str, object], known: Known) -> Laid:
        """What the rules look at, made ready once."""
        facts = self.sight.facts(self.asked, answers, known)
        return lay_out(self.asked, self.beside, answers, facts)

    def outcomes(self, laid: Laid) -> tuple[Outcome, ...]:
        """Every concern that facts raise, most urgent first."""
        found = list(self._raised(laid))
        found.extend(self._unread_words(laid))
        found.extend(_untold(laid, laid.unreadable - self._worked_out, found))
        return tuple(sorted(found, key=lambda each: URGENCIES.index(each.urgency)))

    def _raised(self, laid: Laid) -> Iterator[Outcome]:
        """What the rows raise: many asked at once, and one by one where that has no answer."""
        for rules, mask in self._masks:
            try:
                bits = -1 if laid.unreadable else mask.of(laid.ready)
            except NotComputed:
                bits = -1
            if bits < 0:
                yield from (each for rule in rules if (each := rule.outcome(laid)) is not None)
            elif bits:
                yield from (rule.finding for at, rule in enumerate(rules) if bits >> at & 1)

    @cached_property
    def _worked_out(self) -> frozenset[str]:
        """What the form calculates: no answer, so it matters only to a rule that looks at it."""
        return frozenset(self.sight.works_out.behind) if self.sight.works_out else frozenset()

    @cached_property
    def _masks(self) -> tuple[tuple[tuple[Rule, ...], Mask], ...]:
        starts = range(0, len(self.rules), MOST_IN_A_MASK)
        parts = [self.rules[start : start + MOST_IN_A_MASK] for start in starts]
        return tuple((part, masked([rule.test for rule in part])) for part in parts)

    @cached_property
    def _words_without_rule(self) -> tuple[Item, ...]:
        """Free text that no row of the table already brings to a person within the day."""
        seen = {
            name
            for rule in self.rules
            for name, cell in rule.cells.items()
            if len(rule.cells) == 1 and cell.text == "any" and rule.urgency != "week"
        }
        return tuple(
            item
            for item in self.items
            if item.takes_own_words or (item.is_free_text and item.link_id not in seen)
        )

    def _unread_words(self, laid: Laid) -> Iterator[Finding]:
        """What people write is always read by a person (bad input P15)."""
        written = [e for e in self._words_without_rule if e.link_id in laid.shelves["said"]]
        if written:
            yield Finding(IN_THEIR_OWN_WORDS, "clinical", "today", "Please read what they wrote.")


def _untold(laid: Laid, unreadable: Set[str], found: list[Outcome]) -> Iterator[CouldNotEvaluate]:
    """Unreadable answers that stopped no rule still reach a person."""
    if any(isinstance(each, CouldNotEvaluate) for each in found):
        return
    if unreadable:
        names = ", ".join(sorted(unreadable))
        yield CouldNotEvaluate(UNREADABLE, f"The answer to {names} cannot be read.")
    elif laid.has_strangers:
        yield CouldNotEvaluate(UNREADABLE, "There is an answer to a question that is not asked.")
