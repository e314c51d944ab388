"""All rules of a pack as one plan: who is at risk, why, and how many were not asked about.

A rule set becomes selections of coded events, conditions on what each selection finds, and
alternatives of conditions. One scan of the store groups the events that count into facts; the
conditions that a person's facts satisfy become a mask; every alternative, group and exclusion is a
test of bits. No rule costs a query of its own. docs/scale.md has the figures.
"""

from openprotect.cohorts.engine.finding import ENGINES, find
from openprotect.cohorts.engine.findings import Findings, Found, Step
from openprotect.cohorts.engine.knowing import Known, know, know_many

__all__ = ["ENGINES", "Findings", "Found", "Known", "Step", "find", "know", "know_many"]
