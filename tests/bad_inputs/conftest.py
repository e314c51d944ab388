"""The lake that bad extracts are offered to."""

from tests.records.conftest import take_in

__all__ = ["take_in"]
