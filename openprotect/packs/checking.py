"""What an author sees: is the pack sound, and do its cards come out as signed?"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openprotect.packs.cards import Played, play, read_cards, unproven
from openprotect.packs.loading import load
from openprotect.packs.pack import Pack
from openprotect.packs.problems import PackRefused
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


def check_folder(folder: Path) -> Verdict:
    """Each problem as file:row:column, then one line that says whether the pack may be used."""
    try:
        pack = load(folder)
    except PackRefused as refusal:
        problems = [str(problem) for problem in refusal.problems]
        return Verdict((*problems, f"{folder.name}: refused, {len(problems)} to look at"), False)
    warnings = tuple(str(problem) for problem in pack.warnings)
    return Verdict((*warnings, f"{_named(pack)}: sound, {len(warnings)} warnings"), True)


def try_folder(folder: Path) -> Verdict:
    """Play every card; say which came out wrong and what the cards leave unproven."""
    try:
        pack = load(folder)
        played = play_cards(pack)
        records, wrong_records = _play_records(pack)
    except PackRefused as refusal:
        return Verdict(tuple(str(problem) for problem in refusal.problems), False)
    wrong = (*_wrong(played), *wrong_records)
    gaps = tuple(f"unproven: {gap}" for gap in unproven(played, pack.triage))
    all_cards = len(played) + records
    right = all_cards - len(wrong)
    total = f"{_named(pack)}: {right} of {all_cards} cards right, {len(gaps)} gaps"
    return Verdict((*wrong, *gaps, total), bool(played) and not wrong and not gaps)


def play_cards(pack: Pack) -> tuple[Played, ...]:
    text = pack.files.get(CARDS, b"").decode()
    cards = read_cards(CARDS, text, pack.questionnaire, pack.triage)
    return play(cards, pack.triage)


def _play_records(pack: Pack) -> tuple[int, tuple[str, ...]]:
    """How many record cards there are, and which found other groups than they should."""
    if RECORD_CARDS not in pack.files:
        return 0, ()
    cards = read_record_cards(pack.files[RECORD_CARDS].decode(), pack.cohort, RECORD_CARDS)
    return len(cards), tuple(
        f"{RECORD_CARDS}:{card.row}:{card.name}: expected {_groups(card.expected)}, "
        f"found {_groups(card.found(pack.cohort))}"
        for card in cards
        if card.found(pack.cohort) != card.expected
    )


def _groups(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"


def _wrong(played: tuple[Played, ...]) -> Iterator[str]:
    for each in played:
        if not each.is_right:
            yield f"{CARDS}:{each.card.row}:{each.card.name}: {each.difference}"


def _named(pack: Pack) -> str:
    return f"{pack.key} {pack.version} ({pack.content_hash[:12]})"
