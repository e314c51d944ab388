"""Reminding gently, thanking, and answering what people say about the service."""

from openprotect.voices.actions.nudging import call_on, nudge, read, set_wording, settle
from openprotect.voices.actions.telling import answer, say, thank

__all__ = ["answer", "call_on", "nudge", "read", "say", "set_wording", "settle", "thank"]
