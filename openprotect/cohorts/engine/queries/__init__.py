"""The queries of a shape, in Ibis, step by step from coded events to people and evidence.

Each step reads tables by name and leaves one, so that every engine that Ibis speaks to can run
them, and so that what is kept of one run can stand in for a step of another.
"""

from openprotect.cohorts.engine.queries.counting import facts
from openprotect.cohorts.engine.queries.judging import judged, masks, waterfall
from openprotect.cohorts.engine.queries.showing import evidence, found, outcome, shown
from openprotect.cohorts.engine.queries.tables import Table

__all__ = [
    "Table",
    "evidence",
    "facts",
    "found",
    "judged",
    "masks",
    "outcome",
    "shown",
    "waterfall",
]
