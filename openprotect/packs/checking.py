"""What an author sees: is the pack sound, and do its cards come out as signed?"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openprotect.packs.cards import Played, play, read_cards, unproven
from openprotect.packs.edges import untried
from openprotect.packs.journeys import Outcome, read_journeys
from openprotect.packs.journeys import play as travel
from openprotect.packs.loading import load_cohort
from openprotect.packs.pack import Pack, Register
from openprotect.packs.problems import PackRefused
from openprotect.packs.proof import unproven_groups
from openprotect.packs.stand_ins import with_stand_ins
from openprotect.packs.who import read_cards as read_record_cards

CARDS: Final = "examples/triage.csv"
RECORD_CARDS: Final = "examples/who.csv"


@dataclass(frozen=True)
class Verdict:
    """Lines to print, and whether all is well."""

    lines: tuple[str, ...]
    is_well: bool

    @property
    def exit_code(self) -> int:
        return 0 if self.is_well else 1


def check_folder(folder: Path, supplied: Path | None = None) -> Verdict:
    """Each problem as file:row:column, then one line that says whether the pack may be used."""
    try:
        pack = load_cohort(folder, supplied)
    except PackRefused as refusal:
        problems = [str(problem) for problem in refusal.problems]
        return Verdict((*problems, f"{folder.name}: refused, {len(problems)} to look at"), False)
    warnings = tuple(str(problem) for problem in pack.warnings)
    return Verdict((*warnings, f"{_named(pack)}: sound, {len(warnings)} warnings"), True)


def try_folder(folder: Path, supplied: Path | None = None) -> Verdict:
    """Play every card; say which came out wrong and what the cards leave unproven."""
    try:
        pack = load_cohort(folder, supplied)
        played = play_cards(pack) if isinstance(pack, Pack) else ()
        journeys = play_journeys(pack) if isinstance(pack, Pack) else ()
        records = _records(pack)
    except PackRefused as refusal:
        return Verdict(tuple(str(problem) for problem in refusal.problems), False)
    late = [each.differences for each in journeys if each.differences]
    wrong = (*_wrong(played), *records.wrong, *("; ".join(each) for each in late))
    gaps = [*records.gaps, *(unproven(played, pack.triage) if isinstance(pack, Pack) else ())]
    count = len(played) + len(journeys) + records.count
    total = f"{_named(pack)}: {count - len(wrong)} of {count} cards right, {len(gaps)} gaps"
    is_proven = bool(played) if isinstance(pack, Pack) else bool(records.count)
    lines = (*wrong, *(f"unproven: {gap}" for gap in gaps), total)
    return Verdict(lines, is_proven and not wrong and not gaps)


def play_cards(pack: Pack) -> tuple[Played, ...]:
    text = pack.files.get(CARDS, b"").decode()
    cards = read_cards(CARDS, text, pack.questionnaire, pack.triage)
    return play(cards, pack.triage)


def play_journeys(pack: Pack) -> tuple[Outcome, ...]:
    return tuple(travel(pack, journey) for journey in read_journeys(pack))


@dataclass(frozen=True)
class Records:
    """What the record cards of a pack came to."""

    count: int = 0
    wrong: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def _records(pack: Pack | Register) -> Records:
    """A list that is not supplied has a made-up code on the cards."""
    if RECORD_CARDS not in pack.files:
        return Records()
    rules = with_stand_ins(pack.cohort)
    cards = read_record_cards(pack.files[RECORD_CARDS].decode(), rules, RECORD_CARDS)
    wrong = tuple(
        f"{RECORD_CARDS}:{card.row}:{card.name}: {difference}"
        for card in cards
        if (difference := card.difference(rules))
    )
    gaps = (*unproven_groups(cards, rules), *untried(cards, rules))
    return Records(len(cards), wrong, gaps)


def _wrong(played: tuple[Played, ...]) -> Iterator[str]:
    for each in played:
        if not each.is_right:
            yield f"{CARDS}:{each.card.row}:{each.card.name}: {each.difference}"


def _named(pack: Pack | Register) -> str:
    return f"{pack.key} {pack.version} ({pack.content_hash[:12]})"
