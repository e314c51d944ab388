"""Sending what is due: claim briefly under a lease, post outside any transaction, then record."""

from openprotect.messages.chores.claiming import Compose, ToWrite
from openprotect.messages.chores.following import follow_deliveries, give_up_on_unknown
from openprotect.messages.chores.reading import read_notices
from openprotect.messages.chores.recalling import recall_letters
from openprotect.messages.chores.sending import send_due
from openprotect.messages.rules import NotWanted, Text

__all__ = [
    "Compose",
    "NotWanted",
    "Text",
    "ToWrite",
    "follow_deliveries",
    "give_up_on_unknown",
    "read_notices",
    "recall_letters",
    "send_due",
]
