"""What is allowed in a pack and yet doubtful: said at the cell, so that a second person agrees."""

from collections.abc import Iterator
from typing import Final

from openprotect.packs.mutants import holds
from openprotect.packs.pack import Pack
from openprotect.packs.possible import possible
from openprotect.packs.problems import Problem
from openprotect.packs.triage import Rule

TABLE: Final = "triage.csv"


def doubts(pack: Pack) -> Iterator[Problem]:
    """Rules that are true, or false, whatever people answer (R05)."""
    for rule in pack.triage.rules:
        if words := _always_or_never(rule, pack):
            yield Problem(TABLE, rule.row, "rule", words, "warning")


def _always_or_never(rule: Rule, pack: Pack) -> str:
    """Empty when both can happen, or when not everything could be tried."""
    tried, are_all = possible(rule, pack.triage, pack.questionnaire)
    seen = set()
    for each in tried:
        seen.add(holds(rule.test, each.laid(pack.triage)))
        if {True, False} <= seen:
            return ""
    if not are_all:
        return ""
    return (
        f"{rule.name} fires for 100 % of all answers."
        if True in seen
        else (f"{rule.name} fires for 0 % of all answers: the form never asks so.")
    )
