"""How many slips of the pen the cards of a pack catch, and which card would catch the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from openprotect.packs.cards import Card
from openprotect.packs.facts import Laid, lay_out
from openprotect.packs.mutants import Mutant, mutants
from openprotect.packs.possible import possible
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.triage import TriageTable


@dataclass(frozen=True)
class Survivor:
    """A slip that no card notices, and answers that would show it."""

    mutant: Mutant
    card: str

    def __str__(self) -> str:
        return f"{self.mutant}: no card notices; one with {self.card} would"


@dataclass(frozen=True)
class Caught:
    """The outcome of a mutation run; slips that no answers can show are not counted."""

    count: int
    urgent: int
    survivors: tuple[Survivor, ...]

    @property
    def caught(self) -> int:
        return self.count - len(self.survivors)

    @property
    def urgent_survivors(self) -> tuple[Survivor, ...]:
        return tuple(each for each in self.survivors if each.mutant.rule.urgency == "now")

    @property
    def per_cent(self) -> int:
        """Rounded down: 100 means all."""
        return per_cent(self.caught, self.count)

    @property
    def urgent_per_cent(self) -> int:
        return per_cent(self.urgent - len(self.urgent_survivors), self.urgent)


def per_cent(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 100


def mutation_run(cards: Sequence[Card], table: TriageTable, questionnaire: Questionnaire) -> Caught:
    """Make every slip once, and see whether some card comes out otherwise."""
    laid = [_laid(card, table) for card in cards]
    count = urgent = 0
    survivors = []
    for mutant in mutants(table):
        if not any(mutant.shows_on(each) for each in laid):
            shown = showing(mutant, table, questionnaire)
            if shown is None:
                continue  # nobody could ever be judged otherwise: it is the same rule
            survivors.append(Survivor(mutant, shown))
        count += 1
        urgent += mutant.rule.urgency == "now"
    return Caught(count, urgent, tuple(survivors))


def showing(mutant: Mutant, table: TriageTable, questionnaire: Questionnaire) -> str | None:
    """Answers that tell the slip from the rule; None when all were tried and none does."""
    tried, are_all = possible(mutant.rule, table, questionnaire)
    found = next((each for each in tried if mutant.shows_on(each.laid(table))), None)
    if found is not None:
        return str(found)
    return None if are_all else "answers that were not found by trying"


def _laid(card: Card, table: TriageTable) -> Laid:
    facts = table.sight.facts(table.asked, card.answers, card.known)
    return lay_out(table.asked, table.beside, card.answers, facts)
