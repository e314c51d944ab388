"""The style page needs a browser, and nothing of the service."""

from tests.browsing import browser

__all__ = ["browser"]
