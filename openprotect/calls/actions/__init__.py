"""Making calls due, giving each to one call handler, and recording what came of it."""

from openprotect.calls.actions.asking import ask_for_call, cancel_open
from openprotect.calls.actions.assigning import assign
from openprotect.calls.actions.claiming import claim_next, held_by, put_back
from openprotect.calls.actions.ending import record_outcome
from openprotect.calls.actions.liking import likes_any_time, likes_to_be_rung

__all__ = [
    "ask_for_call",
    "assign",
    "cancel_open",
    "claim_next",
    "held_by",
    "likes_any_time",
    "likes_to_be_rung",
    "put_back",
    "record_outcome",
]
