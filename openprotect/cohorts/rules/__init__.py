"""Who is at risk, as rules that a clinician reads: groups of clauses over codelists. No Django."""

from openprotect.cohorts.rules.clauses import Because
from openprotect.cohorts.rules.facts import Fact
from openprotect.cohorts.rules.judging import Evidence, Judgement, Miss, judge
from openprotect.cohorts.rules.language import (
    Clause,
    Codelist,
    CohortRules,
    Conversion,
    Derived,
    Ender,
    Group,
    Population,
    Registration,
    Selection,
    coded,
    listed_term,
)
from openprotect.cohorts.rules.measures import EVER, Ages, Days, Range, Span, Tie
from openprotect.cohorts.rules.standing import AGE, DECEASED, OBJECTED, REASONS, UNREGISTERED
from openprotect.cohorts.rules.wording import in_words

__all__ = [
    "AGE",
    "DECEASED",
    "EVER",
    "OBJECTED",
    "REASONS",
    "UNREGISTERED",
    "Ages",
    "Because",
    "Clause",
    "Codelist",
    "CohortRules",
    "Conversion",
    "Days",
    "Derived",
    "Ender",
    "Evidence",
    "Fact",
    "Group",
    "Judgement",
    "Miss",
    "Population",
    "Range",
    "Registration",
    "Selection",
    "Span",
    "Tie",
    "coded",
    "in_words",
    "judge",
    "listed_term",
]
