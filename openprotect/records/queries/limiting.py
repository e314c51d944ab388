"""From when on an import waits for a second person, as this installation has it."""

import tomllib
from pathlib import Path

from openprotect.records.rules.limits import BadLimit, Limits, localised

LIMITS = "import-limits.toml"


def limits(home: Path) -> Limits:
    """The usual limits, with those that a file in this installation's home sets."""
    try:
        return localised(tomllib.loads((home / LIMITS).read_text()))
    except FileNotFoundError:
        return localised({})
    except tomllib.TOMLDecodeError as why:
        raise BadLimit(f"{LIMITS}: {why}") from None
