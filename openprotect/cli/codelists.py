"""Codelists among what is imported: checked code by code, and kept for the packs that name them.

A pack names a list that may not be given away as `supplied/x.csv`; this is how it is supplied.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from openprotect.base.refusals import Refused
from openprotect.config.environment import write_secret
from openprotect.packs.codelists import SYSTEMS, read_codelist
from openprotect.packs.problems import Problem, Reading
from openprotect.records.rules.codes import TITLES

UNUSUAL = re.compile(r"[^A-Za-z0-9_-]+")
MOST_TOLD = 5


class NoCodelist(Refused):
    """A table that is no codelist: it has no column of codes."""


@dataclass(frozen=True)
class Listed:
    """One codelist, and the systems of which every code of it can be."""

    name: str
    text: str
    codes: int
    systems: tuple[str, ...]


def read(name: str, text: str) -> Listed:
    """The codelist that this text is. Raises NoCodelist, or Refused with the wrong rows."""
    fits: dict[str, int] = {}
    problems: dict[str, list[Problem]] = {}
    for system in SYSTEMS:
        reading = Reading()
        codes = read_codelist(reading, name, system, name, text).terms
        refused = [each for each in reading.problems if each.severity == "refused"]
        if codes and not refused:
            fits[system] = len(codes)
        elif len(codes) > len(refused):
            problems[system] = refused
    if fits:
        return Listed(name, text, max(fits.values()), tuple(fits))
    if not problems:
        raise NoCodelist(f"{name}: no codelist, and no other known table (docs/imports.md).")
    nearest = min(problems, key=lambda system: len(problems[system]))
    wrong = problems[nearest]
    told = "\n".join(f"  {problem}" for problem in wrong[:MOST_TOLD])
    raise Refused(
        f"{name}: a codelist of {TITLES[nearest]}, not kept: {len(wrong):,} rows must be mended"
        f" or taken out.\n{told}"
    )


def keep(listed: Listed, folder: Path) -> str:
    """Put the list where packs look for it; says as what they may name it."""
    name = f"{UNUSUAL.sub('-', Path(listed.name).stem).strip('-')[:120]}.csv"
    path = folder / name
    known = path.read_text(encoding="utf-8") if path.exists() else None
    became = "added" if known is None else "unchanged" if known == listed.text else "changed"
    if became != "unchanged":
        write_secret(path, listed.text)
    systems = " or ".join(TITLES[system] for system in listed.systems)
    return f"{listed.name}: {listed.codes:,} codes of {systems}, {became} as supplied/{name}"
