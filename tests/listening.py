"""Listening to what is logged, for what must never be: the names and numbers of made-up people."""

import logging
import re
from contextlib import contextmanager

from openprotect.config.logs import StandardError

# What tests call people, and their numbers: Ofcom's range for drama, and NHS numbers from 999.
PERSONAL = re.compile(
    r"canary ?(row|\d+|[0-9a-f]{12})|(\+44|\b0|\b)7700 ?900 ?\d{3}\b|\b999[0-9]{7}\b",
    re.IGNORECASE,
)


class Listener(logging.Handler):
    """Keeps each line as the service's own handler would have written it."""

    def __init__(self, formatter):
        super().__init__()
        self.setFormatter(formatter)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@contextmanager
def logged_lines():
    """The lines logged inside the block; it goes on listening when logging is set up anew."""
    root = logging.getLogger()
    ours = next(each for each in root.handlers if isinstance(each, StandardError))
    listener = Listener(ours.formatter)
    root.addHandler(listener)
    try:
        yield listener.lines
    finally:
        root.removeHandler(listener)


def personal(lines, also=()):
    """The lines that name somebody, or hold one of these secrets."""
    return [
        line for line in lines if PERSONAL.search(line) or any(secret in line for secret in also)
    ]
