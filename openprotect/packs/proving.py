"""Whether a pack's cards come out as signed, and whether they would notice a slip of the pen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openprotect.packs.cards import Card, Played, play, read_cards, unproven
from openprotect.packs.caught import Caught, mutation_run, per_cent
from openprotect.packs.checking import Verdict, named
from openprotect.packs.edges import untried
from openprotect.packs.journeys import Outcome, read_journeys
from openprotect.packs.journeys import play as travel
from openprotect.packs.loading import load_cohort
from openprotect.packs.pack import Pack, Register
from openprotect.packs.problems import PackRefused
from openprotect.packs.proof import groups_covered, unproven_groups
from openprotect.packs.stand_ins import with_stand_ins
from openprotect.packs.who import read_cards as read_record_cards

CARDS: Final = "examples/triage.csv"
RECORD_CARDS: Final = "examples/who.csv"
NOTHING_MADE: Final = Caught(0, 0, ())


@dataclass(frozen=True)
class Counted:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.part + other.part, self.whole + other.whole)

    def __str__(self) -> str:
        return f"{self.part} of {self.whole}"

    @property
    def per_cent(self) -> int:
        return per_cent(self.part, self.whole)

    @property
    def is_all(self) -> bool:
        return self.part == self.whole


@dataclass(frozen=True)
class Proof:
    """What the cards of one pack came to.

    `wrong` came out otherwise than signed; `gaps` are rules and edges that no card tries.
    """

    name: str
    cards: Counted
    rules: Counted
    caught: Caught
    bar: int
    wrong: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def mutants(self) -> Counted:
        return Counted(self.caught.caught, self.caught.count)

    @property
    def reaches_bar(self) -> bool:
        """Whether enough slips in rules that mean `now` are caught to publish."""
        return self.caught.urgent_per_cent >= self.bar

    @property
    def is_well(self) -> bool:
        return bool(self.cards.whole) and not self.wrong and not self.gaps and self.reaches_bar

    def lines(self) -> Iterator[str]:
        yield from self.wrong
        yield from (f"unproven: {gap}" for gap in self.gaps)
        yield from (f"survived: {each}" for each in self.caught.survivors)
        yield f"{self.name}: {counts(self.cards, self.rules, self.mutants)}"
        if not self.reaches_bar:
            yield (
                f"{self.name}: of slips in rules that mean now, {self.caught.urgent_per_cent} % are"
                f" caught; to publish it must be {self.bar} %"
            )


def counts(cards: Counted, rules: Counted, mutants: Counted) -> str:
    made = f"{mutants} mutants caught ({mutants.per_cent} %)" if mutants.whole else "no mutants"
    return f"{cards} cards passed, {rules} rules covered, {made}"


def total(proofs: Sequence[Proof]) -> str:
    """All packs in one line."""
    cards, rules, mutants = (
        sum((getattr(each, name) for each in proofs), Counted())
        for name in ("cards", "rules", "mutants")
    )
    return f"{len(proofs)} packs: {counts(cards, rules, mutants)}"


def try_folder(folder: Path, supplied: Path | None = None) -> Proof | Verdict:
    """Play every card of a folder; a Verdict when it cannot be read."""
    try:
        return prove(load_cohort(folder, supplied))
    except PackRefused as refusal:
        problems = [str(problem) for problem in refusal.problems]
        return Verdict((*problems, f"{folder.name}: refused, {len(problems)} to look at"), False)


def prove(pack: Pack | Register) -> Proof:
    """Play all cards, and make every slip; raises PackRefused when cards cannot be read."""
    records = _records(pack)
    if isinstance(pack, Register):
        return Proof(
            named(pack), records.cards, records.rules, NOTHING_MADE, 0, records.wrong, records.gaps
        )
    cards = cards_of(pack)
    played, journeys = play(cards, pack.triage), play_journeys(pack)
    wrong = (*_wrong(played), *records.wrong, *(each for e in journeys for each in e.differences))
    right = sum(each.is_right for each in played) + sum(each.is_right for each in journeys)
    fires = [{e.card.name for e in played if rule.name in e.fired} for rule in pack.triage.rules]
    covered = sum(0 < len(each) < len(played) for each in fires)
    return Proof(
        name=named(pack),
        cards=records.cards + Counted(right, len(played) + len(journeys)),
        rules=records.rules + Counted(covered, len(fires)),
        caught=mutation_run(cards, pack.triage, pack.questionnaire),
        bar=pack.triage.sight.bar,
        wrong=wrong,
        gaps=(*records.gaps, *(unproven(played, pack.triage) if played else _NO_CARDS)),
    )


_NO_CARDS: Final = (f"there are no cards: {CARDS} is missing",)


def cards_of(pack: Pack) -> tuple[Card, ...]:
    if CARDS not in pack.files:
        return ()
    text = pack.files[CARDS].decode("utf-8-sig")
    return read_cards(CARDS, text, pack.questionnaire, pack.triage)


def play_cards(pack: Pack) -> tuple[Played, ...]:
    return play(cards_of(pack), pack.triage)


def play_journeys(pack: Pack) -> tuple[Outcome, ...]:
    return tuple(travel(pack, journey) for journey in read_journeys(pack))


@dataclass(frozen=True)
class Records:
    """What the record cards of a pack came to."""

    cards: Counted = Counted()
    rules: Counted = Counted()
    wrong: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def _records(pack: Pack | Register) -> Records:
    """A list that is not supplied has a made-up code on the cards."""
    rules = with_stand_ins(pack.cohort)
    groups = len(rules.groups) + len(rules.exclusions)
    if RECORD_CARDS not in pack.files:
        return Records(rules=Counted(0, groups))
    text = pack.files[RECORD_CARDS].decode("utf-8-sig")
    cards = read_record_cards(text, rules, RECORD_CARDS)
    wrong = tuple(
        f"{RECORD_CARDS}:{card.row}:{card.name}: {difference}"
        for card in cards
        if (difference := card.difference(rules))
    )
    gaps = (*unproven_groups(cards, rules), *untried(cards, rules))
    right = Counted(len(cards) - len(wrong), len(cards))
    return Records(right, Counted(groups_covered(cards, rules), groups), wrong, gaps)


def _wrong(played: Iterable[Played]) -> Iterator[str]:
    for each in played:
        if not each.is_right:
            yield f"{CARDS}:{each.card.row}:{each.card.name}: {each.difference}"
