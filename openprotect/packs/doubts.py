"""What is allowed in a pack and yet doubtful: said at the cell, so that a second person agrees."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from openprotect.base.nhs_number import synthetic_number
from openprotect.cohorts.rules import AGE, CohortRules, judge
from openprotect.packs.mutants import holds
from openprotect.packs.pack import Pack
from openprotect.packs.possible import possible
from openprotect.packs.problems import Problem
from openprotect.packs.triage import Rule
from openprotect.records.rules.values import Person

TABLE: Final = "triage.csv"
COHORT: Final = "cohort.toml"
ON: Final = date(2026, 3, 2)
AGES: Final = range(0, 100, 3)


def doubts(pack: Pack) -> Iterator[Problem]:
    """Rules that are true, or false, whatever people answer (R05); a cohort of everybody (R15)."""
    if finds_everybody(pack.cohort):
        words = "finds people of every age with nothing in their record: it would select everyone."
        yield Problem(COHORT, None, "group", words, "warning")
    for rule in pack.triage.rules:
        if words := _always_or_never(rule, pack):
            yield Problem(TABLE, rule.row, "rule", words, "warning")


def finds_everybody(rules: CohortRules) -> bool:
    """Whether the rules find somebody of any age and either sex of whom nothing is recorded."""
    return all(
        judge(rules, _nobody_special(age, sex), (), ON, {}, with_misses=False).groups
        for age in AGES
        if _may_be(rules, age)
        for sex in ("female", "male")
    )


def _may_be(rules: CohortRules, age: int) -> bool:
    """Whether the population of the rules is asked about at this age at all."""
    return judge(rules, _nobody_special(age, "female"), (), ON, {}).excluded != AGE


def _nobody_special(age: int, sex: str) -> Person:
    return Person(
        nhs_number=synthetic_number(f"nobody {age} {sex}"),
        family="Nobody",
        birth_date=date(ON.year - age, 1, 1),
        sex=sex,
        practice_code="D82001",
    )


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
