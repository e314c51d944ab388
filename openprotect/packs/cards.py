"""Scenario cards: made-up people, their answers, and the concerns that must follow.

Clinicians sign the cards with the table; a rule is proven when cards show it firing and not firing,
and when both sides of each of its bounds are shown.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openprotect.forms.items import Item
from openprotect.forms.typed_in import NotAnAnswer, read, read_all
from openprotect.packs.cells import NUMBER
from openprotect.packs.csv_rows import Row, read_rows
from openprotect.packs.facts import KNOWN_OF_THE_PERSON
from openprotect.packs.known import Known
from openprotect.packs.problems import PackRefused, Reading
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.sight import BEFORE, FLAG
from openprotect.packs.triage import IN_THEIR_OWN_WORDS, UNREADABLE, Rule, TriageTable

NEEDED: Final = ("card", "because", "expect")
NOTHING: Final = "none"
AND: Final = " + "  # between several answers to one question


@dataclass(frozen=True)
class Card:
    """One made-up person on one day."""

    name: str
    because: str
    row: int
    answers: Mapping[str, object]
    known: Known
    expected: frozenset[str]


@dataclass(frozen=True)
class Played:
    """A card, and the rules that fired for it."""

    card: Card
    fired: frozenset[str]

    @property
    def is_right(self) -> bool:
        return self.fired == self.card.expected

    @property
    def difference(self) -> str:
        missing = ", ".join(sorted(self.card.expected - self.fired)) or "nothing"
        extra = ", ".join(sorted(self.fired - self.card.expected)) or "nothing"
        return f"expected but silent: {missing}; fired unexpectedly: {extra}"


def read_cards(
    file: str, text: str, questionnaire: Questionnaire, triage: TriageTable
) -> tuple[Card, ...]:
    """The cards of one file; raises PackRefused when a cell is not an answer or a rule."""
    reading = Reading()
    asked = {item.link_id: item for item in questionnaire.answered}
    known = _known_columns(triage)
    rows = read_rows(reading, file, text, needed=NEEDED, allowed=[*asked, *known])
    rules = {rule.name for rule in triage.rules} | {UNREADABLE, IN_THEIR_OWN_WORDS}
    cards = []
    for row in rows:
        answers = _values(row, asked)
        _check_shown(row, questionnaire, answers)
        expected = _expected(row, rules)
        name, because = row.needed("card"), row.needed("because")
        of_them = _known(_values(row, known), triage)
        cards.append(Card(name, because, row.number, answers, of_them, expected))
    if reading.is_refused:
        raise PackRefused(reading.problems)
    return tuple(cards)


def play(cards: Sequence[Card], triage: TriageTable) -> tuple[Played, ...]:
    return tuple(
        Played(card, frozenset(each.rule for each in triage.judge(card.answers, card.known)))
        for card in cards
    )


def unproven(played: Sequence[Played], triage: TriageTable) -> tuple[str, ...]:
    """What the cards leave open: rules never seen to fire, never seen silent, bounds not tried."""
    found = []
    for rule in triage.rules:
        fires = [rule.name in each.fired for each in played]
        if not any(fires):
            found.append(f"rule {rule.name} never fires on any card")
        if all(fires):
            found.append(f"rule {rule.name} fires on every card")
        found += [f"rule {rule.name}: no card has {gap}" for gap in _bounds(rule, played, triage)]
    return tuple(found)


def _bounds(rule: Rule, played: Sequence[Played], triage: TriageTable) -> Iterator[str]:
    """Each bound must be tried at the bound itself, somewhere below it and somewhere above it."""
    for name, cell in rule.cells.items():
        item = triage.facts[name]
        if item.kind not in ("integer", "decimal") or not re.search(r"[<>]|\.\.", cell.text):
            continue
        values = {value for each in played for value in _numbers(item, each.card, triage)}
        for bound in {Decimal(each) for each in re.findall(NUMBER, cell.text.replace("..", " "))}:
            if bound not in values:
                yield f"{name} exactly {bound}"
            if bound != item.low and not any(value < bound for value in values):
                yield f"{name} below {bound}"
            if bound != item.high and not any(value > bound for value in values):
                yield f"{name} above {bound}"


def _numbers(item: Item, card: Card, triage: TriageTable) -> list[Decimal]:
    facts = {**card.answers, **triage.sight.facts(triage.asked, card.answers, card.known)}
    found = item.all_understood(facts.get(item.link_id))
    return [value for value in found if isinstance(value, Decimal)]


def _known_columns(triage: TriageTable) -> dict[str, Item]:
    """What a card may say of the person; facts that follow from it are worked out, never given."""
    flags = (f"{FLAG}{each}" for each in triage.sight.flags)
    return {
        **{item.link_id: item for item in KNOWN_OF_THE_PERSON},
        **{name: Item(name, name, "boolean") for name in flags},
        **{f"{BEFORE}{name}": item for name, item in triage.asked.items()},
    }


def _known(values: Mapping[str, object], triage: TriageTable) -> Known:
    flags = {name.removeprefix(FLAG): on for name, on in values.items() if name.startswith(FLAG)}
    before = {
        name.removeprefix(BEFORE): value
        for name, value in values.items()
        if name.startswith(BEFORE)
    }
    age, silent, by = (values.get(name) for name in ("age", "days_silent", "answered_by"))
    return Known(
        age=int(str(age)) if age is not None else None,
        days_silent=int(str(silent)) if silent is not None else None,
        answered_by=str(by) if by is not None else None,
        groups=frozenset(each for each, on in flags.items() if on) if flags else None,
        before=before or None,
    )


def _values(row: Row, items: Mapping[str, Item]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, item in items.items():
        typed = row.cell(name)
        if not typed:
            continue
        try:
            given = read_all(item, typed.split(AND)) if item.is_repeated else (read(item, typed),)
        except NotAnAnswer as why:
            row.refuse(name, f"is not an answer to this question: {why}")
            continue
        kept = [item.kept(value) for value in given if value is not None]
        if kept:
            values[name] = kept if item.is_repeated else kept[0]
    return values


def _check_shown(row: Row, questionnaire: Questionnaire, answers: Mapping[str, object]) -> None:
    for name in answers.keys() - questionnaire.prune(answers).keys():
        row.refuse(name, "nobody with these other answers is asked this question.")


def _expected(row: Row, rules: set[str]) -> frozenset[str]:
    words = row.needed("expect").split()
    for word in words:
        if word not in rules and word != NOTHING:
            row.refuse("expect", f"{word!r} is no rule of this pack.")
    return frozenset(word for word in words if word != NOTHING)
