"""triage.csv, compiled: one column a fact, one row a rule, each fault named at its cell."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from openprotect.forms.items import Item
from openprotect.packs.cel import NotAnExpression, compiled
from openprotect.packs.cells import NotACell, expression
from openprotect.packs.cost import refuse_costly, refuse_too_many
from openprotect.packs.csv_rows import Row, read_rows
from openprotect.packs.problems import Reading
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.sight import Sight
from openprotect.packs.triage import (
    CONCERNS,
    IN_THEIR_OWN_WORDS,
    UNREADABLE,
    URGENCIES,
    Cell,
    Rule,
    TriageTable,
    Urgency,
)

NEEDED: Final = ("rule", "kind", "urgency", "reason", "source")
NOTE: Final = "note"
RULE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
LONGEST_REASON: Final = 200


def read_triage(
    reading: Reading,
    file: str,
    text: str,
    questionnaire: Questionnaire,
    sight: Sight | None = None,
) -> TriageTable:
    empty = TriageTable((), questionnaire.answered, sight or Sight())
    facts = empty.facts
    rows = read_rows(reading, file, text, needed=NEEDED, allowed=[*facts, NOTE])
    rules = [rule for row in rows if (rule := _rule(row, facts)) is not None]
    if not rows:
        reading.refuse(file, 2, None, "holds no rule.")
    _check_names(rows, {rule.row: rule for rule in rules})
    refuse_costly(reading, file, rules)
    return replace(empty, rules=tuple(rules))


def _rule(row: Row, facts: Mapping[str, Item]) -> Rule | None:
    cells = _cells(row, facts)
    name = row.needed("rule")
    if name and (not RULE_NAME.fullmatch(name) or name in (UNREADABLE, IN_THEIR_OWN_WORDS)):
        row.refuse("rule", "use letters, figures and dashes, at most 40, and no name of our own.")
    if len(row.cell("reason")) > LONGEST_REASON:
        row.refuse("reason", f"is longer than {LONGEST_REASON} characters.")
    rule = Rule(
        name=name,
        kind=row.one_of("kind", CONCERNS),
        urgency=_urgency(row),
        reason=row.needed("reason"),
        source=row.needed("source"),
        row=row.number,
        cells=cells or {},
        test=compiled(" && ".join(each.test.text for each in (cells or {}).values()) or "false"),
    )
    _check_red_flag(row, rule, facts)
    return rule if cells else None


def _urgency(row: Row) -> Urgency:
    word = row.one_of("urgency", URGENCIES)
    return next((each for each in URGENCIES if each == word), "now")


def _cells(row: Row, facts: Mapping[str, Item]) -> dict[str, Cell] | None:
    written = {name: cell for name, cell in row.cells.items() if name in facts and cell}
    if not written:
        row.refuse("rule", "looks at nothing, so it would fire for everybody.")
    refuse_too_many(row, len(written))
    cells = {}
    for name, text in written.items():
        try:
            cells[name] = Cell(text, compiled(expression(text, facts[name])))
        except (NotACell, NotAnExpression) as why:
            row.refuse(name, str(why))
    return cells if len(cells) == len(written) else None


def _check_red_flag(row: Row, rule: Rule, facts: Mapping[str, Item]) -> None:
    """A clinical "now" must also send the person to 999 or 111 while they answer (P25)."""
    if rule.urgency != "now" or rule.kind != "clinical":
        return
    asked = [facts[name] for name in rule.cells]
    if any("missing" in cell.text.replace(",", " ").split() for cell in rule.cells.values()):
        row.warn("urgency", "is now, and a missing answer fires it while people still answer.")
    if not any(item.red_flags or item.is_free_text for item in asked):
        row.refuse("urgency", "is now, but none of its answers shows an emergency text.")


def _check_names(rows: list[Row], rules: Mapping[int, Rule]) -> None:
    names: dict[str, int] = {}
    tests: dict[str, Rule] = {}
    for row in rows:
        name = row.cell("rule")
        if name and names.setdefault(name, row.number) != row.number:
            row.refuse("rule", f"{name!r} already names row {names[name]}.")
        rule = rules.get(row.number)
        if rule is None:
            continue
        twin = tests.setdefault(rule.test.text, rule)
        if twin is not rule and twin.kind == rule.kind:
            row.warn("rule", f"asks the same as rule {twin.name} in row {twin.row}.")
