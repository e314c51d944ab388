"""Codelists that a pack uses but that do not lie in its folder.

`shared/x.csv` lies in the folder `shared` beside the packs, so that ten packs need not hold ten
copies. `supplied/x.csv` is a list that may not be given away: whoever runs the service and holds
its licence puts it into the folder `codelists` of the service's home. Both become files of the pack
as it is read: the content hash covers them, and a published version holds them whole.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from openprotect.base.refusals import Refused
from openprotect.cohorts.rules import Clause, CohortRules, Selection
from openprotect.packs.problems import Reading

SHARED: Final = "shared/"
SUPPLIED: Final = "supplied/"
BORROWED: Final = (SHARED, SUPPLIED)
# One plain file name and nothing else: no folder, no way up, no other ending.
NAME: Final = re.compile(r"(?:shared|supplied)/[A-Za-z0-9][A-Za-z0-9_-]{0,120}\.csv")


class ListsMissing(Refused):
    """Rules that may not be run before somebody supplies their lists."""


def borrow(
    reading: Reading, cohort: str, shared: Path, supplied: Path | None, most: int
) -> dict[str, bytes]:
    """The files that cohort.toml names outside the pack, as far as they are there."""
    shelves = {SHARED: shared, SUPPLIED: supplied}
    files: dict[str, bytes] = {}
    for name in sorted(_named(cohort)):
        shelf = shelves[name[: name.index("/") + 1]]
        path = shelf / name.rpartition("/")[2] if shelf else None
        if path and path.is_symlink():
            reading.refuse(name, None, None, "is a link; only plain files may be borrowed.")
        elif path and path.is_file():
            with path.open("rb") as opened:
                files[name] = opened.read(most + 1)
    return files


def _named(cohort: str) -> set[str]:
    """What is wrong with the file is for its own reader to say."""
    try:
        lists = tomllib.loads(cohort).get("codelists", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return set()
    named = (each.get("file") for each in lists.values() if isinstance(each, dict))
    return {name for name in named if isinstance(name, str) and NAME.fullmatch(name)}


def refuse_squatters(reading: Reading, files: Mapping[str, bytes]) -> None:
    """A pack's own file may not pass for a borrowed one."""
    for name in files:
        if name.startswith(BORROWED):
            reading.refuse(name, None, None, "a pack has no folder of this name of its own.")


def may_be_missing(name: str) -> bool:
    """Whether a list may be empty until whoever runs the service supplies it."""
    return name.startswith(SUPPLIED) and NAME.fullmatch(name) is not None


def incomplete(rules: CohortRules) -> Iterator[tuple[str, str]]:
    """Each group that lacks a list, and what follows from that."""
    missing = {key for key, listed in rules.codelists.items() if not listed.terms}
    for kind, groups in (
        ("part", rules.parts),
        ("group", rules.groups),
        ("exclusion", rules.exclusions),
    ):
        for group in groups:
            clauses = [clause for alternative in group.any_of for clause in alternative]
            few = missing & {key for each in clauses for key in _finding(each)}
            many = missing & {key for each in clauses for key in _ending(each)}
            if few:
                yield f"{kind} {group.name}", f"may hold too few people without {_listed(few)}."
            if many:
                yield f"{kind} {group.name}", f"may hold too many people without {_listed(many)}."


def refuse_blind(rules: CohortRules) -> None:
    """Not to have a code is no reason while nobody can say which codes: it would be everybody."""
    missing = {key for key, listed in rules.codelists.items() if not listed.terms}
    asked = {
        key
        for clause in rules.clauses()
        if clause.select and clause.is_absent and missing.issuperset(clause.select.codelists)
        for key in clause.select.codelists
    }
    if asked:
        raise ListsMissing(f"Not run: everybody would be found without {_listed(asked)}.")


def _finding(clause: Clause) -> Iterator[str]:
    if clause.select and not clause.is_absent:
        yield from _keys(clause.select)
    for each in clause.after:
        yield from _keys(each.select)


def _ending(clause: Clause) -> Iterator[str]:
    if clause.select and clause.is_absent:
        yield from _keys(clause.select)
    for each in clause.ended_by:
        yield from _keys(each.select)
    if clause.unless_before:
        yield from _keys(clause.unless_before)


def _keys(selection: Selection) -> tuple[str, ...]:
    return (*selection.codelists, *selection.paired)


def _listed(keys: set[str]) -> str:
    return f"the list{'s' if len(keys) > 1 else ''} {', '.join(sorted(keys))}"
