"""Which answers people could give that one rule would look at: all that can matter to it.

From every answer of a choice, both sides of every bound, and silence, kept only where the form
would really ask; so that "no answers can tell" is said after trying them all, and not before.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import prod
from random import Random
from typing import Final

from openprotect.forms.items import Item
from openprotect.forms.values import kept
from openprotect.packs.cells import DAY, MENTIONS, NUMBER
from openprotect.packs.facts import Laid, lay_out
from openprotect.packs.known import Known
from openprotect.packs.mutants import least_step
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.sight import AGE_BAND, CHANGED, FLAG, SCORE
from openprotect.packs.triage import Rule, TriageTable

MOST_TRIED: Final = 60_000
MOST_WORKED_OUT: Final = 2_000  # a form that calculates takes a while for each
SEED: Final = 20_200_326
SILENT: Final = (None,)


@dataclass(frozen=True)
class Possible:
    """One made-up set of answers with what is known beside them."""

    answers: Mapping[str, object]
    known: Known
    facts: Mapping[str, object] = field(default_factory=dict)

    def laid(self, table: TriageTable) -> Laid:
        return lay_out(table.asked, table.beside, self.answers, self.facts)

    def __str__(self) -> str:
        told = {**self.answers, **self.facts}
        return ", ".join(f"{name} {_told(each)}" for name, each in told.items()) or "no answer"


def _told(value: object) -> str:
    """As it is typed into a card."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def possible(
    rule: Rule, table: TriageTable, questionnaire: Questionnaire
) -> tuple[Iterator[Possible], bool]:
    """Every combination that can matter to a rule, and whether they are all of them."""
    names = _wanted(rule, table, questionnaire)
    values = {name: _answers(table.asked[name], rule, table) for name in names}
    for name in _beside(rule):
        values[name] = _facts(name, rule, table)
    count = prod(len(each) for each in values.values())
    most = MOST_WORKED_OUT if table.sight.works_out else MOST_TRIED
    drawn = _all(values) if count <= most else _some(values, most)
    made = (_made(each, table, questionnaire) for each in drawn)
    return (each for each in made if each is not None), count <= most


def _all(values: Mapping[str, Sequence[object]]) -> Iterator[dict[str, object]]:
    for each in product(*values.values()):
        yield dict(zip(values, each, strict=True))


def _some(values: Mapping[str, Sequence[object]], most: int) -> Iterator[dict[str, object]]:
    chance = Random(SEED)  # noqa: S311 - the same draw each time is what is wanted
    for _ in range(most):
        yield {name: chance.choice(each) for name, each in values.items()}


def _made(
    drawn: Mapping[str, object], table: TriageTable, questionnaire: Questionnaire
) -> Possible | None:
    """None when the form would never ask so."""
    given = {name: each for name, each in drawn.items() if each is not None}
    answers = {name: each for name, each in given.items() if name in table.asked}
    if questionnaire.prune(answers).keys() != answers.keys():
        return None
    facts = {name: each for name, each in given.items() if name not in table.asked}
    worked_out = table.sight.facts(table.asked, answers, Known())
    ours = table.sight.works_out.behind if table.sight.works_out else {}
    sums = {name: e for name, e in worked_out.items() if name.startswith(SCORE) or name in ours}
    changes = [name.removeprefix(CHANGED) for name in facts if name.startswith(CHANGED)]
    if not answers.keys() >= set(changes):
        return None  # nobody's answer of today has changed without being there
    return Possible(answers, Known(), {**sums, **facts})


def _wanted(rule: Rule, table: TriageTable, questionnaire: Questionnaire) -> tuple[str, ...]:
    """The questions behind a rule, and those that decide whether these are asked at all."""
    found = dict.fromkeys(table.looks_at(rule.name))
    waiting = list(found)
    while waiting:
        item = questionnaire.item(waiting.pop())
        for question in questionnaire.form.decide_on(item) if item else ():
            if question not in found and question in table.asked:
                found[question] = None
                waiting.append(question)
    return tuple(found)


def _beside(rule: Rule) -> Iterator[str]:
    """What the rule looks at that is no answer, nor follows from answers of today alone."""
    plain = ("age", "days_silent", "answered_by", AGE_BAND)
    yield from (n for n in rule.cells if n in plain or n.startswith((FLAG, CHANGED)))


def _answers(item: Item, rule: Rule, table: TriageTable) -> tuple[object, ...]:
    cell = rule.cells.get(item.link_id)
    return (None, *_values(item, cell.text if cell else ""))


def _facts(name: str, rule: Rule, table: TriageTable) -> tuple[object, ...]:
    return (None, *_values(table.facts[name], rule.cells[name].text))


def _values(item: Item, cell: str) -> Iterator[object]:
    if item.options:
        yield from (option.code for option in item.options)
    elif item.kind == "boolean":
        yield from (True, False)
    elif item.kind in ("integer", "decimal"):
        yield from (kept(each) for each in _numbers(item, cell))
    elif item.kind == "date":
        yield from (each.isoformat() for each in _days(cell))
    else:
        yield "Thank you"
        if cell.startswith(MENTIONS):
            yield from (each.strip() for each in cell.removeprefix(MENTIONS).split(","))


def _numbers(item: Item, cell: str) -> list[Decimal]:
    """At each bound and just beside it, as far as the question accepts such numbers."""
    bounds = {Decimal(each) for each in re.findall(NUMBER, cell.replace("..", " "))}
    near = {
        bound + step * least_step(item, bound) for bound in bounds for step in (-2, -1, 0, 1, 2)
    }
    ends = {each for each in (item.low, item.high) if isinstance(each, Decimal)}
    allowed = [
        each
        for each in near | ends | ({Decimal(1)} if not near else set())
        if (not isinstance(item.low, Decimal) or each >= item.low)
        and (not isinstance(item.high, Decimal) or each <= item.high)
    ]
    return sorted(allowed)


def _days(cell: str) -> list[date]:
    days = {date.fromisoformat(each) for each in re.findall(DAY, cell)} or {date(2026, 3, 2)}
    return sorted({day + timedelta(days=step) for day in days for step in (-1, 0, 1)})
