"""The contact ledger: who contacts whom, about what, and who has the next turn."""
