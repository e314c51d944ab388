"""Refusals: we understood what was asked, and decline, in words fit for the person who asked."""


class Refused(Exception):
    """Something was asked that may not be done; `str()` of it is shown to the reader."""
