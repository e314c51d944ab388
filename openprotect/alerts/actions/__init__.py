"""Raising alerts so that each has one owner and a due time, and working them until closed."""

from openprotect.alerts.actions.marking import mark
from openprotect.alerts.actions.raising import (
    NOT_COMPUTED,
    Concern,
    evaluate,
    evaluate_unfinished,
    raise_alert,
)
from openprotect.alerts.actions.working import accept, close, hand_on, mine, still_as_seen
from openprotect.alerts.queries.owners import NobodyToOwnIt

__all__ = [
    "NOT_COMPUTED",
    "Concern",
    "NobodyToOwnIt",
    "accept",
    "close",
    "evaluate",
    "evaluate_unfinished",
    "hand_on",
    "mark",
    "mine",
    "raise_alert",
    "still_as_seen",
]
