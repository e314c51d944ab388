"""Asking another organisation to help, and its answer: accepted, held, done, declined."""

from openprotect.referrals.actions.answering import accept, decline, finish, hold
from openprotect.referrals.actions.offering import offer, withdraw

__all__ = ["accept", "decline", "finish", "hold", "offer", "withdraw"]
