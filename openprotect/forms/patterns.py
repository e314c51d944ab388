"""Regular expressions of forms, run by RE2: in time that grows only with the text."""

from functools import lru_cache
from typing import Any, Final

import re2

LONGEST: Final = 1000
_QUIET: Final = re2.Options()
_QUIET.log_errors = False
_QUIET.max_mem = 8 << 20


@lru_cache(maxsize=500)
def problem(pattern: str) -> str:
    """Why a pattern cannot be used; '' when it can."""
    if len(pattern) > LONGEST:
        return f"it has more than {LONGEST} characters"
    try:
        _compiled(pattern)
    except re2.error as why:
        return str(why.args[0] if why.args else why)[:200]
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern, _QUIET)
