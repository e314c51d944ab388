"""Who is at risk, as rules that a clinician reads: groups of clauses over codelists. No Django."""

from openprotect.cohorts.rules.judging import Evidence, Judgement, Miss, judge
from openprotect.cohorts.rules.language import (
    Ages,
    Clause,
    Codelist,
    CohortRules,
    Group,
    Population,
    Range,
    Selection,
    Span,
    Tie,
    coded,
)

__all__ = [
    "Ages",
    "Clause",
    "Codelist",
    "CohortRules",
    "Evidence",
    "Group",
    "Judgement",
    "Miss",
    "Population",
    "Range",
    "Selection",
    "Span",
    "Tie",
    "coded",
    "judge",
]
