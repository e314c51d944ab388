"""Taking in extracts: staged beside the lake, then taken in one transaction or not at all."""

from openprotect.records.actions.importing import Options, Taken, approve, take_in
from openprotect.records.actions.reading import sort
from openprotect.records.actions.sweeping import sweep

__all__ = ["Options", "Taken", "approve", "sort", "sweep", "take_in"]
