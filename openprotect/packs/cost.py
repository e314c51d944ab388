"""What a triage table costs to work out for one person, before anybody is judged by it."""

from collections.abc import Iterable
from typing import Final

from openprotect.packs.cells import MENTIONS
from openprotect.packs.csv_rows import Row
from openprotect.packs.problems import Reading
from openprotect.packs.triage import Cell, Rule

# At the most a table takes some tens of milliseconds for one person; tests/packs/test_cost.py
# measures it. A whole region's day is then still a matter of hours on one machine.
MOST_COST: Final = 20_000
MOST_CONDITIONS: Final = 40
OF_A_PHRASE: Final = 20  # to look for words through a text, against one comparison


def cost(rules: Iterable[Rule]) -> int:
    return sum(_of_cell(cell) for rule in rules for cell in rule.cells.values())


def _of_cell(cell: Cell) -> int:
    parts = cell.text.count(",") + 1
    return parts * OF_A_PHRASE if cell.text.startswith(MENTIONS) else parts


def refuse_too_many(row: Row, conditions: int) -> None:
    if conditions > MOST_CONDITIONS:
        row.refuse("rule", f"has {conditions} conditions; at most {MOST_CONDITIONS} are allowed.")


def refuse_costly(reading: Reading, file: str, rules: Iterable[Rule]) -> None:
    """R13: a table that would keep people waiting is refused, however it is written."""
    total = cost(rules)
    if total > MOST_COST:
        words = f"takes {total:,} comparisons for one person; at most {MOST_COST:,} are allowed."
        reading.refuse(file, None, None, words)
