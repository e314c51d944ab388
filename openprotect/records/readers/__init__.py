"""Readers of extracts: each gives rows with the place where they stood and a value or a reason."""
