"""Taking in extracts: staged beside the lake, looked at, then taken whole or not at all."""

from openprotect.records.actions.importing import Options, Taken, take_in
from openprotect.records.actions.proposing import decide, propose
from openprotect.records.actions.reading import sort
from openprotect.records.actions.reviewing import approve, match_again, refuse, show, undo
from openprotect.records.actions.settling import settle
from openprotect.records.actions.superseding import supersede
from openprotect.records.actions.sweeping import sweep
from openprotect.records.actions.tending import tend

__all__ = [
    "Options",
    "Taken",
    "approve",
    "decide",
    "match_again",
    "propose",
    "refuse",
    "settle",
    "show",
    "sort",
    "supersede",
    "sweep",
    "take_in",
    "tend",
    "undo",
]
